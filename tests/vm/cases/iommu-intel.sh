# SPDX-License-Identifier: GPL-2.0-or-later
title="VT-d with interrupt remapping: on, and a VMM gets each device"
images=(systemd)
quick=yes

expect() {
  local address
  iommu_is intel on true
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    taken "$address" vfio-pci
    of_device "$address" "unit and domain type" \
      '.translated and .iommu_unit == "dmar0" and (.group_type | startswith("DMA"))'
    vfio_gives "$address"
  done
  status_is 0
}
