# SPDX-License-Identifier: GPL-2.0-or-later
# The VF's own driver may bind first, and gives up on QEMU's VFs after a while: what counts is which device
# the agent handled.
title="a virtual function that an administrator makes is seen to by its [device] section, no other is"
images=(systemd)
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=vfs:0000:01:00.0=2"
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[device one]" "address = 0000:01:00.0" "vf = 1"
}

expect() {
  in_report "0000:01:00.2, and nothing else" '[.devices[].address] == ["0000:01:00.2"]'
  host_tried 0000:01:00.1
  host_has 0000:01:00.0 nvme
}
