# SPDX-License-Identifier: GPL-2.0-or-later
title="an agent that dies by a signal does not stop the boot"
images=(systemd classic initramfs)

overlay() {
  mkdir -p "$1/usr/lib/passthru"
  printf '#!/bin/sh\nkill -ABRT $$\n' >"$1/usr/lib/passthru/passthru-init"
  chmod 755 "$1/usr/lib/passthru/passthru-init"
}

expect() {
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  status_is 3
  # systemd logs it itself, and dracut only to the console.
  [[ $image != initramfs ]] || logged "the agent died with status 134"
}
