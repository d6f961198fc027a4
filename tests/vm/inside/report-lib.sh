# SPDX-License-Identifier: GPL-2.0-or-later
# What a real root mounts, and what it sends to the tests. Sourced in the guest, POSIX sh.
# shellcheck shell=sh

# Mounts what a PID 1 needs, as systemd does where the initramfs has left it unmounted: one without systemd
# need not leave /proc.
mount_missing() {
  for mount in proc:proc sysfs:sys devtmpfs:dev tmpfs:run; do
    grep -q " /${mount#*:} " /proc/mounts 2>/dev/null ||
      mount -t "${mount%:*}" "${mount%:*}" "/${mount#*:}"
  done
}

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

# A line for each PF: address, sriov_numvfs, sriov_drivers_autoprobe.
physical_functions() {
  for total in /sys/bus/pci/devices/*/sriov_totalvfs; do
    [ -e "$total" ] || continue
    dev=${total%/*}
    echo "${dev##*/} $(cat "$dev/sriov_numvfs") $(cat "$dev/sriov_drivers_autoprobe")"
  done
}

# Sends this folder to the second serial port as a tar archive, and powers off.
send() {
  stty -F /dev/ttyS1 raw
  tar -cf /dev/ttyS1 .
  echo o >/proc/sysrq-trigger
  sleep 60
}
