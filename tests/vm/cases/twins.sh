# SPDX-License-Identifier: GPL-2.0-or-later
title="one of two identical cards is listed by address, the host has its twin"
images=(systemd classic)
quick=systemd
devices+=(-device "e1000e,addr=5,romfile=")

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:05.0" "id = 8086:10d3"
}

expect() {
  taken 0000:00:05.0 vfio-pci
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  not_in_report 0000:00:02.0
  status_is 0
}
