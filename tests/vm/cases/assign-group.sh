# SPDX-License-Identifier: GPL-2.0-or-later
title="assign --group: refuse takes neither of two functions, whole takes both; and both go back"
images=(systemd-bare)
devices+=("${two_functions[@]}")

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run refuse assign 00:05.0 --group refuse
driver refuse 0000:00:05.0
run whole assign 00:05.0 --group whole
driver whole 0000:00:05.0
driver whole 0000:00:05.1
run alone release 00:05.1
driver alone 0000:00:05.1
run rest assign 00:05.1 --group refuse
run both release '00:05.*'
driver both 0000:00:05.0
driver both 0000:00:05.1
END
}

expect() {
  says '^refuse: exit 1'
  says '^refuse: 0000:00:05.0 has nvme, override \(null\)'
  says '^whole: exit 0'
  says '^whole: 0000:00:05.0 has vfio-pci'
  says '^whole: 0000:00:05.1 has vfio-pci'
  says '^alone: 0000:00:05.1 has nvme'
  # The other function is still bound to a stub driver.
  says '^rest: exit 0'
  says '^both: exit 0'
  says '^both: 0000:00:05.0 has nvme, override \(null\)'
  says '^both: 0000:00:05.1 has nvme, override \(null\)'
}
