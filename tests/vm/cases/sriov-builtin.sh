# SPDX-License-Identifier: GPL-2.0-or-later
# In this kernel nvme is built in. Without a needs file, the guards refuse such a disk unless allowed.
title="a physical function that its driver has before the agent runs is divided all the same"
images=(systemd-cloud initramfs-cloud)
suites=(bookworm)
boot=(env FLAVOUR=cloud "$vm_dir/boot.sh")
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "address = 0000:01:00.0" "vfs = 2" "allow = storage"
}

expect() {
  logged 'fast 0000:01:00.0 .* waiting for udev, then 2 VFs'
  taken 0000:01:00.1 vfio-pci
  taken 0000:01:00.2 vfio-pci
  host_has 0000:01:00.0 nvme
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 2 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  status_is 0
}
