#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# golden.sh OUT INITRD CMDLINE [QEMU-OPTION...]: runs boot.sh with the golden host $GOLDEN, on a copy of
# its disk to which the files below OUT/host are added. inside/golden-report sends the results.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
golden_host "$GOLDEN"

out=$1
shift

# debugfs_commands FOLDER: prints commands that put the files below FOLDER into a file system, replacing
# those of the same names.
debugfs_commands() {
  (cd "$1" && find . -mindepth 1 -type d -printf 'mkdir %P\n' && find . -type f -printf '%P\n') |
    sed -E "s,^([^ ]+)\$,rm \\1\nwrite $1/\\1 \\1,"
}

main() {
  local status=0
  export ROOT_DIR=$root_dir DISK=$out/disk.img DISK_MODE=cache=unsafe
  export APPEND="root=UUID=$golden_uuid ro $golden_append"
  cp --sparse=always "$golden_dir/disk.img" "$DISK"
  debugfs_commands "$out/host" >"$out/debugfs.in"
  /sbin/debugfs -w -f "$out/debugfs.in" "$DISK" >"$out/debugfs.log" 2>&1
  cat "$vm_dir"/inside/{report-lib.sh,golden-report} >"$out/report.sh"
  LIMIT=${LIMIT:-600} "$vm_dir/boot.sh" "$out" "$@" -m 1024 \
    -fw_cfg "name=opt/passthru/report,file=$out/report.sh" || status=$?
  rm -f "$DISK"
  exit "$status"
}

main "$@"
