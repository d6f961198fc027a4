#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# network-packages.sh FOLDER: fetches once, to FOLDER, the packages that a Debian on a network root has in
# addition to those of the Debian root, with what they depend on. apt has lists and a cache of its own;
# image.sh unpacks them, nothing installs them.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

folder=$1
packages=(dbus procps dracut-network nbd-client nfs-common open-iscsi isc-dhcp-client iproute2 iputils-arping)

download() {
  apt-get -q update && apt-get -q -y --download-only install "${packages[@]}"
}

main() {
  local key work
  lock "$folder"
  key=$(digest "${packages[@]}" "$(<"$root_dir.key")" "$(declare -f configure_apt)" <"$0")
  ! is_current "$folder" "$key" || return 0
  say "fetching the packages for network roots (kept in ${folder#"$top_dir"/})"
  rm -rf "$folder"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  configure_apt "$work" "$suite" amd64 "$root_dir/var/lib/dpkg/status"
  APT_CONFIG=$work/apt.conf download >"$folder.log" 2>&1 ||
    { tail -n 20 "$folder.log" >&2 && die "could not fetch the packages for network roots, see $folder.log"; }
  mkdir "$folder"
  mv "$work"/cache/archives/*.deb "$folder/"
  printf '%s\n' "$key" >"$folder.key"
}

main
