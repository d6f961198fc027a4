# SPDX-License-Identifier: GPL-2.0-or-later
title="a live system of live-boot, with the archive of passthru image: the cards are taken, the medium is not"
images=(live-rdinit) suites=(bookworm)
cmdline="rdinit=/passthru-init boot=live"

# Adds no file to the image, but makes the medium.
overlay() {
  DISK=$("$vm_dir/images/live-disk.sh")
  export DISK
}

commands() {
  echo "findmnt -n -o FSTYPE,SOURCE /; findmnt -n -o SOURCE /run/live/medium"
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  says '^overlay '
  says '^/dev/vda'
  status_is 0
  verify_is 0
}
