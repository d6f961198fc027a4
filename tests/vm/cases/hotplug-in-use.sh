# SPDX-License-Identifier: GPL-2.0-or-later
# For a rule by address alone only udev can call the agent, after the kernel has bound the device.
title="a device by address alone whose own driver was first is left to that, and said so"
images=(systemd)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:01:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0"
}

expect() {
  host_has 0000:01:00.0 e1000e
  of_device 0000:01:00.0 "refused" '.state == "refused"'
  finding 0000:01:00.0 driver-in-use
  status_is 1
}
