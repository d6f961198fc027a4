# SPDX-License-Identifier: GPL-2.0-or-later
# Xen builds a PVH dom0 only on a CPU with nested paging. QEMU emulates AMD's, whose page tables cannot be
# shared with an Intel IOMMU. All DMA of a PVH dom0 goes through the IOMMU, that of the root disk included.
title="Xen PVH dom0: it is said that guests get no devices from there"
images=(classic)
boot=(env "XEN=dom0=pvh iommu=no-sharept" "$vm_dir/boot.sh")
devices+=(
  -cpu "qemu64,+svm,+npt"
  -global virtio-pci.disable-legacy=on -global virtio-blk-device.iommu_platform=on
)

expect() {
  in_report "platform xen-dom0" '.platform == "xen-dom0"'
  in_report "IOMMU of Xen on" '.iommu.kind == "xen" and .iommu.state == "on"'
  finding 0000:00:02.0 xen-pvh
  taken 0000:00:02.0 pciback
}
