# SPDX-License-Identifier: GPL-2.0-or-later
# The ids= in modprobe.d also match the disk that / is on, and vfio-pci is loaded
#   pre     by rd.driver.pre=, after the agent
#   before  by a script, just before the agent starts
#   new-id  by the same script, which writes the IDs to new_id instead of ids=
title="vfio-pci is loaded by somebody else, with ids= that / is on: the host has that disk"
images=(systemd-storage classic-storage)
variants=(pre before new-id)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme
# No device is left for vfio-pci then. The agent loads it all the same, without ids=, so that nothing else
# loads it with them.
[[ ${variant-} != pre ]] ||
  cmdline+=" rd.driver.pre=vfio-pci passthru.device=0000:00:03.0,driver=pci-stub"

conf() {
  [[ $variant != new-id ]] || printf '%s\n' "[device usb]" "class = 0c0330"
}

# come_before FOLDER COMMAND...: runs these commands just before the agent.
come_before() {
  local dir=$1/usr/lib/passthru
  shift
  mkdir -p "$dir"
  cp "$root_dir/usr/lib/passthru/passthru-init" "$dir/passthru-init.real"
  printf '%s\n' "#!/bin/sh" '[ $# -gt 0 ] || {' "$@" '}' \
    'exec /usr/lib/passthru/passthru-init.real "$@"' >"$dir/passthru-init"
  chmod 755 "$dir/passthru-init"
}

overlay() {
  mkdir -p "$1/etc/modprobe.d"
  "$vm_dir/images/stacks.sh"
  record "$1"
  case $variant in
    pre) echo "options vfio-pci ids=1b36:0010" >"$1/etc/modprobe.d/vfio.conf" ;;
    before)
      echo "options vfio-pci ids=1b36:0010,8086:10d3" >"$1/etc/modprobe.d/vfio.conf"
      come_before "$1" "modprobe vfio-pci"
      ;;
    new-id)
      come_before "$1" "modprobe vfio-pci" \
        "echo 1b36 0010 >/sys/bus/pci/drivers/vfio-pci/new_id" \
        "echo 8086 10d3 >/sys/bus/pci/drivers/vfio-pci/new_id"
      ;;
  esac
}

commands() {
  printf '%s\n' "passthru check; passthru list; passthru status"
}

expect() {
  case $variant in
    pre)
      refused "$address" guard-storage nvme
      taken 0000:00:03.0 pci-stub
      ;;
    before)
      returned_early "$address"
      taken 0000:00:02.0 vfio-pci
      finding 0000:00:02.0 already-bound
      taken 0000:00:03.0 vfio-pci
      ;;
    new-id)
      returned_early "$address"
      taken 0000:00:04.0 vfio-pci
      sysfs 0000:00:02.0 vfio-pci '(null)'
      not_in_report 0000:00:02.0
      finding - bound-by-other
      logged '0000:00:02.0 \[8086:10d3\] is bound to vfio-pci, but no rule matches it'
      says '^0000:00:02.0 is bound to vfio-pci, but not by passthru'
      says '^00:02.0 .* bound by another program '
      says 'bound-by-other: 0000:00:02.0 \[8086:10d3\] is bound to vfio-pci now'
      ;;
  esac
  status_is 1
}

returned_early() {
  of_device "$1" "returned" '.state == "returned"'
  finding "$1" guard-storage
  finding "$1" bound-by-other
  sysfs "$1" nvme '(null)'
}
