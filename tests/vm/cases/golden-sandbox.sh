# SPDX-License-Identifier: GPL-2.0-or-later
# The properties are read from the distribution's unit, so that the test covers its updates. udev's queue
# is stopped, so that only this test calls the agent.
title="a whole Debian: each mode of the agent does the same in the sandbox of systemd-udevd.service"
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" \
    "[device disk]" "id = 1b36:0010" "address = 0000:00:03.0" \
    "[sriov other]" "address = 0000:01:00.0" "vfs = 2"
}

commands() {
  cat "$vm_dir/inside/assign-lib.sh"
  cat <<'END'
# The properties of the sandbox, without those for start, watchdog and stop.
systemctl cat systemd-udevd.service | sed -n '/^\[Service\]/,/^\[[^S]/p' | grep '^[A-Z][A-Za-z]*=' |
  grep -Ev '^(Type|Exec[A-Za-z]*|Restart[A-Za-z]*|Watchdog[A-Za-z]*|Notify[A-Za-z]*|Sockets|KillMode|ReloadSignal|FileDescriptorStore[A-Za-z]*|Timeout[A-Za-z]*)=' >properties
sed 's/^/property: /' properties

plain() {
  /usr/lib/passthru/passthru-init "$@"
}

sandboxed() (
  IFS='
'
  set -f
  # shellcheck disable=SC2046 # one word a line
  systemd-run --quiet --wait --pipe --collect $(sed 's/^/--property=/' properties) \
    /usr/lib/passthru/passthru-init "$@"
)

# free ADDRESS: unbinds it and clears its driver_override.
free() {
  device=/sys/bus/pci/devices/$1
  echo >"$device/driver_override"
  [ ! -e "$device/driver" ] || echo "$1" >"$device/driver/unbind"
}

# no_functions: disables the VFs.
no_functions() {
  for function in 1 2; do
    [ ! -e "/sys/bus/pci/devices/0000:01:00.$function" ] || free "0000:01:00.$function"
  done
  echo 0 >/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
}

# try HOW MODE ARG...: runs the agent and prints its exit status; its output is kept to be compared.
try() {
  how=$1 mode=$2
  shift 2
  "$how" "$@" >"$mode-$how.txt" 2>&1
  echo "$mode: $how: exit $?"
}

# has HOW MODE ADDRESS...: prints the drivers of these devices.
has() {
  how=$1 mode=$2
  shift 2
  for address in "$@"; do
    driver "$mode: $how" "$address"
  done
}

udevadm settle
udevadm control --stop-exec-queue
for how in plain sandboxed; do
  free 0000:00:02.0
  try $how hotplug --hotplug 0000:00:02.0
  has $how hotplug 0000:00:02.0

  no_functions
  try $how sriov --hotplug 0000:01:00.0
  has $how sriov 0000:01:00.1 0000:01:00.2

  try $how verify --verify

  free 0000:00:02.0
  try $how dry-run --dry-run
  has $how dry-run 0000:00:02.0

  try $how boot
  has $how boot 0000:00:02.0 0000:00:03.0

  echo "due 1" >/run/passthru/rescue
  try $how rescue --rescue
  has $how rescue 0000:00:02.0 0000:00:03.0
  passthru assign 00:03.0 >/dev/null
  has $how back 0000:00:03.0
done
for mode in dry-run; do
  cmp $mode-plain.txt $mode-sandboxed.txt && echo "$mode: the same"
done
udevadm control --start-exec-queue
END
}

# answers MODE EXIT: the exit status, outside and inside the sandbox.
answers() {
  local how
  for how in plain sandboxed; do
    says "^$1: $how: exit $2\$"
  done
}

# gives MODE ADDRESS DRIVER: likewise, the driver that the device is bound to.
gives() {
  local how
  for how in plain sandboxed; do
    says "^$1: $how: $2 has $3, "
  done
}

expect() {
  says '^property: SystemCallFilter='
  says '^property: RestrictSUIDSGID=yes'
  answers hotplug 0
  gives hotplug 0000:00:02.0 vfio-pci
  answers sriov 0
  gives sriov 0000:01:00.1 vfio-pci
  gives sriov 0000:01:00.2 vfio-pci
  answers verify 0
  answers dry-run 0
  gives dry-run 0000:00:02.0 ''
  says '^dry-run: the same'
  answers boot 0
  gives boot 0000:00:02.0 vfio-pci
  gives boot 0000:00:03.0 vfio-pci
  answers rescue 1
  gives rescue 0000:00:02.0 vfio-pci
  gives rescue 0000:00:03.0 nvme
  gives back 0000:00:03.0 vfio-pci
}
