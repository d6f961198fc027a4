# SPDX-License-Identifier: GPL-2.0-or-later
title="rdinit= and an archive that is cut off behind the configuration: claimed, and /init runs"
images=(systemd-rdinit classic-rdinit)
cmdline="rdinit=/passthru-init"
boot=(boot_truncated)

# boot_truncated OUT INITRD...
boot_truncated() {
  local end
  end=$(grep -abo '/modules\.dep\.bin' "$2" | tail -n 1 | cut -d: -f1)
  truncate -s "$end" "$2"
  "$vm_dir/boot.sh" "$@"
}

expect() {
  local address
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    fenced "$address" claimed vfio-pci
    finding "$address" stub-missing
  done
  status_is 1
}
