# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel of a PV dom0 has no IOMMU groups. All functions behind a PCIe-to-PCI bridge share its requester
# ID, so they must be assigned to the same guest.
title="Xen dom0: devices behind a PCIe-to-PCI bridge are one group"
images=(classic)
boot=(env XEN= "$vm_dir/boot.sh")
# Buses in the order of the root ports: 01 and 03 are PCIe, 02 and 04 conventional.
devices+=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8"
  -device "pcie-pci-bridge,id=bridge1,bus=port1"
  -device "e1000,bus=bridge1,addr=1,romfile=" -device "e1000,bus=bridge1,addr=2,romfile="
  -device "pcie-root-port,id=port2,chassis=2,addr=9"
  -device "pcie-pci-bridge,id=bridge2,bus=port2"
  -device "e1000,bus=bridge2,addr=1,romfile=" -device "e1000,bus=bridge2,addr=2,romfile="
)

conf() {
  printf '%s\n' \
    "[device alone]" "address = 0000:02:01.0" \
    "[device whole]" "address = 0000:04:01.0" "group = whole"
}

expect() {
  taken 0000:02:01.0 pciback
  finding 0000:02:01.0 group-incomplete
  logged '0000:02:02\.0'
  sysfs 0000:02:02.0 e1000 '(null)'
  taken 0000:04:01.0 pciback
  taken 0000:04:02.0 pciback
  finding 0000:04:02.0 group-whole
}
