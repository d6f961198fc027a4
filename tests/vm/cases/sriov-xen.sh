# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: virtual functions go to xen-pciback, some to the host, and so when they are found again"
images=(systemd classic)
cmdline="init=/usr/lib/passthru-test/hotplug-init"
cmdline+=" passthru-test.hotplug=vfs:0000:01:00.0=0,again:0000:01:00.0"
boot=(env XEN= "$vm_dir/boot.sh")
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "vfs = 3" "vf = 0-1"
}

expect() {
  taken 0000:01:00.1 pciback
  taken 0000:01:00.2 pciback
  host_has 0000:01:00.0 nvme
  host_tried 0000:01:00.3
  came 0000:01:00.1 2
  status_is 0
}
