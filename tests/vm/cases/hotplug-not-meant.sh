# SPDX-License-Identifier: GPL-2.0-or-later
title="a device of the same ids that comes in another place is given to the host"
images=(systemd)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port2,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:02:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0" "id = 8086:10d3"
}

expect() {
  host_has 0000:02:00.0 e1000e
  of_device 0000:02:00.0 "returned" '.state == "returned"'
  finding 0000:02:00.0 not-meant
}
