# SPDX-License-Identifier: GPL-2.0-or-later
title="GRUB loads the archive of passthru image behind the initrd: rdinit=, before everything"
images=(initramfs-rdinit)
cmdline="rdinit=/passthru-init"
boot=(boot_grub)

# boot_grub OUT INITRD...: splits the image into the two archives that images/image.sh joined.
boot_grub() {
  local out=$1 initrd=$2 first
  shift 2
  first=$(entry_in "$initrd" passthru-init)
  tail -c "+$((first + 1))" "$initrd" >"$out/passthru.cpio"
  truncate -s "$first" "$initrd"
  GRUB=$out/passthru.cpio "$vm_dir/boot.sh" "$out" "$initrd" "$@"
  rm "$out"/{passthru.cpio,files.img,grub.lnx}
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  grep -q 'BOOT_IMAGE=/vmlinuz' "$out/cmdline" || fail "it was not GRUB"
  status_is 0
}
