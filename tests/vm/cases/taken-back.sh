# SPDX-License-Identifier: GPL-2.0-or-later
# Loaded for another device, vfio-pci takes the NIC at once, and again when it is freed, since the
# host's driver is not there yet.
title="a refused device that vfio-pci takes by ids= in modprobe.d is freed: the host gets it"
images=(systemd classic)

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "id = 8086:1533" \
    "[device usb]" "class = 0c0330"
}

overlay() {
  mkdir -p "$1/etc/modprobe.d"
  echo "options vfio-pci ids=8086:10d3" >"$1/etc/modprobe.d/ids.conf"
}

expect() {
  taken 0000:00:04.0 vfio-pci
  refused 0000:00:02.0 id-mismatch e1000e
  finding 0000:00:02.0 taken-back
  host_has 0000:00:02.0 e1000e
  status_is 1
}
