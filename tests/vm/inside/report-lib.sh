# SPDX-License-Identifier: GPL-2.0-or-later
# What a real root reports to the host. Sourced there, POSIX sh.
# shellcheck shell=sh

# A line for each PCI device: address, driver, driver_override, network interfaces.
pci_devices() {
  for dev in /sys/bus/pci/devices/*; do
    driver=none
    if [ -e "$dev/driver" ]; then
      driver=$(basename "$(readlink "$dev/driver")")
    fi
    override=$(cat "$dev/driver_override")
    # shellcheck disable=SC2046 # zero or more names
    echo "${dev##*/} $driver $override" $(ls "$dev/net" 2>/dev/null)
  done
}

# A line for each physical function: address, virtual functions, whether drivers may have them.
physical_functions() {
  for total in /sys/bus/pci/devices/*/sriov_totalvfs; do
    [ -e "$total" ] || continue
    dev=${total%/*}
    echo "${dev##*/} $(cat "$dev/sriov_numvfs") $(cat "$dev/sriov_drivers_autoprobe")"
  done
}

# What is in this folder goes to the second serial port as a tar archive, and the power off.
send() {
  stty -F /dev/ttyS1 raw
  tar -cf /dev/ttyS1 .
  echo o >/proc/sysrq-trigger
  sleep 60
}
