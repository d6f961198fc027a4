# SPDX-License-Identifier: GPL-2.0-or-later
title="of two serial cards, the one that is a console stays the host's, unless allowed"
images=(systemd)
variants=(refused allowed)
boot=(env CONSOLE=ttyS2,115200 "$vm_dir/boot.sh") # the card; ttyS0 and ttyS1 are on the board
devices+=(
  -chardev null,id=card0 -device pci-serial,chardev=card0,addr=5
  -chardev null,id=card1 -device pci-serial,chardev=card1,addr=6
)

conf() {
  printf '%s\n' "[device serial]" "id = 1b36:0002" "on-failure = hold"
  [[ $variant == refused ]] || echo "allow = console"
}

expect() {
  taken 0000:00:06.0 vfio-pci serial
  if [[ $variant == refused ]]; then
    refused 0000:00:05.0 guard-console serial
    status_is 1
  else
    taken 0000:00:05.0 vfio-pci serial
    finding 0000:00:05.0 guard-overridden
    status_is 0
  fi
}
