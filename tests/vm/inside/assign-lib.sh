# SPDX-License-Identifier: GPL-2.0-or-later
# For cases that assign and release devices in the real root. Sourced by their commands, POSIX sh.
# shellcheck shell=sh

# run WHAT ARG...: runs passthru and prints its exit status.
run() {
  what=$1
  shift
  passthru "$@"
  echo "$what: exit $?"
}

# driver WHEN ADDRESS: prints driver and driver_override.
driver() {
  echo "$1: $2 has $(basename "$(readlink "/sys/bus/pci/devices/$2/driver")")," \
    "override $(cat "/sys/bus/pci/devices/$2/driver_override")"
}

# hand_to DRIVER ADDRESS: binds the device to DRIVER and leaves no driver_override.
hand_to() {
  device=/sys/bus/pci/devices/$2
  echo "$1" >"$device/driver_override"
  echo "$2" >"$device/driver/unbind"
  echo "$2" >/sys/bus/pci/drivers_probe
  echo >"$device/driver_override"
}

# found_again ADDRESS: removes the device and rescans the bus.
found_again() {
  echo 1 >"/sys/bus/pci/devices/$1/remove"
  echo 1 >/sys/bus/pci/rescan
  udevadm settle --timeout=60
}

# The root is read-only: puts a copy of /etc into memory.
writable_etc() {
  mount -t tmpfs tmpfs /mnt
  cp -a /etc/. /mnt/
  mount --bind /mnt /etc
}
