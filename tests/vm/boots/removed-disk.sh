#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# removed-disk.sh BOOT-ARGUMENT...: boots an image with passthru, and a root disk from which passthru was
# removed afterwards. The disk is a copy, since all other boots share the original.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

export DISK=$1/disk.img
cp --sparse=always "$suite_dir/disk.img" "$DISK"
sed -n 's,^\.\(.*/passthru.*\),rm \1,p' "$suite_dir/installed" | grep -v /passthru-test/ |
  /sbin/debugfs -w -f - "$DISK" >"$1/debugfs.log" 2>&1
status=0
"$vm_dir/boot.sh" "$@" || status=$?
rm "$DISK"
exit "$status"
