# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the cases in which UEFI loads the archive of `passthru image` in a file of its own. Sourced by them, bash.
# shellcheck shell=bash disable=SC2154

# boot_with_archive LOADER OUT INITRD BOOT-ARGUMENT...: has UEFI boot what LOADER names, with the two archives that
# images/image.sh joined in INITRD. OUT/entries.txt lists the entries and images of the loader.
boot_with_archive() {
  local loader=$1 out=$2 initrd=$3 first status=0
  shift 3
  first=$(entry_in "$initrd" passthru-init)
  tail -c "+$((first + 1))" "$initrd" >"$out/passthru.cpio"
  truncate -s "$first" "$initrd"
  UEFI=$out/vars.fd LOADER=$loader SECOND=$out/passthru.cpio "$vm_dir/boot.sh" "$out" "$initrd" "$@" || status=$?
  mdir -b -i "$out/esp.img" ::/loader/entries ::/EFI/Linux >"$out/entries.txt" 2>/dev/null || true
  rm -f "$out"/{passthru.cpio,esp.img,vars.fd}
  return "$status"
}
