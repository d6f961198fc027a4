# SPDX-License-Identifier: GPL-2.0-or-later
title="iommu=pt: default domains are of type identity, which a VMM does not mind"
images=(systemd)
cmdline="iommu=pt"

expect() {
  iommu_is intel on true
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "type identity" '.translated and .group_type == "identity"'
  vfio_gives 0000:00:02.0
  status_is 0
}
