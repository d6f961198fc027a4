# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: xen-pciback is not in the image: claimed all the same, and completed in the real root"
images=(systemd-nostub)
boot=(env XEN= "$vm_dir/boot.sh")
cmdline="passthru.device=0000:00:02.0 passthru.device=id=1b36:0010"

conf() {
  echo "# no rule"
}

expect() {
  local address
  for address in 0000:00:02.0 0000:00:03.0; do
    fenced "$address" claimed pciback
    finding "$address" stub-missing
    completed "$address" pciback
  done
  status_is 1
  verify_is 0
}
