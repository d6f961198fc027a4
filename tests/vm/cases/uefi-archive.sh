# SPDX-License-Identifier: GPL-2.0-or-later
title="UEFI: systemd-boot loads the archive as a second initrd, a unified kernel image has it so, an addon brings it"
images=(systemd-rdinit)
variants=(systemd-boot)
# Debian 12 has no ukify.
[[ $suite == bookworm ]] || variants+=(uki addon)
quick=systemd-boot@systemd-rdinit
boot=(boot_uefi)
# The addon has a command line of its own.
[[ ${variant-} == addon ]] || cmdline="rdinit=/passthru-init"

# boot_uefi OUT INITRD...: splits the image into the two archives that images/image.sh joined.
boot_uefi() {
  local out=$1 initrd=$2 first
  shift 2
  first=$(entry_in "$initrd" passthru-init)
  tail -c "+$((first + 1))" "$initrd" >"$out/passthru.cpio"
  truncate -s "$first" "$initrd"
  UEFI=$out/vars.fd LOADER=$variant SECOND=$out/passthru.cpio "$vm_dir/boot.sh" "$out" "$initrd" "$@"
  rm -f "$out"/{passthru.cpio,esp.img,vars.fd}
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  logged 'nic 0000:00:02.0 .*vfio-pci'
  status_is 0
  verify_is 0
  [[ $variant == systemd-boot ]] || grep -q '^Nothing is missing in' "$out/look.txt" || fail "check --image: $(<"$out/look.txt")"
}
