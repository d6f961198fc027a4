# SPDX-License-Identifier: GPL-2.0-or-later
title="the archive of passthru image behind an image without passthru: rdinit=, before everything"
images=(systemd-rdinit classic-rdinit initramfs-rdinit)
quick=systemd-rdinit
cmdline="rdinit=/passthru-init"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  in_report "rule names" '[.devices[].rule] == ["nic", "disk", "usb"]'
  logged 'nic 0000:00:02.0 .*vfio-pci'
  status_is 0
  verify_is 0
}
