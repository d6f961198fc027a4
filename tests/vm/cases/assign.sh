# SPDX-License-Identifier: GPL-2.0-or-later
title="a device is assigned from its driver, stays while a guest has it, and goes back"
images=(systemd-bare)
quick=yes

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run first assign 00:02.0
driver first 0000:00:02.0
run again assign 00:02.0
modprobe vfio_iommu_type1
/usr/lib/passthru-test/vfio-probe --hold 0000:00:02.0 &
sleep 3
run held release 00:02.0
driver held 0000:00:02.0
kill $!
wait
cp /run/passthru/report.json assigned.json
passthru status
echo "status: exit $?"
run back release 00:02.0
driver back 0000:00:02.0
run twice release 00:02.0

# Without a driver_override the kernel would bind it to e1000e, not to its previous driver.
modprobe pci-stub
hand_to pci-stub 0000:00:02.0
driver other 0000:00:02.0
run other assign 00:02.0
run other-back release 00:02.0
driver other-back 0000:00:02.0
END
}

expect() {
  says '^first: exit 0'
  says '^first: 0000:00:02.0 has vfio-pci, override vfio-pci'
  says 'already-bound: already bound to vfio-pci'
  says '^again: exit 0'
  says '^0000:00:02.0 held'
  says 'error: in-use: in use by a guest: /dev/vfio/[0-9]+ is open'
  says '^held: exit 1'
  says '^held: 0000:00:02.0 has vfio-pci, override vfio-pci'
  jq -e '.devices | length == 1 and (.[0] | .state == "bound" and .previous_driver == "e1000e")' \
    "$out/assigned.json" >/dev/null || fail "it is not on record as bound, e1000e before"
  says '^status: exit 0'
  says 'released: now bound to e1000e'
  says '^back: exit 0'
  says '^back: 0000:00:02.0 has e1000e, override \(null\)'
  says 'not-assigned: bound to e1000e'
  says '^twice: exit 0'
  says '^other: 0000:00:02.0 has pci-stub, override \(null\)'
  says '^other: exit 0'
  says '^other-back: 0000:00:02.0 has pci-stub, override \(null\)'
  not_in_report 0000:00:02.0
}
