# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of rules with conditions: one configuration on several machines. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# machine VENDOR: what the firmware says, beside one device that is bound to vfio-pci.
machine() {
  device 0000:00:02.0 vfio-pci
  put sys/class/dmi/id/sys_vendor <<<"$1"
  put sys/class/dmi/id/modalias <<<"dmi:"
  put sys/class/dmi/id/product_serial <<<"S64D"
}

# The same file for two machines; each has the rule of the other, too.
fleet_conf() {
  conf "[passthru]" "iommu = warn" \
    "[device tower]" "address = 0000:00:02.0" "match-firmware = sys_vendor:LENOVO" \
    "[device rack]" "address = 0000:00:02.0" "match-firmware = sys_vendor:Dell*"
}

# fleet VENDOR RULE OTHER: on the machine of VENDOR the first rule counts, the other does not.
fleet() {
  machine "$1"
  fleet_conf
  agent 0
  recorded "[.devices[] | .rule + \" \" + .state] == [\"$2 bound\"]"
  finding - condition-not-met
  says "info: condition-not-met: \[device $3\] \(/etc/passthru.conf:[36]\) is not for this machine: match-firmware ="
  passthru 1 check # for iommu = warn
  says "^info: condition-not-met: \[device $3\] "
  passthru 0 list "$2"
  says "^passthru: info: condition-not-met: \[device $3\] "
  says '^00:02.0 '
  passthru 66 list "$3"
  says "^  \[device $3\] is not for this machine: match-firmware = "
  agent 0 --hotplug 0000:00:02.0
  recorded "[.devices[] | .rule + \" \" + .state] == [\"$2 bound\"]"
}

# Nothing is to be done, so nothing is wrong, and udev need not call.
for_another() {
  machine Maker
  fleet_conf
  agent 0
  recorded '.devices == [] and (.findings | map(.code) | index("condition-not-met") != null)'
  [[ ! -e $tree/run/udev/rules.d/60-passthru.rules ]] || fail "udev is told of it"
}

# A host on which there is nothing else to say.
check_for_another() {
  host intel
  conf "[device disk]" "address = 00:03.0" "id = 1b36:0010" "match-platform = xen-dom0"
  mountinfo "1 0 253:0 / / rw - ext4 /dev/vda rw"
  mkdir -p "$tree/sys/dev/block"
  ln -s ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
  passthru 0 check
  lines_are 3
  says "^info: condition-not-met: \[device disk\] \(/etc/passthru.conf:1\) is not for this machine: match-platform = xen-dom0, but it is 'bare'\$"
  passthru 0 check --json
  says '"devices":\[\]'
  says '"code":"condition-not-met"'
}

# What cannot be read is no answer: neither rule takes the device, nor does one that comes after.
unknown() {
  machine Maker
  rm "$tree/sys/class/dmi/id/sys_vendor"
  ln -s sys_vendor "$tree/sys/class/dmi/id/sys_vendor"
  fleet_conf
  put etc/passthru.conf.d/more.conf <<<$'[device any]\nid = 8086:*'
  agent 1
  finding 0000:00:02.0 condition-unknown
  recorded '[.devices[] | select(.address) | .rule + " " + .state] == ["tower refused"]'
  says 'it is not known whether the rule from /etc/passthru.conf:3 is for this machine: match-firmware = sys_vendor:LENOVO: could not read /sys/class/dmi/id/sys_vendor'
  passthru 2 check
  says 'error: condition-unknown'
}

# There is nothing to bind, but what may be plugged in later must not be bound either.
unknown_absent() {
  machine Maker
  rm "$tree/sys/class/dmi/id/sys_vendor"
  ln -s sys_vendor "$tree/sys/class/dmi/id/sys_vendor"
  put sys/bus/pci/drivers/vfio-pci/new_id </dev/null
  conf "[device a]" "id = 1:2" "iommu = warn" "$1"
  agent 1
  [[ $(<"$tree/sys/bus/pci/drivers/vfio-pci/new_id") == "$2" ]] ||
    fail "new_id: $(<"$tree/sys/bus/pci/drivers/vfio-pci/new_id")"
}

on_command_line() {
  machine Maker
  cmdline "site=fra passthru.device=8086:10d3,iommu=warn,match-kernel-command-line=site=fra+site=ber,match_platform=bare"
  agent 0
  recorded '[.devices[] | .rule + " " + .state] == ["cmdline1 bound"]'
  cmdline "site=muc passthru.device=8086:10d3,iommu=warn,match-kernel-command-line=site=fra+site=ber"
  agent 0
  says 'condition-not-met: \[device cmdline1\] \(the kernel command line\) is not for this machine: match-kernel-command-line = site=fra site=ber'
}

host_name() {
  machine Maker
  conf "[device a]" "id = 8086:10d3" "match-host = node*"
  agent 2
  says '/etc/passthru.conf:3: match-host = node\*: expected match-firmware or match-kernel-command-line instead: an initramfs knows no host name'
}

recorded_firmware() {
  machine "Dell Inc."
  put proc/sys/kernel/arch <<<aarch64
  put sys/devices/system/cpu/modalias <<<"cpu:type:aarch64:feature:,0000"
  mkdir -p "$tree/sys/firmware/devicetree/base/hypervisor"
  printf 'rpi\0bcm\0' | put sys/firmware/devicetree/base/compatible
  passthru 0 record
  says '^sys_vendor = Dell Inc.$'
  says '^arch = aarch64$'
  says '^modalias = cpu:type:aarch64:feature:,0000$'
  says '^: 000000 72 70 69 00 62 63 6d 00$'
  says '^hypervisor = \(there\)$'
  says_not S64D
}

# What was left out of a dump is not known of its host; what the firmware does not set is.
conditions_of_dump() {
  machine LENOVO
  passthru 0 record
  cp "$out" "$tree.host"
  mkdir -p "$tree.copy"/{proc,etc}
  "$build/unit/lay-out" "$tree.host" "$tree.copy" || fail "cannot be laid out"
  tree=$tree.copy
  conf "[device a]" "id = 8086:10d3" "match-firmware = product_serial:S64D"
  passthru 2 check
  says 'condition-unknown: .* could not read /sys/class/dmi/id/product_serial'
  conf "[device a]" "id = 8086:10d3" "match-firmware = board_serial:S64D"
  passthru 1 check
  says 'condition-not-met: .*, but it has no board_serial'
  conf "[device a]" "id = 8086:10d3" "iommu = warn" "match-firmware = sys_vendor:LENOVO"
  passthru 1 check
  says 'a 0000:00:02.0 .* would be bound'
}

test_conditions() {
  t "conditions: one configuration, a machine of one kind" fleet LENOVO tower rack
  t "conditions: one configuration, a machine of the other" fleet "Dell Inc." rack tower
  t "conditions: no rule is for this machine" for_another
  t "conditions: check has nothing to complain of" check_for_another
  t "conditions: not known, so nothing is bound" unknown
  t "conditions: not known, so the stub driver is not told an id" unknown_absent "match-firmware = !sys_vendor:X" ""
  t "conditions: known, it is" unknown_absent "match-firmware = !product_serial:X" \
    "1 2 ffffffff ffffffff 0 0"
  t "conditions: on the kernel command line" on_command_line
  t "conditions: a host name is an error that says what to use" host_name
  t "record: what conditions ask for, without serial numbers" recorded_firmware
  t "record: what it leaves out is unknown to conditions" conditions_of_dump
}
