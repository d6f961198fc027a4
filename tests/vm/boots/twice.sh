#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# twice.sh OUT INITRD CMDLINE [QEMU-OPTION...]: runs boot.sh twice. OUT gets the files of the second
# boot, OUT/first those of the first.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

out=$1
shift
"$vm_dir/boot.sh" "$out/first" "$@"
"$vm_dir/boot.sh" "$out" "$@"
