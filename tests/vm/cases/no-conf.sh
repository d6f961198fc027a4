# SPDX-License-Identifier: GPL-2.0-or-later
title="no configuration at all: one line that says so"
images=(systemd-bare)

expect() {
  [[ ! -e $out/60-passthru.rules ]] || fail "there are rules for udev"
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  finding - nothing-configured
  # And one that says that the image lacks the module for QEMU's fw_cfg.
  finding - credential
  [[ $(grep -c '\] passthru: ' "$out/dmesg.txt") == 2 ]] || fail "not one line in the log for each"
  status_is 0
}
