#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the hook and the scripts for initramfs-tools without a boot. Prints TAP without numbers. Needs
# the image initramfs.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/build.sh
source "$vm_dir/lib/build.sh"

framework=initramfs-tools
scripts=/usr/share/initramfs-tools
version=$(kernel_version)

# update_initramfs WORK CONF SETUP: runs the shell command SETUP in the private /etc, then
# update-initramfs, and unpacks the image below WORK/out. With MODULES=list the image has only the
# modules that hooks add, which is quick.
update_initramfs() {
  # shellcheck disable=SC2016 # the inner shell's
  in_root "$1" "$2" sh -c 'echo MODULES=list >/etc/initramfs-tools/conf.d/tests
    cd /etc && eval "$1" && update-initramfs -c -k "$2" -b /mnt &&
    unmkinitramfs "/mnt/initrd.img-$2" /mnt/out' - "$3" "$version"
}

# has WORK REGEX: whether a path in the image below WORK/out matches. If the image has several archives,
# each is in a folder there.
has() {
  grep -Eqx "$2" < <(find "$1/out" -printf '%P\n' | sed -E 's,^(early[0-9]*|main)/,,')
}

# first_script WORK: the first script of init-top that the image below WORK/out runs.
first_script() {
  cat "$1"/out/{,main/}scripts/init-top/ORDER 2>/dev/null |
    sed -n '/^\/scripts/ { s,^/scripts/init-top/\([^ ]*\).*,\1,p; q }'
}

test_contents() {
  local stub
  cp "$images/initramfs.img" "$1"
  in_root "$1" - unmkinitramfs /mnt/initramfs.img /mnt/out
  for stub in vfio-pci pci-stub; do
    t "image has $stub" has "$1" "usr/lib/modules/.*/$stub\.ko(\.xz)?"
  done
  t "image has the agent" has "$1" usr/lib/passthru/passthru-init
  t "image has the configuration" has "$1" etc/passthru.conf
  t "image has the script that gives devices back" has "$1" scripts/local-block/passthru
  t "made in a chroot, it has no record of what the host needs" \
    fails has "$1" usr/lib/passthru/needs
  t "and the warning is shown" grep -q '^passthru: .*root-unresolved' "$images/initramfs.log"
  t "absent devices only warn" grep -q 'passthru: nic.*absent' "$images/initramfs.log"
}

# prereqs_are_empty WORK SCRIPT: mkinitramfs runs each script with "prereqs" first.
prereqs_are_empty() {
  in_root "$1" "$vm_dir/images/three.conf" env DESTDIR=/mnt/dest "version=$version" "$2" prereqs &&
    [[ ! $(tr -d '[:space:]' <"$1/log") ]]
}

test_prereqs() {
  local script work
  as_root rm -rf "$root_dir/run/passthru"
  for script in hooks/passthru scripts/init-top/00-passthru \
    scripts/{init-premount,local-block,local-premount,init-bottom}/passthru; do
    work=$1/${script//\//-}
    t "$script says that it has no prerequisites" prereqs_are_empty "$work" "$scripts/$script"
    t "and touches nothing" fails test -e "$work/dest" -o -e "$root_dir/run/passthru"
  done
}

test_bad_configuration() {
  local work=$1 conf
  conf=$(bad_conf "$1")
  mkdir -p "$work"
  echo old >"$work/initrd.img-$version"
  t "a bad configuration makes update-initramfs fail" fails update_initramfs "$work" "$conf" :
  t "and the old image stays" grep -qx old "$work/initrd.img-$version"
  t "and the error is shown with its line" grep -q 'passthru: .*/etc/passthru.conf:2:' "$work/log"
  t "each error" grep -q 'passthru: .*/etc/passthru.conf:3:' "$work/log"
}

# An image is made by hand, then one by a package manager, with an error in the configuration by then.
test_unattended() {
  # shellcheck disable=SC2016 # the inner shell's
  t "a bad configuration, by a package manager: the image is made" update_initramfs "$1" \
    "$vm_dir/images/three.conf" 'update-initramfs -c -k "$2" -b /mnt && rm /mnt/initrd* &&
      echo "speed = 10" >>passthru.conf && export DPKG_MAINTSCRIPT_NAME=postinst'
  t "and has the last good configuration" \
    cmp -s "$(find "$1/out" -path '*/etc/passthru.conf')" "$vm_dir/images/three.conf"
  t "and a note of it" has "$1" usr/lib/passthru/fallback
  t "which is shown" grep -q '^passthru: warning: the configuration had an error .*the last good one' "$1/log"
  t "the configuration of the host is left alone" grep -q '^speed' "$1/etc/passthru.conf"
}

test_blacklist() {
  t "a blacklisted stub: the image is made" update_initramfs "$1" "$vm_dir/images/three.conf" \
    'echo blacklist vfio-pci >modprobe.d/stub.conf'
  t "and has the stub" has "$1" '.*/vfio-pci\.ko(\.xz)?'
  t "and modprobe.d" has "$1" etc/modprobe.d/stub.conf
  t "the agent is the first script of init-top" test "$(first_script "$1")" = 00-passthru
  t "and update-initramfs has no complaint of passthru" fails grep -E '^[EW]: passthru' "$1/log"
}

test_pieces() {
  t "a configuration in passthru.conf.d alone: the image is made" update_initramfs "$1" - \
    "$conf_in_pieces"
  t "and has it" has "$1" 'etc/passthru\.conf\.d/the nic\.conf'
  t "behind links, too" grep -q 1b36:0010 "$1"/out/{,main/}etc/passthru.conf.d/disk.conf
}

test_order() {
  t "udev before the agent makes update-initramfs fail" fails update_initramfs "$1/udev" \
    "$vm_dir/images/three.conf" "printf '%s\n' '#!/bin/sh' 'echo udev' >initramfs-tools/scripts/init-top/00-passthru &&
      chmod +x initramfs-tools/scripts/init-top/00-passthru"
  t "with a reason" grep -q '^E: passthru: .*udev runs before the agent' "$1/udev/log"
  t "another script before the agent does not" update_initramfs "$1/other" \
    "$vm_dir/images/three.conf" "printf '%s\n' '#!/bin/sh' >initramfs-tools/scripts/init-top/0-other &&
      chmod +x initramfs-tools/scripts/init-top/0-other"
  t "but is named" grep -q '^W: passthru: .*before the agent.* 0-other ' "$1/other/log"
}

# Made of several archives; of frameworks' programs none is needed.
test_look_into_image() {
  t "check --image: nothing is missing" image_is_whole "$1/whole" initramfs
  hidden="zstd" t "check --image: without the program that decompresses it is not whole" \
    fails image_is_whole "$1/none" initramfs
  t "and what is needed is named" grep -q ': zstd is not installed' "$1/none/look"
}

main() {
  with_work test_contents
  with_work test_prereqs
  with_work test_bad_configuration
  with_work test_unattended
  with_work test_blacklist
  with_work test_order
  with_work test_pieces
  with_work test_look_into_image
}

main
