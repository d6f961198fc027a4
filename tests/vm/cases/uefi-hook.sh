# SPDX-License-Identifier: GPL-2.0-or-later
title="UEFI: a unified kernel image whose initrd has the agent"
images=(systemd)
suites=(trixie)
boot=(boot_uefi)

boot_uefi() {
  UEFI=$1/vars.fd LOADER=uki "$vm_dir/boot.sh" "$@"
  rm -f "$1"/{esp.img,vars.fd}
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  status_is 0
  grep -q '^Nothing is missing in' "$out/look.txt" || fail "check --image: $(<"$out/look.txt")"
}
