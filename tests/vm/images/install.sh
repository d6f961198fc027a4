#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs `make install` into the Debian root if anything has changed. Prints a digest of the installed
# files, which is part of the keys of images and disks.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

stage=$suite_dir/stage
manifest=$suite_dir/installed

stage_all() {
  stage_passthru "$stage"
  # Runs in the real root of every test, after switch_root.
  install -D -m 755 "$vm_dir/inside/real-root-init" "$stage/usr/lib/passthru-test/init"
  "${CC:-cc}" -O2 -static -Wall -o "$stage/usr/lib/passthru-test/vfio-probe" "$vm_dir/inside/vfio-probe.c"
  "${CC:-cc}" -O2 -static -Wall -o "$stage/usr/lib/passthru-test/vf-settings" "$vm_dir/inside/vf-settings.c"
  install -m 755 "$vm_dir"/inside/{{xen,vfio}-guest,hotplug,initramfs-dep,stack-builder,stack-dracut}-init \
    "$vm_dir/inside/stack-init.sh" "$stage/usr/lib/passthru-test/"
  install -m 644 "$vm_dir"/{inside/{guest,assign,report}-lib.sh,inside/bench-report,images/{three.conf,luks.key},lib/stack-uuids.sh} \
    "$stage/usr/lib/passthru-test/"
  install -D -m 644 -t "$stage/usr/lib/systemd/system" "$vm_dir"/inside/units/*
}

files_of_stage() {
  (cd "$stage" && find . ! -type d | sort)
}

digest_of_stage() {
  (cd "$stage" && find . ! -type d -print0 | sort -z | xargs -0 sha256sum | sha256sum) | cut -d' ' -f1
}

remove_installed() {
  [[ -e $manifest ]] || return 0
  (cd "$root_dir" && as_root xargs -r -d '\n' rm -f --) <"$manifest"
  rm "$manifest"
}

main() {
  local key
  lock_suite
  stage_all
  key=$(digest_of_stage)
  if [[ ! -e $manifest.key || $(<"$manifest.key") != "$key $(<"$root_dir.key")" ]]; then
    remove_installed
    files_of_stage >"$manifest"
    as_root cp -r --preserve=mode --remove-destination "$stage/." "$root_dir/"
    printf '%s\n' "$key $(<"$root_dir.key")" >"$manifest.key"
  fi
  printf '%s\n' "$key"
}

main
