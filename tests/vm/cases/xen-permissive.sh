# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: permissive = yes, for that device and no other"
images=(classic)
boot=(env XEN= "$vm_dir/boot.sh")

conf() {
  printf '%s\n' \
    "[device nic]" "address = 0000:00:02.0" "permissive = yes" \
    "[device disk]" "address = 0000:00:03.0"
}

expect() {
  taken 0000:00:02.0 pciback
  taken 0000:00:03.0 pciback
  permissive_are 0000:00:02.0
  status_is 0
}

# permissive_are ADDRESS...: the devices that the driver lists as permissive.
permissive_are() {
  local have
  have=$(xargs <"$out/permissive.txt")
  [[ $have == "$*" ]] || fail "permissive devices are '$have', not '$*'"
}
