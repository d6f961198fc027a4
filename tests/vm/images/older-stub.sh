#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# older-stub.sh RELEASE FILE: fetches once, to FILE, the systemd-stub of that Debian release. apt has sources and lists
# of its own; the package is unpacked, not installed.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

release=$1 file=$2

# In the folder of downloads.
download() {
  apt-get -q update && apt-get -q download systemd-boot-efi
}

main() {
  local key work
  mkdir -p "${file%/*}"
  lock "$file"
  key=$(digest "$release" "$(declare -f configure_apt)" <"$0")
  ! is_current "$file" "$key" || return 0
  say "fetching systemd-stub of $release (kept in ${file#"$top_dir"/})"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  configure_apt "$work" "$release" amd64
  (cd "$work" && APT_CONFIG=$work/apt.conf download) >"$file.log" 2>&1 ||
    { tail -n 20 "$file.log" >&2 && die "could not fetch systemd-stub of $release, see $file.log"; }
  dpkg-deb --fsys-tarfile "$work"/systemd-boot-efi_*.deb |
    tar -C "$work" -xf - --no-same-owner ./usr/lib/systemd/boot/efi/linuxx64.efi.stub
  mv "$work/usr/lib/systemd/boot/efi/linuxx64.efi.stub" "$file"
  printf '%s\n' "$key" >"$file.key"
}

main
