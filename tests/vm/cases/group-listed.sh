# SPDX-License-Identifier: GPL-2.0-or-later
title="group = listed: the function that is not listed is named, and VFIO refuses the group"
images=(systemd)
devices+=("${two_functions[@]}")

conf() {
  printf '%s\n' "[device disk]" "address = 0000:00:05.0"
}

expect() {
  taken 0000:00:05.0 vfio-pci
  host_has 0000:00:05.1 nvme
  finding 0000:00:05.0 group-incomplete
  logged 'group-incomplete: .*0000:00:05\.1'
  vfio_refuses 0000:00:05.0 "group not viable"
}
