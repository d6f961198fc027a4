# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: a device that is removed and found again goes to pciback again"
images=(systemd)
boot=(env XEN= "$vm_dir/boot.sh")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=again:0000:00:02.0"

expect() {
  taken 0000:00:02.0 pciback
  (($(grep -c 'nic 0000:00:02.0 .* bound to pciback' "$out/dmesg.txt") >= 2)) ||
    fail "it was not taken twice"
  status_is 0
}
