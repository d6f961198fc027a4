# SPDX-License-Identifier: GPL-2.0-or-later
title="the same three from the kernel command line alone"
images=(systemd-bare classic-bare)
cmdline="passthru.device=0000:00:02.0 passthru.device=1b36:0010 passthru.device=class=0c0330"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  status_is 0
}
