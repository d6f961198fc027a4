#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/vm/$SUITE/root once: a small Debian with its kernel, dracut, initramfs-tools and systemd,
# the libraries that passthru needs, and the tools for the storage stacks of lib/stack.sh. MIRROR=
# overrides the mirror.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/debian.sh
source "$vm_dir/lib/debian.sh"

# dracut-core and not dracut, which conflicts with initramfs-tools; it adds only the kernel hooks.
packages=(linux-image-amd64 dracut-core initramfs-tools systemd-sysv udev kmod pciutils zstd
  libjson-c5 libinih1 libmd0 libkmod2 libblkid1 libmount1 libmnl0 libpci3
  busybox-static cpio cryptsetup-bin lvm2 mdadm btrfs-progs systemd-boot-efi)
# Both releases: Xen. One: a second kernel, and what else makes an initramfs. The other: Xen's tools, what a guest is
# made of, and what makes UKIs.
live=()
case $suite in
  bookworm)
    packages+=(xen-hypervisor-4.17-amd64 linux-image-cloud-amd64 tiny-initramfs-core)
    live=(--chrooted-customize-hook="mkdir /usr/lib/passthru-live; cd /usr/lib/passthru-live; apt-get -q download live-boot live-boot-initramfs-tools")
    ;;
  trixie) packages+=(xen-hypervisor-4.20-amd64 xen-utils-4.20 xz-utils systemd-cryptsetup
    systemd-ukify) ;;
  sid) packages+=(xz-utils systemd-cryptsetup) ;;
esac

# The kernel package makes no initramfs: the tests and the demo run dracut themselves.
make_root() {
  bootstrap "$suite" "$1" "$suite_dir/root.log" --variant=minbase "$(include "${packages[@]}")" \
    --customize-hook="upload '$vm_dir/images/dracut.conf' /etc/dracut.conf.d/fast.conf" \
    --customize-hook="upload '$vm_dir/images/initramfs.conf' /etc/initramfs-tools/conf.d/fast" \
    --customize-hook="upload '$vm_dir/images/initramfs-modules' /etc/initramfs-tools/modules" "${live[@]}"
}

main() {
  local key
  lock_suite
  key=$(digest "$suite" < <(cat "$0" "$vm_dir"/images/{dracut.conf,initramfs.conf,initramfs-modules}))
  keep_root "$root_dir" "$key" "a small Debian $suite, about a minute" make_root
}

main
