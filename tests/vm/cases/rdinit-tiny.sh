# SPDX-License-Identifier: GPL-2.0-or-later
# Its /init is a C program that mounts what root= names.
title="tiny-initramfs, with the archive of passthru image behind it: rdinit=, before everything"
images=(tiny-rdinit) suites=(bookworm)
cmdline="rdinit=/passthru-init"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  status_is 0
  verify_is 0
}
