#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/qemu/root once: Debian 13's QEMU with its libraries and firmware, for devices that
# older versions cannot emulate (igb). Packages are unpacked, not installed.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

folder=$build_dir/vm/qemu/root

unpack() {
  bootstrap trixie "$1" "$folder.log" --variant=extract "$(include base-files qemu-system-x86 seabios)"
}

main() {
  local key
  mkdir -p "${folder%/*}"
  lock "$folder"
  key=$(digest qemu <"$0")
  keep_root "$folder" "$key" "a newer QEMU" unpack
}

main
