#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# golden-root.sh FRAMEWORK: makes build/vm/$SUITE/golden/FRAMEWORK/root once, a Debian as users have it:
# all packages of priority required and important, kernel, dbus and logind, and dracut or
# initramfs-tools; fstab and host name as an installer writes them. Nothing of ours is in it. MIRROR=
# overrides the mirror.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
golden_host "$1"

# The last line is what a package of passthru would depend on.
packages=(linux-image-amd64 systemd-sysv udev dbus libpam-systemd
  pciutils libjson-c5 libinih1 libmd0 libkmod2 libblkid1 libmount1 libmnl0 libpci3)
case $framework in
  # A chroot has no host to tailor the image to; dracut-config-generic is Debian's way to say so.
  dracut) packages+=(dracut dracut-config-generic) ;;
  # GRUB as a program, which nothing installs on a disk.
  initramfs-tools) packages+=(initramfs-tools busybox grub2-common grub-pc-bin) ;;
esac

# shellcheck disable=SC2016 # mmdebstrap sets $1
make_root() {
  bootstrap "$suite" "$1" "$golden_dir/root.log" --variant=important "$(include "${packages[@]}")" \
    --customize-hook='echo golden >"$1/etc/hostname"' \
    --customize-hook="echo 'UUID=$golden_uuid / ext4 errors=remount-ro 0 1' >\"\$1/etc/fstab\"" \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin'
}

main() {
  local key
  mkdir -p "$golden_dir"
  lock "$root_dir"
  key=$(digest "$suite" "$framework" "$golden_uuid" <"$0")
  keep_root "$root_dir" "$key" "a whole Debian $suite with $framework" make_root
}

main
