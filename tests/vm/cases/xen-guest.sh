# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen: a guest gets the device and its driver there binds"
images=(systemd)
suites=(trixie)
boot=(env XEN= LIMIT=420 "$vm_dir/boot.sh")
# No rule in the real root says that the guest needs permissive=1.
cmdline="init=/usr/lib/passthru-test/xen-guest-init passthru.skip=nic"
cmdline+=" passthru.device=address=0000:00:02.0,permissive=yes"
devices+=(-m 1536)

expect() {
  [[ " $(xargs <"$out/assignable.txt") " == *" 0000:00:02.0 "* ]] ||
    fail "xl pci-assignable-list does not name 0000:00:02.0"
  grep -q '^guest: driver e1000e, interface eth0' <(tr -d '\r' <"$out/guest.txt") ||
    fail "e1000e did not bind in the guest: $(tail -n 3 "$out/xl.txt" "$out/guest.txt")"
  # As xl parses the fragment: @a is slot 10, or 80 as slot and function.
  local understood
  understood=$(sed -n '/"pcidevs"/,/\]/p' "$out/fragment.txt" | tr -d ' \n')
  grep -q '"dev":2,"vdevfn":80,.*"permissive":true,.*"dev":3,"vdevfn":88,' <<<"$understood" ||
    fail "not what xl understands: $(<"$out/fragment.txt")"
  taken 0000:00:02.0 pciback
  status_is 0
}
