# SPDX-License-Identifier: GPL-2.0-or-later
title="allow_unsafe_interrupts in modprobe.d instead of on the command line: the verdict knows"
images=(systemd)
boot=(env IOMMU=intel-iommu,intremap=off "$vm_dir/boot.sh")

overlay() {
  mkdir -p "$1/etc/modprobe.d"
  echo "options vfio_iommu_type1 allow_unsafe_interrupts=1" >"$1/etc/modprobe.d/unsafe.conf"
}

expect() {
  iommu_is intel on false
  taken 0000:00:02.0 vfio-pci
  vfio_gives 0000:00:02.0
}
