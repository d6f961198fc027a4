# SPDX-License-Identifier: GPL-2.0-or-later
title="pci-stub on the other function of the slot: its DMA is user space's, a VMM gets the first"
images=(systemd)
devices+=("${two_functions[@]}")

conf() {
  printf '%s\n' "[device disk]" "address = 0000:00:05.0" \
    "[device rest]" "address = 0000:00:05.1" "driver = pci-stub"
}

expect() {
  taken 0000:00:05.0 vfio-pci
  taken 0000:00:05.1 pci-stub
  finding 0000:00:05.0 group-drivers-differ
  vfio_gives 0000:00:05.0
}
