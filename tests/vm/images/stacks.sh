#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/$SUITE/stacks/: the disks of the stacks of lib/stack.sh, in one boot. Their contents
# depend only on the Debian root, so they are kept as long as that.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/stack.sh
source "$vm_dir/lib/stack.sh"

# Names and sizes in MiB.
stack_disks=(nvme:64 luks:64 lvm-a:64 lvm-b:64 md-a:64 md-b:64 btrfs-a:160 btrfs-b:160)

# add_disk FOLDER DISK:MIB: after the Debian disk, which must stay the first.
add_disk() {
  local name=${2%:*} slot
  slot=$(printf '%x' "$((0x11 + ${#machine[@]} / 4))")
  truncate -s "${2#*:}M" "$1/$name.img"
  machine+=(
    -drive "if=none,id=$name,file=$1/$name.img,format=raw,cache=unsafe"
    -device "virtio-blk-pci,drive=$name,serial=$name,addr=$slot"
  )
}

# Only finished disks get the name under which they are used.
make_disks() {
  local new=$stacks_dir.new disk machine=()
  rm -rf "$new" "$stacks_dir"
  mkdir -p "$new"
  "$vm_dir/images/disk.sh" "$(digest_of_installed)"
  "$vm_dir/images/image.sh" systemd-storage "$(digest_of_installed)"
  for disk in "${stack_disks[@]}"; do
    add_disk "$new" "$disk"
  done
  "$vm_dir/boot.sh" "$new/log" "$suite_dir/images/systemd-storage.img" \
    "init=/usr/lib/passthru-test/stack-builder-init" "${machine[@]}" || return 1
  [[ $(tail -n 1 "$new/log/build.txt") == *"all made" ]] || return 1
  mv "$new" "$stacks_dir"
}

main() {
  local key
  key=$(digest "$(<"$root_dir.key")" < <(cd "$vm_dir" &&
    cat images/{stacks.sh,luks.key} lib/stack-uuids.sh inside/stack-{builder-init,init.sh}))
  lock "$stacks_dir"
  is_current "$stacks_dir" "$key" && return
  make_disks || die "the disks could not be made, see $stacks_dir.new/log"
  printf '%s\n' "$key" >"$stacks_dir.key"
  say "the disks of the storage stacks are ready"
}

main
