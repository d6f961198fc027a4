# SPDX-License-Identifier: GPL-2.0-or-later
title="errors in the image's configuration: all are reported, nothing is bound"
images=(systemd classic initramfs)
quick=classic

conf() {
  printf '%s\n' \
    "[device nic]" "address = 0000:00:02.0" "adress = 0000:82:0.0" \
    "[device disk]" "address = 0b::00.1" \
    "[devices usb]" "class = 0c0330" "[device many]"
  printf 'unknown-%s = 1\n' {9..48}
}

expect() {
  local line
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  finding - config-error
  for line in 3 5 6; do
    in_report "error of line $line" --arg at "/etc/passthru.conf:$line:" \
      '.findings | any(.text | contains($at))'
    logged "/etc/passthru.conf:$line:"
  done
  # Of what comes through one open /dev/kmsg the kernel drops the eleventh line.
  for line in {9..48}; do
    logged "/etc/passthru.conf:$line:"
  done
  status_is 1
}
