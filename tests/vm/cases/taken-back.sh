# SPDX-License-Identifier: GPL-2.0-or-later
# The agent loads pci-stub; a softdep makes libkmod load vfio-pci as well, which must not get the ids= of
# modprobe.d: the plan leaves the NIC to the host.
title="a softdep has vfio-pci loaded as well, without the ids= of modprobe.d: the host gets what was refused"
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
  host_has 0000:00:02.0 e1000e
  status_is 1
}
