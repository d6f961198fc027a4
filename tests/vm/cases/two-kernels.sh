# SPDX-License-Identifier: GPL-2.0-or-later
# In this kernel nvme is built in, and there is no e1000e. Without the needs file, a disk that is bound to
# a built-in driver is only taken with allow = storage.
title="the image of the second kernel that is installed, which has other drivers"
images=(systemd-cloud initramfs-cloud)
suites=(bookworm)
boot=(env FLAVOUR=cloud "$vm_dir/boot.sh")

conf() {
  sed '/^id = /a allow = storage' "$vm_dir/images/three.conf"
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci nvme
  taken 0000:00:04.0 vfio-pci
  in_report "the second kernel" '.kernel | endswith("-cloud-amd64")'
  status_is 0
}
