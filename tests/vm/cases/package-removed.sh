# SPDX-License-Identifier: GPL-2.0-or-later
title="passthru was removed and the image made again: the host has its devices"
images=(systemd-removed classic-removed initramfs-removed)

expect() {
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  [[ ! -e $out/report.json ]] || fail "there is a report"
  ! grep -q '\] passthru: ' "$out/dmesg.txt" || fail "the agent ran"
}
