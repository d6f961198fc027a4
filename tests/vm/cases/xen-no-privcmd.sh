# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen cannot be asked, xen-privcmd.ko is truncated: the verdict is unknown, never on"
images=(classic)
boot=(env XEN= "$vm_dir/boot.sh")

overlay() {
  local module
  module=$(cd "$root_dir" && find "usr/lib/modules/$(kernel_version)" -name 'xen-privcmd.ko*')
  mkdir -p "$1/${module%/*}"
  head -c 6000 "$root_dir/$module" >"$1/$module"
}

expect() {
  in_report "IOMMU of Xen unknown" '.iommu.kind == "xen" and .iommu.state == "unknown"'
  of_device 0000:00:02.0 "state refused" '.state == "refused"'
  finding 0000:00:02.0 iommu-unknown
  host_has 0000:00:02.0 e1000e
  status_is 1
}
