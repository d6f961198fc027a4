# SPDX-License-Identifier: GPL-2.0-or-later
title="negative control: without the agent the assertions of file-three fail"
images=(systemd classic initramfs mkinitcpio mkinitcpio-systemd)
quick=systemd

overlay() {
  mkdir -p "$1/usr/lib/passthru"
  printf '#!/bin/sh\nexit 0\n' >"$1/usr/lib/passthru/passthru-init"
  chmod 755 "$1/usr/lib/passthru/passthru-init"
}

expect() {
  must_fail taken 0000:00:02.0 vfio-pci
  must_fail taken 0000:00:03.0 vfio-pci
  must_fail taken 0000:00:04.0 vfio-pci
  must_fail fenced 0000:00:02.0 claimed vfio-pci
  must_fail host_silent 0000:00:02.0
  must_fail sysfs 0000:00:02.0 vfio-pci vfio-pci
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
}
