# SPDX-License-Identifier: GPL-2.0-or-later
title="VT-d without interrupt remapping: translated, but VFIO refuses the group"
images=(systemd)
boot=(env IOMMU=intel-iommu,intremap=off "$vm_dir/boot.sh")

expect() {
  iommu_is intel on false
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "translation" '.translated'
  iommu_finding interrupt-remapping-off
  vfio_refuses 0000:00:02.0 "type 1 IOMMU: Operation not permitted"
}
