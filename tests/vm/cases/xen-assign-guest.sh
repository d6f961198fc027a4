# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen: a device is assigned, stays while a guest has it, and goes back when that has ended"
images=(systemd-bare)
suites=(trixie)
boot=(env XEN= LIMIT=420 "$vm_dir/boot.sh")
cmdline="init=/usr/lib/passthru-test/xen-guest-init"
devices+=(-m 1536)

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run back release 00:02.0
driver back 0000:00:02.0
END
}

expect() {
  grep -q '^guest: driver e1000e, interface eth0' <(tr -d '\r' <"$out/guest.txt") ||
    fail "e1000e did not bind in the guest: $(tail -n 3 "$out/xl.txt" "$out/guest.txt")"
  grep -q 'in-use: in use by the guest with domain ID 1' "$out/release-in-use.txt" ||
    fail "not refused while in use: $(cat "$out/release-in-use.txt")"
  grep -q '^exit 1' "$out/release-in-use.txt" || fail "released while in use"
  says '^back: exit 0'
  says '^back: 0000:00:02.0 has e1000e, override \(null\)'
}
