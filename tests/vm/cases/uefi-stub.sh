# SPDX-License-Identifier: GPL-2.0-or-later
# The stubs of Debian 12 and of its backports. No release of Debian has 255 or 256, which do as 254 does.
title="UEFI: an older stub ignores an addon, or loads its command line alone; passthru says so before, and --verify after"
images=(systemd-rdinit)
variants=(252 254)
suites=(trixie)
# shellcheck source=tests/vm/lib/uefi-case.sh
source "$vm_dir/lib/uefi-case.sh"
boot=(boot_uefi)

# Of 254 the real root is not reached: expect() says what must be seen then.
boot_uefi() {
  local release=bookworm
  [[ $variant == 252 ]] || release=bookworm-backports
  export STUB=$build_dir/vm/stubs/$release.efi
  "$vm_dir/images/older-stub.sh" "$release" "$STUB"
  boot_with_archive addon "$@" || [[ $variant == 254 ]]
}

# The host has the rules, too.
commands() {
  echo "mount --bind /usr/lib/passthru-test/three.conf /etc/passthru.conf"
}

# foretold VERB: both commands say what this stub does with the addon.
foretold() {
  grep -q "image-stub: .*systemd-stub $variant, $1" "$out/look.txt" || fail "check --image: $(<"$out/look.txt")"
  grep -q "the stub of .*, systemd-stub $variant, $1" "$out/for-addon.txt" || fail "image --uki: $(<"$out/for-addon.txt")"
  grep -q '^exit 1$' "$out/for-addon.txt" || fail "image --uki: $(<"$out/for-addon.txt")"
}

expect() {
  if [[ $variant == 254 ]]; then
    foretold "loads only the command line of an addon"
    grep -q 'Command line: .* rdinit=/passthru-init' "$out/console.log" || fail "the command line of the addon does not count"
    grep -q 'Kernel panic .* Unable to mount root fs' "$out/console.log" || fail "the kernel finds an init"
    [[ ! -e $out/devices.txt ]] || fail "the real root was reached"
  else
    foretold "ignores"
    host_has 0000:00:02.0 e1000e
    host_has 0000:00:03.0 nvme
    [[ $(<"$out/verify.rc") == 1 ]] || fail "passthru-init --verify: exit status $(<"$out/verify.rc")"
    grep -q 'no-record: .*the agent did not run in this boot' "$out/dmesg.txt" "$out/verify.txt" || fail "--verify does not say so"
  fi
}
