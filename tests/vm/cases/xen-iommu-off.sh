# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen without its IOMMU: refused, or taken where the rule says warn"
images=(classic)
boot=(env XEN=iommu=off "$vm_dir/boot.sh")

conf() {
  printf '%s\n' \
    "[device nic]" "address = 0000:00:02.0" \
    "[device disk]" "address = 0000:00:03.0" "iommu = warn"
}

expect() {
  in_report "IOMMU of Xen off" '.iommu.kind == "xen" and .iommu.state == "off"'
  in_report "the reason" '.iommu.findings | any(.code == "xen-iommu-off-by-option")'
  in_report "interrupt remapping false" '.iommu.interrupt_remapping == false'
  of_device 0000:00:02.0 "state refused" '.state == "refused"'
  finding 0000:00:02.0 iommu-off
  host_has 0000:00:02.0 e1000e
  taken 0000:00:03.0 pciback
  finding 0000:00:03.0 iommu-ignored
  status_is 1
}
