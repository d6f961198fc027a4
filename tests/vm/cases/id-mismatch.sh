# SPDX-License-Identifier: GPL-2.0-or-later
title="another card than the listed one is at the address: the host gets it, or nobody"
images=(systemd classic)

conf() {
  printf '%s\n' \
    "[device nic]" "address = 0000:00:02.0" "id = 8086:1533" \
    "[device disk]" "address = 0000:00:03.0" "id = 144d:a808" "on-failure = hold" \
    "[device usb]" "class = 0c0330"
}

expect() {
  host_has 0000:00:02.0 e1000e
  finding 0000:00:02.0 id-mismatch
  logged 'nic 0000:00:02.0 .*8086:10d3'
  fenced 0000:00:03.0 held none
  finding 0000:00:03.0 id-mismatch
  taken 0000:00:04.0 vfio-pci
  status_is 1
}
