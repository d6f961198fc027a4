# SPDX-License-Identifier: GPL-2.0-or-later
title="KVM's way: a guest gets the device and its driver there binds"
images=(systemd)
boot=(env IOMMU=intel-iommu,intremap=on,caching-mode=on LIMIT=600 "$vm_dir/boot.sh")
cmdline="init=/usr/lib/passthru-test/vfio-guest-init"
devices+=(
  -m 1536
  -drive "if=none,id=qemu,file=$suite_dir/qemu.img,format=raw,readonly=on"
  -device virtio-blk-pci,drive=qemu,addr=0x11
)

# Adds no file to the image, but makes the second disk.
overlay() {
  "$vm_dir/images/qemu-disk.sh"
}

expect() {
  grep -q '^guest: driver e1000e, interface eth0' "$out/guest.txt" ||
    fail "e1000e did not bind in the guest: $(tail -n 3 "$out/qemu.txt" "$out/guest.txt" 2>&1)"
  taken 0000:00:02.0 vfio-pci
  vfio_gives 0000:00:02.0
  status_is 0
}
