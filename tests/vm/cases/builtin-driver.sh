# SPDX-License-Identifier: GPL-2.0-or-later
title="a device that a driver built into the kernel holds is released and bound"
images=(systemd classic)
quick=systemd
devices+=(-chardev null,id=serial -device pci-serial,chardev=serial,addr=5)

conf() {
  printf '%s\n' "[device serial]" "address = 0000:00:05.0" "id = 1b36:0002"
}

expect() {
  taken 0000:00:05.0 vfio-pci serial
  host_lines 0000:00:05.0 >/dev/null || fail "the built-in driver never had the device"
  host_has 0000:00:02.0 e1000e
  status_is 0
}
