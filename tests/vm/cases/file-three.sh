# SPDX-License-Identifier: GPL-2.0-or-later
title="three devices listed in the file, by address, by id and by class"
images=(systemd classic initramfs mkinitcpio mkinitcpio-systemd)
quick="systemd initramfs"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  in_report "rule names" '[.devices[].rule] == ["nic", "disk", "usb"]'
  in_report "time it took" '.duration_us > 0'
  in_report "IOMMU" '.iommu.kind == "intel" and .iommu.state == "on"'
  logged 'nic 0000:00:02.0 .*vfio-pci'
  status_is 0
}
