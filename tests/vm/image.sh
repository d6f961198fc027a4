#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# image.sh VARIANT INSTALLED: makes build/vm/$SUITE/images/VARIANT.img, a real dracut image.
# INSTALLED is what install.sh printed. Variants:
#   systemd, classic            with and without systemd, three.conf as /etc/passthru.conf
#   systemd-bare, classic-bare  the same without any configuration
#   systemd-nostub, classic-nostub  like the first two, but vfio-pci is left out
#   systemd-rdinit, classic-rdinit  without passthru, and behind it what `passthru image` writes
# Each has the drivers that want the devices, and none of what the tests do not need: QEMU's
# emulated CPU has to unpack it. For the same reason it is not compressed.
set -euo pipefail
# shellcheck source=tests/vm/lib.sh
source "$(dirname "$0")/lib.sh"

variant=$1 installed=$2
image=$suite_dir/images/$variant.img
unneeded=(kernel-modules kernel-modules-extra drm plymouth qemu btrfs crypt dm dmraid lvm
  mdraid multipath nvdimm i18n resume terminfo virtiofs virtfs overlay-root lunmask)

conf_of_variant() {
  case $variant in
    *-bare) echo - ;;
    *) echo "$vm_dir/three.conf" ;;
  esac
}

options_of_variant() {
  case $variant in
    systemd | systemd-bare | systemd-nostub | systemd-rdinit) ;;
    classic | classic-bare | classic-nostub | classic-rdinit) unneeded+=(systemd systemd-initrd dracut-systemd) ;;
    *) die "no such image: $variant" ;;
  esac
  [[ $variant != *-nostub ]] || options+=(--omit-drivers vfio-pci)
  [[ $variant != *-rdinit ]] || unneeded+=(passthru)
}

# in_root WORK COMMAND...
in_root() {
  local work=$1
  shift
  as_root unshare --mount "$vm_dir/in-root.sh" "$root_dir" "$(conf_of_variant)" "$work" "$@"
}

run_dracut() {
  in_root "$1" dracut --force --no-hostonly --no-compress --no-early-microcode --nohardlink \
    --omit "${unneeded[*]}" "${options[@]}" \
    --add-drivers "virtio_pci virtio_blk ext4 e1000e nvme xhci_pci" \
    /mnt/initrd.img "$(kernel_version)"
}

# The kernel looks for the next archive at a multiple of 4 bytes.
add_archive() {
  in_root "$1" passthru image -o /mnt/passthru.cpio --kernel "$(kernel_version)" &&
    as_root env -C "$1" sh -ec 'truncate -s %4 initrd.img; cat passthru.cpio >>initrd.img'
}

make_image() {
  run_dracut "$1" && { [[ $variant != *-rdinit ]] || add_archive "$1"; }
}

main() {
  local work key options=()
  options_of_variant
  key=$(digest "$installed" "${unneeded[@]}" "${options[@]}" < <(cat "$0" "$vm_dir"/{in-root.sh,three.conf}))
  is_current "$image" "$key" && return
  mkdir -p "$suite_dir/images"
  work=$(mktemp -d "$suite_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # the value of now
  trap "as_root rm -rf --one-file-system '$work'" EXIT
  if ! make_image "$work" >"$suite_dir/images/$variant.log" 2>&1; then
    tail -n 20 "$suite_dir/images/$variant.log" >&2
    die "no image $variant, see $variant.log"
  fi
  as_root chown "$(id -u)" "$work/initrd.img"
  mv "$work/initrd.img" "$image"
  printf '%s\n' "$key" >"$image.key"
  say "image $variant: $(($(stat -c %s "$image") >> 20)) MiB"
}

main
