# SPDX-License-Identifier: GPL-2.0-or-later
title="passthru=off: nothing is touched"
images=(systemd classic)
cmdline="passthru=off"

expect() {
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  finding - off
  in_report "empty list of devices" '.devices == []'
  status_is 0
}
