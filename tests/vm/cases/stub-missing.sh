# SPDX-License-Identifier: GPL-2.0-or-later
title="vfio-pci is not in the image: claimed all the same, and the boot goes on"
images=(systemd-nostub classic-nostub)
quick=systemd-nostub

expect() {
  local address
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    fenced "$address" claimed vfio-pci
    finding "$address" stub-missing
  done
  logged 'vfio-pci'
  status_is 1
}
