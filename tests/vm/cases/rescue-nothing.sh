# SPDX-License-Identifier: GPL-2.0-or-later
title="nothing that could have the root's disk is taken: nothing is given back"
images=(systemd-storage classic-storage initramfs-bare)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" \
    "[device spare]" "address = 0000:00:03.0" "allow = storage"
}

expect() {
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  ! grep -q '^tried' "$out/rescue" || fail "something was given back"
  status_is 0
}
