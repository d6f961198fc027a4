# SPDX-License-Identifier: GPL-2.0-or-later
title="more virtual functions than there can be, and any of a device without: nothing is done"
images=(systemd)
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov many]" "address = 0000:01:00.0" "vfs = 8" \
    "[sriov none]" "address = 0000:00:02.0" "vfs = 1"
}

expect() {
  host_has 0000:01:00.0 nvme
  host_has 0000:00:02.0 e1000e
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 0 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  of_device 0000:01:00.0 refused '.state == "refused"'
  finding 0000:01:00.0 sriov-too-many
  finding 0000:00:02.0 sriov-missing
  logged 'passthru.conf:1 has vfs = 8, but the device supports 7'
  status_is 1
}
