# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs-tools gives up 30 seconds after its start, and calls local-block between local-top and then: several
# times, or once.
title="a script of local-top takes longer than root-grace: given back, the boot goes on by itself"
images=(initramfs-bare)
variants=(some once)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "[device disks]" "class = 0108"
}

# The file ORDER is what initramfs-tools makes of the scripts.
record() {
  local top=$1/scripts/local-top seconds=20
  [[ $variant != once ]] || seconds=32
  mkdir -p "$top"
  printf '%s\n' '#!/bin/sh' "sleep $seconds" >"$top/slow"
  chmod +x "$top/slow"
  echo '/scripts/local-top/slow "$@"' >"$top/ORDER"
}

expect() {
  taken 0000:00:02.0 vfio-pci
  returned "$address" nvme 15
  returned 0000:00:03.0 nvme 15
  [[ ! -e $out/rescue ]] || fail "/run/passthru/rescue is still there"
  status_is 1
}
