# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen: a device is assigned to xen-pciback and goes back to its driver"
images=(systemd-bare)
boot=(env XEN= "$vm_dir/boot.sh")

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run first assign 00:02.0 --permissive yes
driver first 0000:00:02.0
cat /sys/bus/pci/drivers/pciback/permissive
run again assign 00:02.0
run back release 00:02.0
driver back 0000:00:02.0
END
}

expect() {
  says '^first: exit 0'
  says '^first: 0000:00:02.0 has pciback, override pciback'
  says '^0000:00:02.0$'
  says 'already-bound: already bound to pciback'
  says '^again: exit 0'
  says '^back: exit 0'
  says '^back: 0000:00:02.0 has e1000e, override \(null\)'
}
