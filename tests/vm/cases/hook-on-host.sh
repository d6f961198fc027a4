# SPDX-License-Identifier: GPL-2.0-or-later
# Slow: dracut runs on an emulated CPU.
title="an image that dracut makes on the running host has the record, and the disk stays the host's"
images=(systemd-storage)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

# The image is made on the running host, by a boot of the same machine.
overlay() {
  local first=$out/first
  "$vm_dir/images/stacks.sh"
  mkdir -p "$first"
  truncate -s 256M "$first/disk.img"
  LIMIT=900 "$vm_dir/boot.sh" "$first" "$base" \
    "$cmdline stack-init=/usr/lib/passthru-test/stack-dracut-init" "${devices[@]}" -m 1536 \
    -drive "if=none,id=made,file=$first/disk.img,format=raw" \
    -device virtio-blk-pci,drive=made,addr=0x11 || return
  tar -C "$first" -xf "$first/disk.img"
  rm "$first/disk.img"
  base=$first/initrd.img
}

conf() { :; }

expect() {
  taken 0000:00:02.0 vfio-pci
  refused 0000:00:05.1 guard-storage nvme
  status_is 1
}
