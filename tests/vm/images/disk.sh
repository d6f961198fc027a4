#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# disk.sh INSTALLED: makes build/vm/$SUITE/disk.img, the Debian root as an ext4 file system, which all
# boots share read-only. INSTALLED is the output of install.sh.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

main() {
  local disk=$suite_dir/disk.img key
  lock "$disk"
  key=$(digest "$1" "$(<"$root_dir.key")" <"$0")
  is_current "$disk" "$key" && return
  rm -f "$disk"
  # No journal and no reserved blocks, since it is never written to.
  as_root mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root_dir" "$disk" 1G >/dev/null
  as_root chown "$(id -u)" "$disk"
  printf '%s\n' "$key" >"$disk.key"
  say "root disk is ready"
}

main "$1"
