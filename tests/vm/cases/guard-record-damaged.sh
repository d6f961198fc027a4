# SPDX-License-Identifier: GPL-2.0-or-later
title="the record cannot be read: no storage or network card is taken without allow, and the boot goes on"
images=(systemd-storage classic-storage)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" \
    "[device spare]" "address = 0000:00:03.0" "allow = storage" \
    "[device disk]" "class = 0108" "on-failure = hold"
}

# The last line of the needs file is cut off.
record() {
  mkdir -p "$1/usr/lib/passthru"
  printf '%s\n' "passthru-needs 1" "host" "storage pci0000:00/" >"$1/usr/lib/passthru/needs"
}

expect() {
  finding - needs-damaged
  refused 0000:00:02.0 guard-network e1000e
  taken 0000:00:03.0 vfio-pci
  refused 0000:00:05.1 guard-storage nvme
  status_is 1
}
