#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the dracut module without a boot. Prints TAP without numbers. Needs the images systemd,
# systemd-bare and classic.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/build.sh
source "$vm_dir/lib/build.sh"

framework=dracut

# dracut_with WORK CONF OPTION...: runs dracut with that configuration; its messages are in WORK/log.
dracut_with() {
  local work=$1 conf=$2
  shift 2
  in_root "$work" "$conf" dracut --force --no-compress --modules "base passthru" "$@" \
    /mnt/initrd.img "$(kernel_version)"
}

test_contents() {
  local stub
  for stub in vfio-pci pci-stub; do
    t "generic image has $stub" in_image systemd-bare "usr/lib/modules/.*/$stub\.ko(\.xz)?"
  done
  t "generic image has the agent" in_image systemd-bare usr/lib/passthru/passthru-init
  t "no configuration, none in the image" fails in_image systemd-bare 'etc/passthru.*'
  t "the configuration is in the image" in_image systemd etc/passthru.conf
  t "systemd image: the unit is wanted by sysinit.target" \
    in_image systemd 'usr/lib/systemd/system/sysinit.target.wants/passthru-init.service|etc/systemd/system/sysinit.target.wants/passthru-init.service'
  t "systemd image: so is the one that watches for the root device" \
    in_image systemd '(usr/lib|etc)/systemd/system/sysinit.target.wants/passthru-rescue.service'
  t "systemd image: no service of dracut runs because of it" fails in_image systemd-bare \
    '(usr/)?lib/dracut/need-initqueue|(usr|var)/lib/dracut/hooks/.*passthru.*'
  t "image without systemd: first cmdline hook" \
    in_image classic '(usr|var)/lib/dracut/hooks/cmdline/00-passthru-hook.sh'
  t "image without systemd: no unit" fails in_image classic '.*/passthru-init.service'
  t "image without systemd: the hook that gives devices back" \
    in_image classic '(usr|var)/lib/dracut/hooks/initqueue/settled/50-passthru-rescue.sh'
  t "absent devices only warn" grep -q 'passthru: nic.*absent' "$images/systemd.log"
  t "made in a chroot, it has no record of what the host needs" \
    fails in_image systemd usr/lib/passthru/needs
  t "and the warning is shown" grep -q 'passthru: .*root-unresolved' "$images/systemd.log"
}

test_bad_configuration() {
  local work=$1 conf
  conf=$(bad_conf "$1")
  t "a bad configuration makes dracut fail" fails dracut_with "$work" "$conf"
  t "and no image is written" fails test -e "$work/initrd.img"
  t "and the error is shown with its line" grep -q 'passthru: .*/etc/passthru.conf:2:' "$work/log"
  t "each error" grep -q 'passthru: .*/etc/passthru.conf:3:' "$work/log"
}

# An image is made by hand, then one by a package manager, with an error in the configuration by then.
test_unattended() {
  local work=$1
  # shellcheck disable=SC2016 # the inner shell's
  t "a bad configuration, by a package manager: the image is made" in_root "$work" "$vm_dir/images/three.conf" \
    sh -c 'dracut --force --no-compress --modules "base passthru" /mnt/first.img "$1" && echo "speed = 10" >>/etc/passthru.conf &&
      export DPKG_MAINTSCRIPT_NAME=postinst && dracut --force --no-compress --modules "base passthru" /mnt/initrd.img "$1" &&
      mkdir /mnt/out && cd /mnt/out && lsinitrd --unpack /mnt/initrd.img' - "$(kernel_version)"
  t "and has the last good configuration" cmp -s "$work/out/etc/passthru.conf" "$vm_dir/images/three.conf"
  t "and a note of it" test -s "$work/out/usr/lib/passthru/fallback"
  t "which is shown" grep -q 'passthru: warning: the configuration had an error .*the last good one' "$work/log"
}

# with_options WORK OPTION...: runs dracut on a host with two files in modprobe.d.
with_options() {
  local work=$1
  shift
  # shellcheck disable=SC2016 # the inner shell's
  in_root "$work" "$vm_dir/images/three.conf" sh -c 'cd /etc/modprobe.d &&
    echo "options vfio-pci disable_idle_d3=1" >stub.conf &&
    echo "options e1000e debug=1 # not for vfio-pci" >other.conf &&
    exec dracut --force --no-compress --modules "base passthru" "$@"' - \
    "$@" /mnt/initrd.img "$(kernel_version)"
}

test_generic() {
  t "generic image with modprobe.d is made" with_options "$1" --no-hostonly
  list_image "$1/initrd.img" >"$1/list"
  t "it has what modprobe.d says of a stub" grep -qx etc/modprobe.d/stub.conf "$1/list"
  t "and nothing else of that" fails grep -qx etc/modprobe.d/other.conf "$1/list"
}

test_hostonly() {
  local work=$1
  t "hostonly image is made" dracut_with "$work" "$vm_dir/images/three.conf" --hostonly
  as_root cat "$work/initrd.img" | cpio --quiet -t >"$work/list"
  t "hostonly image has vfio-pci" grep -Eq '/vfio-pci\.ko' "$work/list"
  t "hostonly image has the configuration" grep -qx 'etc/passthru.conf' "$work/list"
}

# libkmod adds the parameters of this boot's command line to the options. They are not those of the next boot's, so
# the list is without, from whatever directory dracut is run.
test_module_list() {
  local work=$1 list
  list=$work/out/usr/lib/passthru/modules/$(kernel_version).list
  # shellcheck disable=SC2016 # the inner shell's
  t "an image is made on a kernel whose command line has options" in_root "$work" "$vm_dir/images/three.conf" \
    sh -c 'echo "options vfio-pci disable_vga=1" >/etc/modprobe.d/stub.conf && cd /mnt &&
      echo "quiet vfio-pci.disable_idle_d3=1 vfio_pci.ids=1:2" >cmdline && mount --bind cmdline /proc/cmdline &&
      dracut --force --no-compress --modules "base passthru" initrd.img "$1" &&
      mkdir out && cd out && lsinitrd --unpack /mnt/initrd.img' - "$(kernel_version)"
  t "its module list has those of modprobe.d" grep -q '/vfio-pci\.ko[^ ]* disable_vga=1$' "$list"
  t "and none of the command line" fails grep -Eq 'disable_idle_d3|ids=' "$list"
}

test_pieces() {
  # shellcheck disable=SC2016 # the inner shell's
  in_root "$1" - sh -c 'cd /etc && eval "$1" && shift && "$@" && passthru check --image /mnt/initrd.img' - \
    "$conf_in_pieces" dracut --force --no-compress --modules "base passthru" /mnt/initrd.img \
    "$(kernel_version)" || true
  t "a configuration in passthru.conf.d alone is in the image" grep -q '^Nothing is missing' "$1/log"
}

test_look_into_image() {
  local work=$1
  for variant in systemd classic; do
    t "check --image: nothing is missing in image $variant" image_is_whole "$work" "$variant"
  done
  look_into "$work" "$vm_dir/images/three.conf" "$images/systemd-bare.img"
  t "check --image: no configuration" grep -q 'image-config: .*no configuration' "$work/look"
  if [[ -e $images/systemd-nostub.img ]]; then
    look_into "$work" "$vm_dir/images/three.conf" "$images/systemd-nostub.img"
    t "check --image: no stub" grep -q 'image-module: .* vfio-pci' "$work/look"
  fi
}

# in_system WORK COMMAND...: runs COMMAND in the Debian root with a private /etc.
in_system() {
  local work=$1
  shift
  mkdir "$work"
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root_dir" - "$work" "$@"
}

# The unit of the installed system.
test_unit() {
  local unit=passthru-verify.service
  t "the preset enables $unit" in_system "$1/preset" sh -ec \
    "systemctl -q preset $unit; test -L /etc/systemd/system/multi-user.target.wants/$unit"
  t "systemd finds no fault with $unit" in_system "$1/verify" \
    systemd-analyze --man=no verify "$unit"
}

main() {
  test_contents
  with_work test_bad_configuration
  with_work test_unattended
  with_work test_hostonly
  with_work test_generic
  with_work test_module_list
  with_work test_pieces
  with_work test_look_into_image
  with_work test_unit
}

main
