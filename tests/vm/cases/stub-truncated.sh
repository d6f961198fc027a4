# SPDX-License-Identifier: GPL-2.0-or-later
title="a truncated vfio-pci.ko is reported; the host gets the device, or nobody; the boot goes on"
images=(systemd classic)

conf() {
  printf '%s\n' \
    "[device nic]" "address = 0000:00:02.0" \
    "[device disk]" "address = 0000:00:03.0" "on-failure = hold"
}

overlay() {
  local module
  module=$(cd "$root_dir" && find "usr/lib/modules/$(kernel_version)" -name 'vfio-pci.ko*')
  mkdir -p "$1/${module%/*}"
  head -c 6000 "$root_dir/$module" >"$1/$module"
}

expect() {
  of_device 0000:00:02.0 "failure with an errno" '.state == "failed" and .errno > 0'
  finding 0000:00:02.0 module-failed
  host_has 0000:00:02.0 e1000e
  fenced 0000:00:03.0 held none
  finding 0000:00:03.0 module-failed
  logged 'nic 0000:00:02.0 .*module-failed: could not load module vfio-pci'
  status_is 1
}
