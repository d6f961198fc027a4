# SPDX-License-Identifier: GPL-2.0-or-later
# With the default root-grace.
title="a whole Debian, no record in the image, / is on what was taken: given back, the boot goes on"
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case nvme

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "[device disk]" "address = 0000:00:03.0"
}

record() { :; }

expect() {
  taken 0000:00:02.0 vfio-pci
  returned 0000:00:03.0 nvme 15
  [[ ! -e $out/rescue ]] || fail "/run/passthru/rescue is still there"
  status_is 1
  shows status '0000:00:03\.0 +returned'
  unit_is exit-code
  host_is_well passthru-verify.service passthru-rescue.service
}
