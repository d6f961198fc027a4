# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the plugin of kernel-install(8), as that documents its plugins. The program itself runs it in
# tests/vm/builds/kernel-install.sh. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# plugin_tree: a system, and the plugin as it is installed there.
plugin_tree() {
  image_tree
  area=$tree/area
  mkdir -p "$area" "$tree/kernel"
  printf '#!/bin/sh\nexec "%s" "$@" --root "%s"\n' "$command" "$tree" >"$tree/passthru"
  chmod 755 "$tree/passthru"
  sed "s,/usr/bin/passthru,$tree/passthru," hook/kernel-install/58-passthru.install >"$tree/plugin"
  echo "root=/dev/sda rdinit=/passthru-init quiet" >"$tree/kernel/cmdline"
}

# plugin STATUS [VARIABLE=VALUE...] [COMMAND]: runs it for kernel 1.2.
plugin() {
  local status=$1 verb=add environment=()
  shift
  for word in "$@"; do
    [[ $word == *=* ]] && environment+=("$word") || verb=$word
  done
  rm -f "$area"/*
  run "$status" env KERNEL_INSTALL_LAYOUT=bls KERNEL_INSTALL_STAGING_AREA="$area" \
    KERNEL_INSTALL_CONF_ROOT="$tree/kernel" "${environment[@]}" sh "$tree/plugin" "$verb" 1.2 /boot/entry /boot/vmlinuz
}

# staged yes|no
staged() {
  local found=no
  [[ ! -e $area/initrd-zz-passthru ]] || found=yes
  [[ $found == "$1" ]] || fail "the archive is staged: $found"
}

plugin_adds() {
  plugin_tree
  plugin 0
  staged yes
  says_not Adding
  passthru 0 image -o "$tree.cpio" --kernel 1.2
  cmp "$tree.cpio" "$area/initrd-zz-passthru" || fail "another archive"
  plugin 0 KERNEL_INSTALL_LAYOUT=uki KERNEL_INSTALL_UKI_GENERATOR=ukify KERNEL_INSTALL_VERBOSE=1
  staged yes
  says '^Adding '
}

# Nothing asks for it, or nothing takes it.
plugin_leaves() {
  plugin_tree
  plugin 0 remove
  staged no
  plugin 0 KERNEL_INSTALL_LAYOUT=other
  staged no
  echo "rdinit=/passthru-init rdinit=/init" >"$tree/kernel/cmdline"
  plugin 0
  staged no
  printf '%s\n' "# rdinit=/passthru-init" "quiet" >"$tree/kernel/cmdline"
  plugin 0
  staged no
  rm "$tree/kernel/cmdline"
  plugin 0
  staged no
  lines_are 0
}

# Without the archive the entry's kernel would panic, so that there must be no entry.
plugin_fails() {
  plugin_tree
  plugin 1 KERNEL_INSTALL_LAYOUT=uki KERNEL_INSTALL_UKI_GENERATOR=dracut
  says '^passthru: only ukify adds a second initrd .*, not dracut: .*; no entry for kernel 1.2 is made'
  plugin 1 KERNEL_INSTALL_STAGING_AREA=
  says 'this kernel-install has no staging area'
  conf "[device nic]" "speed = 10"
  plugin 1
  says '^passthru: passthru image failed: run .passthru check.; no entry for kernel 1.2 is made'
  staged no
  rm "$tree/kernel/cmdline"
  mkdir "$tree/kernel/cmdline"
  plugin 1
  says 'could not read .*/kernel/cmdline; no entry'
}

test_kernel_install() {
  t "kernel-install: the archive is added" plugin_adds
  t "kernel-install: nothing is added" plugin_leaves
  t "kernel-install: what would panic fails" plugin_fails
}
