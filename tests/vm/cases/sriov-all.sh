# SPDX-License-Identifier: GPL-2.0-or-later
title="virtual functions are made when their physical one has its driver, and taken at once"
images=(systemd classic)
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "id = 1b36:0010" "vfs = 3"
}

commands() {
  cat <<'END'
passthru list --long 01:00.0 01:00.2
passthru status
echo "status: exit $?"
END
}

expect() {
  local function
  for function in 1 2 3; do
    taken "0000:01:00.$function" vfio-pci
  done
  ! grep -q '^0000:01:00.4 ' "$out/devices.txt" || fail "there are more than three"
  host_has 0000:01:00.0 nvme
  of_device 0000:01:00.0 "ready, with nvme" '.state == "ready" and .driver == "nvme"'
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 3 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  says '^ +SR-IOV +3 of 7 virtual functions$'
  says '^ +SR-IOV +virtual function 1 of 0000:01:00.0$'
  says 'fast +0000:01:00.0 .*ready'
  says 'fast +0000:01:00.2 .*bound'
  says '^status: exit 0'
  status_is 0
}
