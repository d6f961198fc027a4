#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build-root.sh: makes build/vm/$SUITE/build-root once: what a buildd starts with, the build dependencies
# of packaging/debian/control, and lintian. Prints its path. MIRROR= overrides the mirror.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../vm/lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

root=$suite_dir/build-root
control=$top_dir/packaging/debian/control

# The names of Build-Depends, without versions, profiles and architectures.
build_depends() {
  sed -n '/^Build-Depends:/,/^[^ B]/s/^ \([a-z0-9.+-]*\).*/\1/p' "$control" | sed 's/^debhelper-compat/debhelper/'
}

# sid changes daily, so a mirror that is a snapshot has an index of it whose date of expiry has passed. Its
# signature is still verified.
# shellcheck disable=SC2016 # mmdebstrap sets $1
make_root() {
  local options=()
  [[ $suite != sid ]] || options=(--aptopt='Acquire::Check-Valid-Until "false"')
  bootstrap "$suite" "$1" "$suite_dir/build-root.log" --variant=buildd "${options[@]}" \
    "$(include "${packages[@]}")" --customize-hook='rm -rf "$1"/var/lib/apt/lists/*'
}

main() {
  local key
  mkdir -p "$suite_dir"
  lock "$root"
  mapfile -t packages < <(build_depends && echo lintian)
  key=$(digest "$suite" "${packages[@]}" <"$0")
  keep_root "$root" "$key" "a Debian $suite to build in" make_root
  printf '%s\n' "$root"
}

main
