# SPDX-License-Identifier: GPL-2.0-or-later
title="passthru was removed, but the image is from before: it boots, and has the devices"
images=(systemd initramfs)
boot=("$vm_dir/boots/removed-disk.sh")

expect() {
  sysfs 0000:00:02.0 vfio-pci vfio-pci
  host_silent 0000:00:02.0
  status_is 127 # no such command
}
