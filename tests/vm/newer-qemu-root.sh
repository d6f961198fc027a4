#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/qemu/root: Debian 13's QEMU with its libraries and firmware, for devices that an
# older one cannot emulate (igb). Nothing is installed, only unpacked. Made once, then reused.
set -euo pipefail
# shellcheck source=tests/vm/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/debian-lib.sh
source "$vm_dir/debian-lib.sh"

folder=$build_dir/vm/qemu/root

main() {
  local key new=$folder.new
  mkdir -p "${folder%/*}"
  lock "$folder"
  key=$(digest qemu <"$0")
  is_current "$folder" "$key" && return
  say "unpacking a newer QEMU (kept in ${folder#"$top_dir"/})"
  as_root rm -rf --one-file-system "$new" "$folder"
  bootstrap trixie "$new" "$folder.log" --variant=extract --include=base-files,qemu-system-x86,seabios
  as_root mv "$new" "$folder"
  printf '%s\n' "$key" >"$folder.key"
}

main
