#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the plugin for kernel-install(8), which runs it in the Debian root. Prints TAP without numbers.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/build.sh
source "$vm_dir/lib/build.sh"

framework=kernel-install

# add WORK LAYOUT OPTION [CONF]: installs the kernel; what is on the ESP then is in WORK/made. What stands in for an
# initramfs is one byte.
add() {
  as_root rm -rf --one-file-system "$1"
  mkdir "$1"
  cp "$vm_dir/images/kernel-install.sh" "$1/"
  printf x >"$1/initrd"
  in_root "$1" "${4-$vm_dir/images/three.conf}" /mnt/kernel-install.sh "$2" "$(kernel_version)" "root=/dev/vda $3"
}

# The entry has both initrds, the archive behind the other.
entry_has_archive() {
  local entry
  entry=$(echo "$1"/made/loader/entries/*+3.conf)
  [[ $(grep -o '^initrd .*' "$entry" | sed 's,.*/,,' | tr '\n' ' ') == "initrd initrd-zz-passthru " ]] &&
    cmp -s "$1"/made/*/*/initrd-zz-passthru "$1/archive"
}

# make_archive WORK: what passthru image makes there.
make_archive() {
  in_root "$1/reference" "$vm_dir/images/three.conf" passthru image -o /mnt/archive --kernel "$(kernel_version)" &&
    as_root cp "$1/reference/archive" "$1/archive" && as_root chmod 644 "$1/archive"
}

no_archive() {
  [[ -e $(echo "$1"/made/loader/entries/*+3.conf) ]] && ! compgen -G "$1/made/*/*/initrd-zz-*" >/dev/null
}

no_entry() {
  ! compgen -G "$1/made/loader/entries/*.conf" >/dev/null && ! compgen -G "$1/made/EFI/Linux/*.efi" >/dev/null
}

test_entries() {
  t "an entry is made" add "$1/bls" bls rdinit=/passthru-init
  make_archive "$1/bls"
  t "with the archive behind its initrd, and boot counting" entry_has_archive "$1/bls"
  t "an entry without rdinit= is made" add "$1/plain" bls quiet
  t "and has no archive" no_archive "$1/plain"
  t "an error in the configuration fails" fails add "$1/bad" bls rdinit=/passthru-init "$(bad_conf "$1/bad")"
  t "says why" grep -q 'passthru: passthru image failed' "$1/bad/log"
  t "and makes no entry, whose kernel would panic" no_entry "$1/bad"
}

# has_archive IMAGE ARCHIVE: it is the end of the section .initrd.
has_archive() {
  as_root objcopy -O binary --dump-section ".initrd=$1.initrd" "$1" /dev/null &&
    as_root tail -c "$(stat -c %s "$2")" "$1.initrd" | cmp -s - "$2"
}

test_images() {
  local image
  t "a unified kernel image is made" add "$1/uki" uki rdinit=/passthru-init
  make_archive "$1/uki"
  image=$(echo "$1"/uki/made/EFI/Linux/*+3.efi)
  t "with the archive behind its initrd, and boot counting" has_archive "$image" "$1/uki/archive"
}

main() {
  with_work test_entries
  [[ ! -e $root_dir/usr/lib/kernel/install.d/60-ukify.install ]] || with_work test_images
}

main
