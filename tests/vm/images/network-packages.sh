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

configure_apt() {
  mkdir -p "$1"/{lists/partial,cache/archives/partial}
  printf 'deb [signed-by=%s] %s %s main\n' /usr/share/keyrings/debian-archive-keyring.gpg "$(mirror)" "$suite" >"$1/sources.list"
  cat >"$1/apt.conf" <<CONF
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$1/lists";
Dir::State::status "$root_dir/var/lib/dpkg/status";
Dir::Cache "$1/cache";
CONF
}

download() {
  apt-get -q update && apt-get -q -y --download-only install "${packages[@]}"
}

main() {
  local key work
  lock "$folder"
  key=$(digest "${packages[@]}" "$(<"$root_dir.key")" <"$0")
  ! is_current "$folder" "$key" || return 0
  say "fetching the packages for network roots (kept in ${folder#"$top_dir"/})"
  rm -rf "$folder"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  configure_apt "$work"
  APT_CONFIG=$work/apt.conf download >"$folder.log" 2>&1 ||
    { tail -n 20 "$folder.log" >&2 && die "could not fetch the packages for network roots, see $folder.log"; }
  mkdir "$folder"
  mv "$work"/cache/archives/*.deb "$folder/"
  printf '%s\n' "$key" >"$folder.key"
}

main
