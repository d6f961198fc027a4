# SPDX-License-Identifier: GPL-2.0-or-later
title="no interrupt remapping, but allow_unsafe_interrupts: a VMM gets the device"
images=(systemd)
boot=(env IOMMU=intel-iommu,intremap=off "$vm_dir/boot.sh")
cmdline="vfio_iommu_type1.allow_unsafe_interrupts=1"

expect() {
  iommu_is intel on false
  taken 0000:00:02.0 vfio-pci
  iommu_finding unsafe-interrupts
  vfio_gives 0000:00:02.0
}
