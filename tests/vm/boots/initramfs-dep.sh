#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs-dep.sh OUT INITRD CMDLINE...: two boots. The first, from INITRD with passthru=off, makes an
# image with MODULES=dep, which only a running host can do; its files are in OUT/first. The second is
# from that image.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

out=$1 initrd=$2 cmdline=$3
shift 3
disk=$out/made.img
truncate -s 256M "$disk"
mkdir "$out/first"
LIMIT=600 "$vm_dir/boot.sh" "$out/first" "$initrd" \
  "$cmdline passthru=off init=/usr/lib/passthru-test/initramfs-dep-init" "$@" -m 1024 \
  -drive "if=none,id=made,file=$disk,format=raw" -device virtio-blk-pci,drive=made,addr=0x11
tar -C "$out/first" -xf "$disk" initrd.img
rm "$disk"
"$vm_dir/boot.sh" "$out" "$out/first/initrd.img" "$cmdline" "$@"
