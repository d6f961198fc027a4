# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: a device that comes to an address while its own driver is loaded goes to pciback"
images=(systemd)
boot=(env XEN= "$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:01:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0" "id = 8086:10d3"
}

expect() {
  taken 0000:01:00.0 pciback
  not_in_report null
  status_is 0
}
