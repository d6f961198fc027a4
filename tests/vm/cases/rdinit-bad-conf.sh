# SPDX-License-Identifier: GPL-2.0-or-later
title="rdinit= and errors in the configuration: they are reported, nothing is bound, /init runs"
images=(classic-rdinit initramfs-rdinit)
cmdline="rdinit=/passthru-init"

conf() {
  printf '%s\n' "[device nic]" "address = 0000:82:0.0"
}

expect() {
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  finding - config-error
  logged '/etc/passthru.conf:2:'
  status_is 1
  verify_is 1
}
