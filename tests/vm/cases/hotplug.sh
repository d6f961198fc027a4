# SPDX-License-Identifier: GPL-2.0-or-later
title="a device that comes while its own driver is loaded goes to the stub, and so when it comes again"
images=(systemd classic)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:01:00.0,again:0000:01:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0" "id = 8086:10d3"
}

expect() {
  taken 0000:01:00.0 vfio-pci
  grep -q '\[8086:10d3\] type 00' "$out/dmesg.txt" || fail "it never came"
  (($(grep -c 'late 0000:01:00.0 .* bound to vfio-pci' "$out/dmesg.txt") >= 2)) ||
    fail "it was not taken twice"
  not_in_report null
  status_is 0
}
