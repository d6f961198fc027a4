# SPDX-License-Identifier: GPL-2.0-or-later
# file-three has the same images and the same file without Xen.
title="Xen dom0: three devices listed in the file go to xen-pciback"
images=(systemd classic initramfs)
quick=classic
boot=(env XEN= "$vm_dir/boot.sh")

expect() {
  taken 0000:00:02.0 pciback
  taken 0000:00:03.0 pciback
  taken 0000:00:04.0 pciback
  in_report "platform xen-dom0" '.platform == "xen-dom0"'
  in_report "IOMMU on, with interrupt remapping" \
    '.iommu.kind == "xen" and .iommu.state == "on" and .iommu.interrupt_remapping'
  logged 'nic 0000:00:02.0 .*pciback'
  status_is 0
}
