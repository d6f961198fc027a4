#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# image.sh VARIANT INSTALLED: has Debian's dracut or initramfs-tools make
# build/vm/$SUITE/images/VARIANT.img. INSTALLED is the output of install.sh. A variant is one of
#   systemd, classic   dracut with and without systemd
#   initramfs          initramfs-tools, MODULES=most
#   mkinitcpio, mkinitcpio-systemd   made by mkinitcpio.sh
#   live-rdinit        initramfs-tools and live-boot
#   tiny-rdinit        tiny-initramfs
# with three.conf as /etc/passthru.conf, or one of the first three with
#   -bare      without any configuration
#   -storage   without any configuration, and with the drivers for the stacks of lib/stack.sh
#   -network   without any configuration, and with what roots on the network need
#   -nostub    without vfio-pci and xen-pciback
#   -fw-cfg    with the driver of QEMU's fw_cfg
#   -cloud     for the second kernel
#   -rdinit    without passthru, followed by the output of `passthru image`
#   -bench     for a root that is in memory, without any configuration (tests/bench/whole-boot.sh)
#   -bench-none, -bench-ids   the same without passthru; with vfio-pci as for the kernel's own options
#   -removed   after passthru was removed: the files of `make install` are gone, but for those in /etc
# or golden-dracut, golden-initramfs-tools, made by golden-image.sh.
# QEMU's emulated CPU unpacks them slowly. So those of dracut are not compressed, and have the host's
# drivers for the devices, but not what no test needs.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

[[ $1 != golden-* ]] || exec "$vm_dir/images/golden-image.sh" "${1#golden-}"
variant=$1 installed=$2
image=$suite_dir/images/$variant.img
unneeded=(kernel-modules-extra drm plymouth qemu dmraid
  multipath nvdimm i18n resume terminfo virtiofs virtfs overlay-root lunmask)
dracut=(dracut --force --no-hostonly --no-compress --no-early-microcode --nohardlink
  --drivers "virtio_pci virtio_blk ext4 =drivers/net/ethernet/intel/e1000e nvme xhci_pci")
conf=$vm_dir/images/three.conf flavour="" removed=no options=() files=("$0" "$vm_dir"/images/{in-root.sh,three.conf})

read_variant() {
  case $variant in
    systemd | systemd-*) make=run_dracut ;;
    classic | classic-*) make=run_dracut unneeded+=(systemd systemd-initrd dracut-systemd) ;;
    initramfs | initramfs-*) make=run_update_initramfs ;;
    live-rdinit) make=run_update_initramfs removed=yes ;;
    tiny-rdinit) make=run_mktirfs ;;
    mkinitcpio) make=run_mkinitcpio files+=("$vm_dir"/{images/mkinitcpio.sh,inside/mkinitcpio-init}) ;;
    mkinitcpio-systemd) make=run_mkinitcpio_systemd files+=("$vm_dir/images/mkinitcpio.sh") ;;
    *) die "no such image: $variant" ;;
  esac
  case $variant in
    *-bare) conf=- ;;
    *-storage) conf=- options+=(--add-drivers "ahci sd_mod raid1") ;;
    systemd-network) options+=(--add "systemd-networkd nbd nfs iscsi" --add-drivers sd_mod) ;;
    classic-network) options+=(--add "network-legacy nbd nfs iscsi" --add-drivers sd_mod) ;;
    # dracut 059 replaces only the first hyphen by an underscore.
    *-nostub) options+=(--omit-drivers "vfio_pci xen_pciback") ;;
    *-fw-cfg) options+=(--add-drivers qemu_fw_cfg) ;;
    *-cloud) flavour=cloud ;;
    *-bench-none) removed=yes options+=(--add-drivers "nfit nd_pmem") ;;
    *-bench-ids) removed=yes options+=(--add-drivers "nfit nd_pmem vfio-pci") ;;
    *-bench) conf=- options+=(--add-drivers "nfit nd_pmem") ;;
    *-removed | initramfs-rdinit) removed=yes ;;
    *-rdinit) unneeded+=(passthru) ;;
  esac
  [[ $variant != *-network ]] || conf=- files+=("$vm_dir/images/network-packages.sh")
  [[ $variant == *-storage ]] || unneeded+=(btrfs crypt dm lvm mdraid)
}

# unpack_debs FOLDER: into $root. tar replaces files that are there.
unpack_debs() {
  local deb
  for deb in "$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | as_root tar -C "$root" -xf - --keep-directory-symlink --exclude='./usr/share/doc'
  done
}

# A root of its own for WORK, without passthru or with further packages. live-boot is in no other image: its hook
# adds to each.
own_root() {
  local debs=$suite_dir/network-packages
  root=$1/root
  as_root cp -al "$root_dir" "$root"
  if [[ $variant == *-network ]]; then
    "$vm_dir/images/network-packages.sh" "$debs"
    unpack_debs "$debs"
    return
  fi
  (cd "$root" && grep -v '^\./etc/' "$suite_dir/installed" | as_root xargs -d '\n' rm -f --)
  [[ $variant != live-* ]] || unpack_debs "$root/usr/lib/passthru-live"
}

# in_root WORK COMMAND...
in_root() {
  local work=$1 root=$root_dir
  shift
  [[ $removed == no && $variant != *-network ]] || own_root "$work"
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root" "$conf" "$work" "$@"
}

run_dracut() {
  in_root "$1" "${dracut[@]}" --omit "${unneeded[*]}" "${options[@]}" /mnt/initrd.img "$version"
}

run_update_initramfs() {
  in_root "$1" update-initramfs -c -k "$version" -b /mnt &&
    as_root mv "$1/initrd.img-$version" "$1/initrd.img"
}

# It mounts what root= names, and knows neither udev nor hooks.
run_mktirfs() {
  in_root "$1" mktirfs -m no --include-modules=virtio_pci,virtio_blk,ext4 -o /mnt/initrd.img "$version"
}

run_mkinitcpio() {
  cp "$vm_dir"/{images/mkinitcpio.sh,inside/mkinitcpio-init} "$1"
  in_root "$1" /mnt/mkinitcpio.sh passthru "$version"
}

# An image with systemd and without passthru, followed by what the install hook adds.
run_mkinitcpio_systemd() {
  cp "$vm_dir/images/mkinitcpio.sh" "$1"
  # shellcheck disable=SC2016 # for the inner shell
  in_root "$1" sh -ec 'version=$1; shift; "$@"; /mnt/mkinitcpio.sh sd-passthru "$version"' - \
    "$version" "${dracut[@]}" --omit "${unneeded[*]} passthru" /mnt/initrd.img "$version"
}

# The kernel expects the next archive at a multiple of 4 bytes.
add_archive() {
  removed=no in_root "$1" passthru image -o /mnt/passthru.cpio --kernel "$version" &&
    as_root env -C "$1" sh -ec 'truncate -s %4 initrd.img; cat passthru.cpio >>initrd.img'
}

make_image() {
  "$make" "$1" && { [[ $variant != *-rdinit ]] || add_archive "$1"; }
}

main() {
  local work key version make
  read_variant
  mkdir -p "$suite_dir/images"
  lock "$image"
  key=$(digest "$variant" "$installed" "${unneeded[@]}" < <(cat "${files[@]}"))
  is_current "$image" "$key" && return
  version=$(FLAVOUR=$flavour kernel_version)
  work=$(mktemp -d "$suite_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # expands now
  trap "as_root rm -rf --one-file-system '$work'" EXIT
  if ! make_image "$work" >"$suite_dir/images/$variant.log" 2>&1; then
    tail -n 20 "$suite_dir/images/$variant.log" >&2
    die "no image $variant, see images/$variant.log"
  fi
  as_root chown "$(id -u)" "$work/initrd.img"
  mv "$work/initrd.img" "$image"
  printf '%s\n' "$key" >"$image.key"
  say "image $variant: $(($(stat -c %s "$image") >> 20)) MiB"
}

main
