# SPDX-License-Identifier: GPL-2.0-or-later
title="group = refuse: as one function is not listed, none is taken"
images=(systemd)
devices+=("${two_functions[@]}")

conf() {
  printf '%s\n' "[device disk]" "address = 0000:00:05.0" "group = refuse"
}

expect() {
  host_has 0000:00:05.0 nvme
  host_has 0000:00:05.1 nvme
  of_device 0000:00:05.0 "refusal" '.state == "refused"'
  finding 0000:00:05.0 group-refused
  vfio_refuses 0000:00:05.0 group
  status_is 1
}
