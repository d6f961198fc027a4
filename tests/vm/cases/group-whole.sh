# SPDX-License-Identifier: GPL-2.0-or-later
title="group = whole: the function that is not listed is taken too, and a VMM gets both"
images=(systemd)
devices+=("${two_functions[@]}")

conf() {
  printf '%s\n' "[device disk]" "address = 0000:00:05.0" "group = whole"
}

expect() {
  taken 0000:00:05.0 vfio-pci
  taken 0000:00:05.1 vfio-pci
  finding 0000:00:05.1 group-whole
  vfio_gives 0000:00:05.0
  vfio_gives 0000:00:05.1
  status_is 0
}
