# SPDX-License-Identifier: GPL-2.0-or-later
title="UEFI, Secure Boot: a signed addon brings the archive; without a signature it is ignored, and --verify says so"
images=(systemd-rdinit)
variants=(signed unsigned)
suites=(trixie)
# shellcheck source=tests/vm/lib/uefi-case.sh
source "$vm_dir/lib/uefi-case.sh"
boot=(boot_uefi)

boot_uefi() {
  [[ $variant == signed ]] || export UNSIGNED=passthru.addon.efi
  export SECURE_BOOT=""
  boot_with_archive addon "$@"
}

# The host has the rules, too.
commands() {
  echo "mount --bind /usr/lib/passthru-test/three.conf /etc/passthru.conf"
}

expect() {
  grep -q 'Kernel is locked down from EFI Secure Boot' "$out/dmesg.txt" || fail "no Secure Boot"
  if [[ $variant == signed ]]; then
    taken 0000:00:02.0 vfio-pci
    taken 0000:00:03.0 vfio-pci
    taken 0000:00:04.0 vfio-pci
    verify_is 0
  else
    host_has 0000:00:02.0 e1000e
    host_has 0000:00:03.0 nvme
    [[ $(<"$out/verify.rc") == 1 ]] || fail "passthru-init --verify: exit status $(<"$out/verify.rc")"
    grep -q 'no-record: .*the agent did not run in this boot: .*Secure Boot refused it' "$out/dmesg.txt" "$out/verify.txt" ||
      fail "--verify does not say so"
  fi
}
