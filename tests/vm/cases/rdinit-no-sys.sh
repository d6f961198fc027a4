# SPDX-License-Identifier: GPL-2.0-or-later
title="rdinit= where /sys cannot be mounted: it is reported, and /init runs"
images=(systemd-rdinit)
cmdline="rdinit=/passthru-init"

# systemd needs /sys: an /init before it makes the directory again.
overlay() {
  ln -s /nowhere "$1/sys"
  printf '%s\n' "#!/bin/sh" "rm /sys" "mkdir /sys" "exec /usr/lib/systemd/systemd" >"$1/init"
  chmod 755 "$1/init"
}

expect() {
  finding - no-sysfs
  logged 'error: no-sysfs'
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  status_is 1
}
