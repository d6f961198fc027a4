# SPDX-License-Identifier: GPL-2.0-or-later
title="AMD-Vi: on, and a VMM gets the device"
images=(systemd)
boot=(env IOMMU=amd-iommu,intremap=on "$vm_dir/boot.sh")
cmdline="amd_iommu=on"

expect() {
  iommu_is amd on true
  iommu_finding iommu-option-ineffective
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "unit" '.translated and .iommu_unit == "ivhd0"'
  vfio_gives 0000:00:02.0
}
