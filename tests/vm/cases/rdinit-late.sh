# SPDX-License-Identifier: GPL-2.0-or-later
# The agent runs before an /init that knows nothing of it, and udev calls it all the same, in the real root.
title="behind the archive of passthru image: a device that comes later, and virtual functions"
images=(systemd-rdinit classic-rdinit initramfs-rdinit)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port3,romfile=")
cmdline="rdinit=/passthru-init init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:02:00.0"
devices=("${sriov_nvme[@]}" -device "pcie-root-port,id=port3,chassis=3,addr=a")

conf() {
  printf '%s\n' "[device late]" "address = 0000:02:00.0" "id = 8086:10d3" \
    "[sriov fast]" "address = 0000:01:00.0" "id = 1b36:0010" "vfs = 3"
}

expect() {
  local function
  grep -q '\[8086:10d3\] type 00' "$out/dmesg.txt" || fail "it never came"
  taken 0000:02:00.0 vfio-pci
  for function in 1 2 3; do
    taken "0000:01:00.$function" vfio-pci
  done
  of_device 0000:01:00.0 "ready, with nvme" '.state == "ready" and .driver == "nvme"'
  not_in_report null
  status_is 0
  verify_is 0
}
