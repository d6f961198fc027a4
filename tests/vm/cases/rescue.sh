# SPDX-License-Identifier: GPL-2.0-or-later
title="no record in the image, and / is on what was taken: given back, the boot goes on by itself"
images=(systemd-storage classic-storage initramfs-bare)
variants=(address id class group)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

# One of them with the default, which is longer.
conf() {
  [[ $variant == address ]] || printf '%s\n' "[passthru]" "root-grace = 3"
  rules
}

record() { :; }

# Only devices that the root file system could be on are returned.
expect() {
  local grace=3
  [[ $variant != address ]] || grace=15
  taken 0000:00:02.0 vfio-pci
  returned "$address" "$driver" "$grace"
  case $variant in
    group) taken "$stack_mate" vfio-pci ;;
    id | class) returned 0000:00:03.0 nvme "$grace" ;;
  esac
  [[ ! -e $out/rescue ]] || fail "/run/passthru/rescue is still there"
  status_is 1
}
