# SPDX-License-Identifier: GPL-2.0-or-later
title="the display that firmware uses is taken, with a warning unless allowed"
images=(systemd)
variants=(warned allowed)
devices+=(-device VGA,addr=5)

conf() {
  printf '%s\n' "[device display]" "class = 0300"
  [[ $variant == warned ]] || echo "allow = console"
}

expect() {
  taken 0000:00:05.0 vfio-pci
  if [[ $variant == warned ]]; then
    finding 0000:00:05.0 host-display
  else
    must_fail finding 0000:00:05.0 host-display
  fi
  status_is 0
}
