#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the install hooks for mkinitcpio, in the harness of images/mkinitcpio.sh. Prints TAP without
# numbers. Needs the images mkinitcpio and mkinitcpio-systemd.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/build.sh
source "$vm_dir/lib/build.sh"

framework=mkinitcpio

test_contents() {
  local path
  for path in etc/passthru.conf usr/lib/passthru/passthru-init '.*/vfio-pci\.ko(\.xz)?'; do
    t "passthru: $path" in_image mkinitcpio "$path"
    t "sd-passthru: $path" in_image mkinitcpio-systemd "$path"
  done
  t "passthru: the run-time hook" in_image mkinitcpio hooks/passthru
  t "sd-passthru: the unit is wanted by sysinit.target" in_image mkinitcpio-systemd \
    usr/lib/systemd/system/sysinit.target.wants/passthru-init.service
  t "absent devices only warn" grep -q '^passthru: nic.*absent' "$images/mkinitcpio.log"
}

test_bad_configuration() {
  local hook conf
  conf=$(bad_conf "$1")
  for hook in passthru sd-passthru; do
    mkdir "$1/$hook"
    cp "$vm_dir"/{images/mkinitcpio.sh,inside/mkinitcpio-init} "$1/$hook"
    t "$hook: no image with a bad configuration" fails in_root "$1/$hook" "$conf" \
      /mnt/mkinitcpio.sh "$hook" "$(kernel_version)"
    t "and none is written" fails test -e "$1/$hook/initrd.img"
    t "and the error is shown" grep -q 'passthru: .*/etc/passthru.conf:2:' "$1/$hook/log"
  done
}

# Not mkinitcpio-systemd, an archive after dracut's (images/image.sh): no tool unpacks both.
test_look_into_image() {
  t "check --image: nothing is missing" image_is_whole "$1/look" mkinitcpio
}

main() {
  test_contents
  with_work test_bad_configuration
  with_work test_look_into_image
}

main
