# SPDX-License-Identifier: GPL-2.0-or-later
title="vfio-pci is not in the image: claimed all the same, and completed in the real root"
images=(systemd-nostub classic-nostub)
quick=systemd-nostub
# On the command line, which the real root sees as well; its file has no rule.
cmdline="passthru.device=0000:00:02.0 passthru.device=id=1b36:0010 passthru.device=class=0c0330"

conf() {
  echo "# no rule"
}

expect() {
  local address
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    fenced "$address" claimed vfio-pci
    finding "$address" stub-missing
    completed "$address" vfio-pci
  done
  logged 'vfio-pci'
  status_is 1
  verify_is 0
}
