#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# live-disk.sh: makes build/vm/$SUITE/live.img, a medium for live-boot: an ext4 file system with the Debian
# root as live/filesystem.dir (live-boot(7)). Prints its path.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

main() {
  local disk=$suite_dir/live.img key work
  lock "$disk"
  key=$(digest "$(<"$suite_dir/disk.img.key")" <"$0")
  echo "$disk"
  ! is_current "$disk" "$key" || return 0
  work=$(mktemp -d "$suite_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # now
  trap "as_root rm -rf --one-file-system '$work'" EXIT
  mkdir "$work/live"
  as_root cp -al "$root_dir" "$work/live/filesystem.dir"
  rm -f "$disk"
  as_root mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work" "$disk" 1G >/dev/null
  as_root chown "$(id -u)" "$disk"
  printf '%s\n' "$key" >"$disk.key"
}

main
