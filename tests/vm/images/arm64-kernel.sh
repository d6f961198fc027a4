#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# arm64-kernel.sh RELEASE: makes build/vm/arm64/RELEASE once: kernel, modules and busybox of that Debian
# release for arm64. apt has sources and lists of its own; the packages are unpacked, not installed.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

release=$1
folder=$build_dir/vm/arm64/$release

# depends PACKAGE PREFIX...: what it depends on, of these names.
depends() {
  local prefixes
  prefixes=$(IFS='|' && echo "${*:2}")
  apt-cache depends "$1" | sed -nE "s/^ *Depends: (($prefixes)-[0-9].*)/\1/p"
}

# In the folder of downloads. linux-image-arm64 only depends on the newest kernel, and that of sid on two
# packages that have it.
download() {
  local kernel packages
  apt-get -q update
  kernel=$(depends linux-image-arm64 linux-image)
  mapfile -t packages < <(echo "$kernel" && depends "$kernel" linux-binary linux-modules)
  apt-get -q download busybox-static "${packages[@]}"
}

# unpack FROM TO. Releases differ in where the files are.
unpack() {
  local deb kernel work=$1/files
  mkdir "$work"
  for deb in "$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -C "$work" -xf - --no-same-owner --exclude='./usr/share/*'
  done
  mkdir -p "$2/lib"
  mv "$work"/{,usr/}bin/busybox "$2/" 2>/dev/null || [[ -e $2/busybox ]]
  mv "$work"/{,usr/}lib/modules "$2/lib/" 2>/dev/null || [[ -d $2/lib/modules ]]
  kernel=$(ls "$2/lib/modules")
  mv "$work/boot/vmlinuz-$kernel" "$2/vmlinuz" 2>/dev/null || mv "$2/lib/modules/$kernel/vmlinuz" "$2/"
  depmod -b "$2" "$kernel"
}

main() {
  local key work
  mkdir -p "${folder%/*}"
  lock "$folder"
  key=$(digest "$release" "$(declare -f configure_apt)" <"$0")
  ! is_current "$folder" "$key" || return 0
  say "fetching the kernel of $release for arm64 (kept in ${folder#"$top_dir"/})"
  rm -rf "$folder" "$folder.new"
  mkdir "$folder.new"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  configure_apt "$work" "$release" arm64
  (cd "$work" && APT_CONFIG=$work/apt.conf download) >"$folder.log" 2>&1 ||
    { tail -n 20 "$folder.log" >&2 && die "could not fetch the kernel of $release for arm64, see $folder.log"; }
  unpack "$work" "$folder.new" 2>>"$folder.log"
  mv "$folder.new" "$folder"
  printf '%s\n' "$key" >"$folder.key"
}

main
