#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/$SUITE/root: a small Debian with its kernel, dracut, initramfs-tools and systemd,
# the libraries passthru needs, and what the storage stacks of stack-lib.sh are made with. Made
# once, then reused. MIRROR= overrides the mirror.
set -euo pipefail
# shellcheck source=tests/vm/lib.sh
source "$(dirname "$0")/lib.sh"

# Only the package dracut, kernel hooks around dracut-core, excludes initramfs-tools.
packages=(linux-image-amd64 dracut-core initramfs-tools systemd-sysv udev kmod pciutils zstd
  libjson-c5 libinih1 libmd0 libkmod2 libblkid1 libpci3
  busybox-static cpio cryptsetup-bin lvm2 mdadm btrfs-progs)
# Xen; in one release a second kernel, in the other Xen's tools and what a guest is made of.
case $suite in
  bookworm) packages+=(xen-hypervisor-4.17-amd64 linux-image-cloud-amd64) ;;
  trixie) packages+=(xen-hypervisor-4.20-amd64 xen-utils-4.20 xz-utils systemd-cryptsetup) ;;
esac

# The first Debian archive (not security, not updates) among the machine's own sources.
# apt knows an archive's origin only after an update.
mirror_of_machine() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' |
    awk '$2 !~ /-/ { print $1; exit }'
}

mirror() {
  if [[ ${MIRROR:-} ]]; then
    printf '%s\n' "$MIRROR"
    return
  fi
  local found
  found=$(mirror_of_machine)
  if [[ ! $found ]]; then
    as_root apt-get update -q >&2
    found=$(mirror_of_machine)
  fi
  [[ $found ]] || die "no Debian archive among the sources of apt: set MIRROR="
  printf '%s\n' "$found"
}

# Without an initrd of the kernel package's own: the tests and the demo run dracut themselves.
make_root() {
  local new=$1 debs=$build_dir/cache/debs/$suite proxy include source
  include=$(
    IFS=,
    printf '%s' "${packages[*]}"
  )
  source="deb $(mirror) $suite main"
  proxy=$(apt-config dump --format '%F "%v";%n' Acquire | grep -i '::proxy' || true)
  mkdir -p "$debs"
  as_root env INITRD=No mmdebstrap --mode=root --variant=minbase --include="$include" \
    --aptopt='APT::Install-Recommends "false"' ${proxy:+--aptopt="$proxy"} \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
    --skip=download/empty --skip=essential/unlink \
    --setup-hook="mkdir -p \"\$1\"/var/cache/apt/archives" \
    --setup-hook="sync-in '$debs' /var/cache/apt/archives" \
    --customize-hook="sync-out /var/cache/apt/archives '$debs'" \
    --customize-hook="upload '$vm_dir/dracut.conf' /etc/dracut.conf.d/fast.conf" \
    --customize-hook="upload '$vm_dir/initramfs.conf' /etc/initramfs-tools/conf.d/fast" \
    --customize-hook="upload '$vm_dir/initramfs-modules' /etc/initramfs-tools/modules" \
    "$suite" "$new" "$source" >"$suite_dir/root.log" 2>&1
}

main() {
  local key new=$root_dir.new
  lock_suite
  key=$(digest "$suite" < <(cat "$0" "$vm_dir"/{dracut.conf,initramfs.conf,initramfs-modules}))
  is_current "$root_dir" "$key" && return
  say "making a Debian $suite root (about a minute, kept in ${root_dir#"$top_dir"/})"
  as_root rm -rf --one-file-system "$new" "$root_dir"
  if ! make_root "$new"; then
    tail -n 20 "$suite_dir/root.log" >&2
    die "mmdebstrap failed, see $suite_dir/root.log"
  fi
  # Only a finished root gets the name and the key under which it is reused.
  as_root mv "$new" "$root_dir"
  printf '%s\n' "$key" >"$root_dir.key"
  say "Debian $suite root is ready"
}

main
