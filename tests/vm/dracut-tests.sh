#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What dracut does with the module, without a boot. TAP without numbers. Needs the images
# systemd, systemd-bare and classic.
set -euo pipefail
# shellcheck source=tests/vm/lib.sh
source "$(dirname "$0")/lib.sh"

images=$suite_dir/images

# t WHAT COMMAND...: one test, passed when COMMAND succeeds.
t() {
  local what=$1
  shift
  if "$@"; then
    echo "ok - dracut: $what"
  else
    echo "not ok - dracut: $what"
  fi
}

fails() {
  ! "$@"
}

# in_image VARIANT REGEX: a path in the image matches.
in_image() {
  grep -Eq "^$2$" < <(cpio --quiet -t <"$images/$1.img")
}

# dracut_with WORK CONF OPTION...: dracut with that configuration, messages in WORK/log.
dracut_with() {
  local work=$1 conf=$2
  shift 2
  as_root unshare --mount "$vm_dir/in-root.sh" "$root_dir" "$conf" "$work" \
    dracut --force --no-compress --modules "base passthru" "$@" \
    /mnt/initrd.img "$(kernel_version)" >"$work/log" 2>&1
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
  t "systemd image: no hook" fails in_image systemd '.*/passthru-hook.sh'
  t "image without systemd: first cmdline hook" \
    in_image classic 'usr/lib/dracut/hooks/cmdline/00-passthru-hook.sh|var/lib/dracut/hooks/cmdline/00-passthru-hook.sh'
  t "image without systemd: no unit" fails in_image classic '.*/passthru-init.service'
  t "absent devices only warn" grep -q 'passthru: nic.*absent' "$images/systemd.log"
}

test_bad_configuration() {
  local work=$1
  mkdir "$work"
  printf '%s\n' "[device nic]" "address = 0000:82:0.0" "speed = 10" >"$work/bad.conf"
  t "a bad configuration makes dracut fail" fails dracut_with "$work" "$work/bad.conf"
  t "and no image is written" fails test -e "$work/initrd.img"
  t "and the error is shown with its line" grep -q 'passthru: .*/etc/passthru.conf:2:' "$work/log"
  t "each error" grep -q 'passthru: .*/etc/passthru.conf:3:' "$work/log"
}

test_hostonly() {
  local work=$1
  mkdir "$work"
  t "hostonly image is made" dracut_with "$work" "$vm_dir/three.conf" --hostonly
  as_root cat "$work/initrd.img" | cpio --quiet -t >"$work/list"
  t "hostonly image has vfio-pci" grep -Eq '/vfio-pci\.ko' "$work/list"
  t "hostonly image has the configuration" grep -qx 'etc/passthru.conf' "$work/list"
}

# in_system WORK COMMAND...: in the system that images are made for, with an /etc of its own
in_system() {
  local work=$1
  shift
  mkdir "$work"
  as_root unshare --mount "$vm_dir/in-root.sh" "$root_dir" - "$work" "$@"
}

# What the system itself has of passthru.
test_unit() {
  local unit=passthru-verify.service
  t "the preset enables $unit" in_system "$1/preset" sh -ec \
    "systemctl -q preset $unit; test -L /etc/systemd/system/multi-user.target.wants/$unit"
  t "systemd finds no fault with $unit" in_system "$1/verify" \
    systemd-analyze --man=no verify "$unit"
}

main() {
  local work
  work=$(mktemp -d "$suite_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # the value of now
  trap "as_root rm -rf --one-file-system '$work'" EXIT
  test_contents
  test_bad_configuration "$work/bad"
  test_hostonly "$work/hostonly"
  test_unit "$work"
}

main
