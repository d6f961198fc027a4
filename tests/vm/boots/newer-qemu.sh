#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# newer-qemu.sh OPTION...: runs the QEMU that images/newer-qemu-root.sh unpacked, in place of this
# machine's. It is started by its own loader with its own libraries, so that no chroot is needed.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

folder=$build_dir/vm/qemu/root
libraries=$folder/usr/lib/x86_64-linux-gnu

QEMU_MODULE_DIR=$libraries/qemu exec "$folder/usr/lib64/ld-linux-x86-64.so.2" \
  --library-path "$libraries" "$folder/usr/bin/qemu-system-x86_64" \
  -L "$folder/usr/share/qemu" -L "$folder/usr/share/seabios" "$@"
