# SPDX-License-Identifier: GPL-2.0-or-later
title="intremap=off on the kernel command line: VFIO refuses the group"
images=(systemd)
cmdline="intremap=off"

expect() {
  iommu_is intel on false
  taken 0000:00:02.0 vfio-pci
  iommu_finding remapping-off-by-option
  vfio_refuses 0000:00:02.0 "type 1 IOMMU: Operation not permitted"
}
