# SPDX-License-Identifier: GPL-2.0-or-later
# The agent loads pci-stub; a softdep makes libkmod load vfio-pci as well, with the options of modprobe.d.
# vfio-pci binds to the NIC at once, and again when it is unbound, since the host's driver is not loaded yet.
title="a refused device that vfio-pci takes by ids= behind the agent's back is freed: the host gets it"
images=(systemd classic)

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "count = 2" \
    "[device usb]" "class = 0c0330" "driver = pci-stub"
}

overlay() {
  mkdir -p "$1/etc/modprobe.d"
  printf '%s\n' "options vfio-pci ids=8086:10d3" "softdep pci-stub pre: vfio-pci" \
    >"$1/etc/modprobe.d/ids.conf"
}

expect() {
  taken 0000:00:04.0 pci-stub
  refused 0000:00:02.0 count-mismatch e1000e
  finding 0000:00:02.0 taken-back
  host_has 0000:00:02.0 e1000e
  status_is 1
}
