# SPDX-License-Identifier: GPL-2.0-or-later
title="behind a conventional bridge all are one group: a VMM gets both cards, but not one alone"
images=(systemd)
devices+=(
  -device pcie-root-port,id=port1,addr=5,chassis=1
  -device pcie-pci-bridge,id=bridge,bus=port1
  -device e1000,bus=bridge,addr=1,romfile= -device e1000,bus=bridge,addr=2,romfile=
  -device pcie-root-port,id=port2,addr=6,chassis=2
  -device pcie-pci-bridge,id=bridge2,bus=port2
  -device e1000,bus=bridge2,addr=1,romfile= -device e1000,bus=bridge2,addr=2,romfile=
)

conf() {
  printf '%s\n' "[device both]" "id = 8086:100e" "path = pci0000:00/05.0/00.0/01.0" \
    "[device other]" "path = pci0000:00/05.0/00.0/02.0" \
    "[device one]" "path = pci0000:00/06.0/00.0/01.0"
}

expect() {
  taken 0000:02:01.0 vfio-pci
  taken 0000:02:02.0 vfio-pci
  finding 0000:02:01.0 conventional-bridge
  vfio_gives 0000:02:01.0
  vfio_gives 0000:02:02.0
  taken 0000:04:01.0 vfio-pci
  host_has 0000:04:02.0 e1000
  finding 0000:04:01.0 group-incomplete
  vfio_refuses 0000:04:01.0 "group not viable"
}
