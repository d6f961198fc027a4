# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: a device that xen-pciback has before the agent comes keeps its claim"
images=(classic)
boot=(env XEN= "$vm_dir/boot.sh")

# The module is loaded just before the agent starts.
overlay() {
  local dir=$1/usr/lib/passthru
  mkdir -p "$dir"
  cp "$root_dir/usr/lib/passthru/passthru-init" "$dir/passthru-init.real"
  printf '%s\n' "#!/bin/sh" "modprobe xen-pciback 'hide=(0000:00:02.0)'" \
    'exec /usr/lib/passthru/passthru-init.real "$@"' >"$dir/passthru-init"
  chmod 755 "$dir/passthru-init"
}

expect() {
  taken 0000:00:02.0 pciback
  finding 0000:00:02.0 already-bound
  taken 0000:00:03.0 pciback
  status_is 0
}
