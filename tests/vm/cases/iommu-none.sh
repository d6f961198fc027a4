# SPDX-License-Identifier: GPL-2.0-or-later
title="a machine without an IOMMU: absent, although the kernel logs that it is enabled"
images=(systemd)
quick=yes
boot=(env IOMMU= "$vm_dir/boot.sh")

expect() {
  grep -q 'DMAR: IOMMU enabled' "$out/dmesg.txt" || fail "the misleading line is not there"
  iommu_is none absent false
  iommu_finding iommu-no-table
  host_has 0000:00:02.0 e1000e
  finding 0000:00:02.0 iommu-off
  of_device 0000:00:02.0 "nothing of an IOMMU" \
    '.translated == false and .iommu_unit == null and .group_type == null'
  vfio_refuses 0000:00:02.0 group
  status_is 1
}
