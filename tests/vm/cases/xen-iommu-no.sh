# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen with iommu=no, everything required: nothing is bound"
images=(systemd)
boot=(env XEN=iommu=no "$vm_dir/boot.sh")

expect() {
  local address
  in_report "IOMMU of Xen off" '.iommu.kind == "xen" and .iommu.state == "off"'
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    of_device "$address" "state refused" '.state == "refused"'
  done
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  status_is 1
}
