# SPDX-License-Identifier: GPL-2.0-or-later
title="a second boot gives the same: virtual functions, and who has them"
images=(systemd)
boot=("$vm_dir/boots/twice.sh")
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "vfs = 4" "vf = 0,2" \
    "[device nic]" "address = 0000:00:02.0" "id = 8086:10d3"
}

# The report without what differs from run to run: the duration, and the order of the VFs.
summary() {
  jq -S '[.devices[] | {rule, address, state, driver, errno, findings}] | sort_by(.address)' \
    "$1/report.json"
}

expect() {
  taken 0000:01:00.1 vfio-pci
  taken 0000:01:00.3 vfio-pci
  taken 0000:00:02.0 vfio-pci
  [[ $(summary "$out/first") == "$(summary "$out")" ]] ||
    fail "another record: $(diff <(summary "$out/first") <(summary "$out"))"
  diff "$out/first/sriov.txt" "$out/sriov.txt" >/dev/null || fail "other numbers"
  status_is 0
}
