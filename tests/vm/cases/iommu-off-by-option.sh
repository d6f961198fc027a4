# SPDX-License-Identifier: GPL-2.0-or-later
title="intel_iommu=off: the verdict names the option; iommu = warn changes nothing for VFIO"
images=(systemd)
cmdline="intel_iommu=off"

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" \
    "[device disk]" "address = 0000:00:03.0" "iommu = warn"
}

expect() {
  iommu_is intel off false
  iommu_finding iommu-off-by-option
  host_has 0000:00:02.0 e1000e
  finding 0000:00:02.0 iommu-off
  vfio_refuses 0000:00:02.0 group
  of_device 0000:00:03.0 "failure with the errno of the kernel" \
    '.state == "failed" and .errno == 22 and .translated == false'
  finding 0000:00:03.0 iommu-ignored
  vfio_refuses 0000:00:03.0 group
  status_is 1
}
