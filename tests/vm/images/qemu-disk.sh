#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/$SUITE/qemu.img: this machine's QEMU with its libraries and firmware and nothing else,
# for a VM that runs QEMU itself (in a chroot).
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

disk=$suite_dir/qemu.img

# The files that QEMU needs to emulate a PC without a display. In Debian the accelerator is a module.
files() {
  command -v qemu-system-x86_64
  find /usr/lib /usr/lib64 -path '*/qemu/accel-tcg-x86_64.so' 2>/dev/null || true
  find /usr/share/qemu /usr/share/seabios -name bios-256k.bin -o -name kvmvapic.bin \
    -o -name linuxboot_dma.bin
}

# The libraries and the loader, at the paths that ldd prints.
libraries() {
  ldd "$@" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | grep -v ':$' | sort -u
}

main() {
  local stage key list
  mapfile -t list < <(files)
  mapfile -t -O "${#list[@]}" list < <(libraries "${list[@]}")
  key=$(digest qemu < <(cat "$0" && stat -L -c '%n %s %Y' "${list[@]}"))
  is_current "$disk" "$key" && return
  stage=$(mktemp -d "$suite_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # expands now
  trap "rm -rf '$stage'" EXIT
  mkdir -p "$stage"/{dev,proc,sys,tmp}
  tar -C / -ch "${list[@]#/}" | tar -x -C "$stage"
  rm -f "$disk"
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$stage" "$disk" 192M >/dev/null
  printf '%s\n' "$key" >"$disk.key"
}

main
