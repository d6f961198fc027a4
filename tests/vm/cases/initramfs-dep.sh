# SPDX-License-Identifier: GPL-2.0-or-later
title="initramfs-tools, MODULES=dep: the image that the running host makes"
images=(initramfs)
boot=("$vm_dir/boots/initramfs-dep.sh")

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  # The image was made on the running host: no device was absent, and the needs file is complete.
  grep -q '^passthru: nic 0000:00:02.0 .*would be bound to vfio-pci' "$out/first/update-initramfs.log" ||
    fail "the image build did not see the host"
  in_report "record of what the host needs" '.findings | all(.code != "needs-unrecorded")'
  status_is 0
}
