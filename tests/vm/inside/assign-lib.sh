# SPDX-License-Identifier: GPL-2.0-or-later
# For the commands of cases that assign and release in the real root. Sourced there, POSIX sh.
# shellcheck shell=sh

# run WHAT ARG...: passthru with these arguments, and its exit status.
run() {
  what=$1
  shift
  passthru "$@"
  echo "$what: exit $?"
}

# driver WHEN ADDRESS: what the kernel says.
driver() {
  echo "$1: $2 has $(basename "$(readlink "/sys/bus/pci/devices/$2/driver")")," \
    "override $(cat "/sys/bus/pci/devices/$2/driver_override")"
}

# hand_to DRIVER ADDRESS: from whichever has it, without a trace of how.
hand_to() {
  device=/sys/bus/pci/devices/$2
  echo "$1" >"$device/driver_override"
  echo "$2" >"$device/driver/unbind"
  echo "$2" >/sys/bus/pci/drivers_probe
  echo >"$device/driver_override"
}

# found_again ADDRESS: it is removed, and udev is told of it once more.
found_again() {
  echo 1 >"/sys/bus/pci/devices/$1/remove"
  echo 1 >/sys/bus/pci/rescan
  udevadm settle --timeout=60
}

# The root is read-only.
writable_etc() {
  mount -t tmpfs tmpfs /mnt
  cp -a /etc/. /mnt/
  mount --bind /mnt /etc
}
