# SPDX-License-Identifier: GPL-2.0-or-later
title="ids= as the kernel's own parser takes them: it stops at what is no field"
images=(systemd-bare classic-bare)
ids=8086:10d3:x,,zz
cmdline="vfio-pci.ids=$ids passthru.device=1b36:0010"

# bad_option REGEX: a finding with that text is in the report and in the kernel log.
bad_option() {
  in_report "bad-option: $1" --arg text "$1" \
    '.findings | any(.code == "bad-option" and (.text | test($text)))'
  logged "bad-option: .*$1"
}

# vfio-pci was loaded without them, so pci-stub shows what the driver does: it has the same parser.
commands() {
  echo "modprobe pci-stub ids=$ids"
}

expect() {
  grep -q 'pci-stub: add 8086:10D3 sub=FFFFFFFF:FFFFFFFF ' "$out/dmesg.txt" ||
    fail "the kernel takes it otherwise"
  ! grep -q 'vfio_pci: add ' "$out/dmesg.txt" || fail "vfio-pci got ids of its own"
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "rule vfio-pci.ids" '.rule == "vfio-pci.ids"'
  taken 0000:00:03.0 vfio-pci
  host_has 0000:00:04.0 xhci_hcd
  bad_option "'8086:10d3:x' .*ignored"
  bad_option "'zz' is skipped"
  in_report "these two bad options alone" '[.findings[] | select(.code == "bad-option")] | length == 2'
  status_is 0
}
