# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen translates but does not remap interrupts: on, and said so"
images=(classic)
boot=(env XEN=iommu=no-intremap "$vm_dir/boot.sh")

expect() {
  taken 0000:00:02.0 pciback
  in_report "IOMMU on without interrupt remapping" \
    '.iommu.kind == "xen" and .iommu.state == "on" and .iommu.interrupt_remapping == false'
}
