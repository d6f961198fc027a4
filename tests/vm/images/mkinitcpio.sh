#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mkinitcpio.sh HOOK VERSION, run in the Debian root: appends to /mnt/initrd.img what the install hook
# HOOK adds for that kernel. Debian has no mkinitcpio, so this offers to a hook what mkinitcpio(8)
# documents under "About install hooks", plus die and add_systemd_unit, which mkinitcpio's own hooks
# use. With the hook "passthru" the image is complete: busybox, the modules for the disk, the drivers
# that must not bind to the devices, and mkinitcpio-init in place of mkinitcpio's init.
set -uo pipefail

hook=$1
export KERNELVERSION=$2
BUILDROOT=$(mktemp -d)
mkdir -p "$BUILDROOT"/usr/{bin,lib}
ln -s usr/lib "$BUILDROOT/lib"
early_hooks=() errors=0

error() {
  echo "==> ERROR: $*" >&2
  errors=1
}

die() {
  error "$*"
  exit 1
}

# add_file PATH [DESTINATION [MODE]]
add_file() {
  install -D -m "${3:-$(stat -L -c %a "$1")}" "$1" "$BUILDROOT${2:-$1}" || error "file: $1"
}

# add_binary NAME [DESTINATION]
add_binary() {
  local path library
  path=$(type -P "$1") || return
  add_file "$path" "${2:-$path}"
  for library in $(ldd "$path" 2>/dev/null | grep -o '/[^ ]*'); do
    add_file "$library"
  done
}

# add_module NAME, or NAME? for a module that may be missing
add_module() {
  local name=${1%\?} kind path found=no
  while read -r kind path _; do
    [[ $kind == builtin ]] || add_file "$path"
    found=yes
  done < <(modprobe -S "$KERNELVERSION" --show-depends "$name" 2>/dev/null)
  [[ $found == yes || $1 == *\? ]] || error "module: $1"
}

# add_symlink PATH TARGET
add_symlink() {
  mkdir -p "$BUILDROOT${1%/*}"
  ln -sfn "$2" "$BUILDROOT$1"
}

add_runscript() {
  local script=/usr/lib/initcpio/hooks/${BASH_SOURCE[1]##*/}
  add_file "$script" "/hooks/${script##*/}" 755
  if grep -q '^run_earlyhook()' "$script"; then
    early_hooks+=("${script##*/}")
  fi
}

add_systemd_unit() {
  add_file "/usr/lib/systemd/system/$1"
  add_binary "$(sed -n 's/^ExecStart=//p' "/usr/lib/systemd/system/$1")"
}

# What the hook "base" adds, and MODULES of mkinitcpio.conf.
base() {
  local module modules=(virtio_pci virtio_blk ext4 e1000e nvme xhci_pci)
  mkdir -p "$BUILDROOT"/{dev,proc,sys,run,sysroot}
  ln -s usr/bin "$BUILDROOT/bin"
  ln -s usr/bin "$BUILDROOT/sbin"
  add_file /mnt/mkinitcpio-init /init 755
  add_binary busybox /usr/bin/busybox
  add_binary kmod /usr/bin/modprobe
  for module in "${modules[@]}"; do
    add_module "$module"
  done
  printf '%s\n' "MODULES='${modules[*]}'" "EARLYHOOKS='${early_hooks[*]}'" >"$BUILDROOT/config"
}

# shellcheck source=hook/mkinitcpio/install/passthru
. "/usr/lib/initcpio/install/$hook"
build
[[ $hook == sd-* ]] || base
((!errors)) || exit 1
# The index lists all modules, not only those in the image.
cp "/usr/lib/modules/$KERNELVERSION"/modules.* "$BUILDROOT/usr/lib/modules/$KERNELVERSION/"
cd "$BUILDROOT" || exit
find . | cpio --quiet -o -H newc >>/mnt/initrd.img
