# SPDX-License-Identifier: GPL-2.0-or-later
# The counterpart of hotplug: what would happen to the same device.
title="with hotplug = no a device that comes late is the host's"
images=(systemd)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:01:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0" "id = 8086:10d3" "hotplug = no"
}

expect() {
  host_has 0000:01:00.0 e1000e
  in_report "absence" '.devices[0].state == "absent"'
  [[ ! -e $out/60-passthru.rules ]] || fail "there are rules for udev"
}
