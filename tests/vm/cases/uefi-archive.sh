# SPDX-License-Identifier: GPL-2.0-or-later
# bls, uki-made: kernel-install makes the entry or the unified kernel image, and passthru's plugin the archive.
title="UEFI: systemd-boot loads the archive as a second initrd, a unified kernel image has it so, an addon brings it"
images=(systemd-rdinit)
variants=(systemd-boot bls)
# Debian 12 has no ukify.
[[ $suite == bookworm ]] || variants+=(uki addon uki-made)
quick=systemd-boot@systemd-rdinit
# shellcheck source=tests/vm/lib/uefi-case.sh
source "$vm_dir/lib/uefi-case.sh"
boot=(boot_with_archive "${variant-}")
# The addon has a command line of its own.
[[ ${variant-} == addon ]] || cmdline="rdinit=/passthru-init"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  logged 'nic 0000:00:02.0 .*vfio-pci'
  status_is 0
  verify_is 0
  case $variant in
    bls) grep -q '+2-1\.conf$' "$out/entries.txt" || fail "not counted: $(<"$out/entries.txt")" ;;
    uki-made) grep -q '+2-1\.efi$' "$out/entries.txt" || fail "not counted: $(<"$out/entries.txt")" ;;
  esac
  [[ $variant != uki && $variant != addon ]] || grep -q '^Nothing is missing in' "$out/look.txt" || fail "check --image: $(<"$out/look.txt")"
  [[ $variant != addon ]] || grep -q '^ukify build .*BOOTX64.EFI.extra.d/passthru.addon.efi$' "$out/for-addon.txt" ||
    fail "image --uki: $(<"$out/for-addon.txt")"
}
