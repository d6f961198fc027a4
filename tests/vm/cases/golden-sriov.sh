# SPDX-License-Identifier: GPL-2.0-or-later
# The PF's driver is loaded by udev's coldplug, in the initramfs or in the real root; then systemd-udevd calls
# the agent.
title="a whole Debian, / on an ordinary disk: virtual functions are made and taken under its own udevd"
quick=golden-dracut
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov disk]" "address = 0000:01:00.0" "vfs = 3"
}

expect() {
  local function
  of_device 0000:01:00.0 "ready, with nvme" '.state == "ready" and .driver == "nvme"'
  host_has 0000:01:00.0 nvme
  for function in 1 2 3; do
    taken "0000:01:00.$function" vfio-pci
  done
  ! grep -q '^0000:01:00.4 ' "$out/devices.txt" || fail "there are more than three"
  came 0000:01:00.1 1
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 3 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  status_is 0
  check_is 0
  unit_is success
  host_is_well
}
