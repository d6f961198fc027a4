# SPDX-License-Identifier: GPL-2.0-or-later
title="a physical function whose driver makes no virtual ones is on record as failed, and can be divided later"
images=(systemd)
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "vfs = 2"
}

# vfio-pci enables no VFs without enable_sriov=.
commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
pf=/sys/bus/pci/devices/0000:01:00.0
echo 0 >$pf/sriov_numvfs
modprobe vfio-pci
hand_to vfio-pci 0000:01:00.0
udevadm settle --timeout=60
driver failed 0000:01:00.0
echo "failed: $(cat $pf/sriov_numvfs) functions, autoprobe $(cat $pf/sriov_drivers_autoprobe)"
cp /run/passthru/report.json failed.json
hand_to nvme 0000:01:00.0
udevadm settle --timeout=60
driver later 0000:01:00.1
END
}

expect() {
  says '^failed: 0000:01:00.0 has vfio-pci'
  says '^failed: 0 functions, autoprobe 1'
  jq -e '.devices | map(select(.address == "0000:01:00.0"))[0] | .state == "failed" and .errno != 0 and
    (.findings | any(.code == "sriov-failed"))' "$out/failed.json" >/dev/null ||
    fail "it is not on record as failed"
  says '^later: 0000:01:00.1 has vfio-pci, override vfio-pci'
  of_device 0000:01:00.0 "ready" '.state == "ready" and .driver == "nvme"'
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 2 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
}
