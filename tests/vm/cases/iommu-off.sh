# SPDX-License-Identifier: GPL-2.0-or-later
title="no IOMMU: vfio-pci could not be used, so the host keeps the devices"
images=(classic)
cmdline="intel_iommu=off"

expect() {
  host_has 0000:00:02.0 e1000e
  finding 0000:00:02.0 iommu-off
  of_device 0000:00:02.0 "state refused" '.state == "refused"'
  status_is 1
}
