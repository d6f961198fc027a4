# SPDX-License-Identifier: GPL-2.0-or-later
title="the kernel's own ids= options; a malformed entry is reported and skipped"
images=(systemd-bare classic-bare)
cmdline="vfio-pci.ids=8086:10d3,oops:1 pci_stub.ids=1b36:0010"

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 pci-stub
  host_has 0000:00:04.0 xhci_hcd
  finding - bad-option
  logged 'oops:1'
}
