# SPDX-License-Identifier: GPL-2.0-or-later
title="another number of virtual functions, one with a driver, is left as it is"
images=(systemd)
cmdline="init=/usr/lib/passthru-test/hotplug-init"
cmdline+=" passthru-test.hotplug=vfs:0000:01:00.0=2,give:0000:01:00.1=pci-stub,call:0000:01:00.0"
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "vfs = 3"
}

expect() {
  host_has 0000:01:00.0 nvme
  sysfs 0000:01:00.1 pci-stub pci-stub
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 2 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  finding 0000:01:00.0 sriov-in-use
  finding 0000:01:00.1 driver-in-use
  status_is 1
}
