# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of `passthru assign` and `passthru release`, as far as a directory can show: what is refused, and
# the messages. That drivers are unbound and bound is for the boots. Sourced, bash.
# shellcheck shell=bash disable=SC2154

nic=0000:00:02.0

# untouched: nothing was written to the device, and there is no report.
untouched() {
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] ||
    fail "driver_override was written"
  [[ ! -e $tree/run/passthru/report.json ]] || fail "there is a record"
}

# in_group ADDRESS GROUP: puts it into an IOMMU group that translates DMA.
in_group() {
  mkdir -p "$tree/sys/kernel/iommu_groups/$2/devices" "$tree/sys/class/iommu/dmar0"
  ln -s "../../../kernel/iommu_groups/$2" "$tree/sys/bus/pci/devices/$1/iommu_group"
  ln -s "../../../class/iommu/dmar0" "$tree/sys/bus/pci/devices/$1/iommu"
  ln -s "../../../../devices/pci0000:00/$1" "$tree/sys/kernel/iommu_groups/$2/devices/$1"
  echo DMA >"$tree/sys/kernel/iommu_groups/$2/type"
}

# interface ADDRESS NAME FLAGS: gives it a network interface.
interface() {
  put "sys/devices/pci0000:00/$1/net/$2/flags" <<<"$3"
  mkdir -p "$tree/sys/class/net"
  ln -s "../../devices/pci0000:00/$1/net/$2" "$tree/sys/class/net/$2"
}

assign_tree() {
  device "$nic" "${1-e1000e}"
  in_group "$nic" 1
}

assign_usage() {
  assign_tree
  passthru 64 assign
  says 'missing argument'
  passthru 64 release
  passthru 64 assign "$nic" --group everything
  says "'everything' is not listed, whole or refuse"
  passthru 64 assign "$nic" --driver e1000e
  says "'e1000e' is not auto, vfio-pci, xen-pciback or pci-stub"
  passthru 64 assign "$nic" --allow everything
  passthru 64 assign "$nic" --name 'a b'
  passthru 64 assign 'no/address'
  passthru 64 release "$nic" --group whole
  untouched
}

assign_name_for_two() {
  assign_tree
  device 0000:00:03.0
  passthru 64 assign "$nic" 00:03.0 --name both
  says 'for one device, these are 2'
  untouched
}

# A dry run does not need root.
dry_run_not_root() {
  local status=0 unprivileged=()
  ((UID)) || unprivileged=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  "${unprivileged[@]}" "$command" assign --dry-run ffff:ff:1f.7 >"$out" 2>"$err" || status=$?
  ((status != 77)) || fail "a dry run wants root"
}

assign_dry_run() {
  assign_tree
  passthru 0 assign "$nic" --dry-run
  says "pci-0000-00-02.0 $nic .* would be bound to vfio-pci, group 1"
  passthru 0 assign "$nic" --dry-run --json
  jq -e '.devices[0] | .state == "planned" and .previous_driver == "e1000e"' "$out" >/dev/null ||
    fail "no such JSON"
  set_driver "$nic" vfio-pci
  put "sys/devices/pci0000:00/$nic/uevent" \
    < <(printf '%s\n' DRIVER=vfio-pci PCI_CLASS=20000 PCI_ID=8086:10D3)
  passthru 0 release "$nic" --dry-run
  says 'would be returned to the host'
  untouched
}

assign_interface_up() {
  assign_tree
  interface "$nic" eth0 0x1003
  passthru 1 assign "$nic"
  says 'in-use: interface eth0 is up'
  untouched
  passthru 0 assign "$nic" --dry-run --allow network
  echo 0x1002 >"$tree/sys/class/net/eth0/flags"
  passthru 0 assign "$nic" --dry-run
}

assign_functions_on() {
  assign_tree
  put "sys/devices/pci0000:00/$nic/sriov_numvfs" <<<4
  passthru 1 assign "$nic"
  says 'in-use: 4 VFs are enabled'
  untouched
}

assign_bad_configuration() {
  assign_tree
  conf "[device nic]" "speed = 10"
  passthru 1 assign "$nic"
  says '/etc/passthru.conf:2:'
  untouched
}

# In a directory no stub driver can be loaded: the device must not be left without a driver.
assign_without_stub() {
  assign_tree ""
  passthru 1 assign "$nic"
  says 'stub-missing'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") != vfio-pci ]] ||
    fail "the claim stands"
}

assign_without_run() {
  assign_tree vfio-pci
  rmdir "$tree/run"
  passthru 1 assign "$nic"
  says '/run/passthru/report.json, so nothing is changed'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] ||
    fail "driver_override was written"
}

assign_damaged() {
  assign_tree vfio-pci
  put run/passthru/report.json <<<'{}'
  passthru 1 assign "$nic"
  says 'report.json: not a report .*; nothing was changed'
  [[ $(<"$tree/run/passthru/report.json") == '{}' ]] || fail "the file was changed"
}

# The process that holds the lock may be in the middle of a change.
assign_locked() {
  assign_tree vfio-pci
  mkdir "$tree/run/passthru"
  flock "$tree/run/passthru/lock" sleep 6 &
  wait_until test -e "$tree/run/passthru/lock"
  passthru 1 assign "$nic"
  says 'another passthru process holds the lock'
  kill $!
  untouched
}

assign_bound_already() {
  assign_tree vfio-pci
  passthru 0 assign "$nic"
  says 'already-bound'
  recorded '.program | startswith("passthru ")'
  recorded '.devices | length == 1 and .[0].state == "bound"'
  passthru 0 assign "$nic"
  recorded '.devices | length == 1'
  passthru 0 status
}

# The rule that matches the device gives its name and options.
assign_of_rule() {
  assign_tree vfio-pci
  conf "[passthru]" "group = refuse" "[device gpu]" "address = $nic" "driver = pci-stub"
  passthru 0 assign gpu --driver vfio-pci
  recorded '.devices[0] | .rule == "gpu" and .driver == "vfio-pci"'
  passthru 0 assign gpu --dry-run
  says "gpu $nic .* would be bound to pci-stub"
  device 0000:00:03.0 nvme
  in_group 0000:00:03.0 1
  passthru 1 assign gpu --dry-run
  says group-refused
}

persisted=etc/passthru.conf.d/pci-0000-00-02.0.conf

assign_persist() {
  assign_tree vfio-pci
  passthru 0 assign "$nic" --persist --iommu warn
  says "/$persisted: written$"
  says "^1 device assigned, .*Next: for the next boot rebuild the image: passthru image -o FILE\.$"
  [[ $(stat -c %a "$tree/$persisted") == 644 ]] || fail "its mode is not 0644"
  passthru 1 check
  says "pci-0000-00-02.0 $nic .* would be bound to vfio-pci"
  grep -qx 'path = pci0000:00/02.0' "$tree/$persisted" || fail "it does not say the path"
  grep -qx 'iommu = warn' "$tree/$persisted" || fail "it does not say iommu = warn"
  passthru 0 assign "$nic" --persist
  says 'is for it already'
  mkdir -p "$tree/usr/sbin"
  touch "$tree/usr/sbin/update-initramfs"
  set_driver "$nic" e1000e
  put "sys/devices/pci0000:00/$nic/uevent" \
    < <(printf '%s\n' DRIVER=e1000e PCI_CLASS=20000 PCI_ID=8086:10D3)
  passthru 0 release "$nic" --persist
  says "/$persisted: removed$"
  says "Next: for the next boot rebuild the image: update-initramfs -u\.$"
  [[ ! -e $tree/$persisted ]] || fail "it is still there"
}

assign_persist_dry_run() {
  assign_tree
  passthru 0 assign "$nic" --persist --dry-run
  [[ ! -e $tree/$persisted ]] || fail "a rule was written"
}

# It takes no name that a rule has, and overwrites no file that it has not written.
assign_persist_in_the_way() {
  assign_tree vfio-pci
  put etc/passthru.conf.d/mine.conf <<<"# mine"
  passthru 1 assign "$nic" --persist --name mine
  says 'not written by passthru'
  conf "[device other]" "address = 0000:00:09.0"
  passthru 1 assign "$nic" --persist --name other
  says '/etc/passthru.conf:1 has a \[device other\]'
  [[ $(<"$tree/etc/passthru.conf.d/mine.conf") == "# mine" ]] || fail "the file was changed"
  untouched
}

assign_persist_unwritable() {
  assign_tree vfio-pci
  mkdir -p "$tree/etc/passthru.conf.d/nic.conf.new"
  passthru 1 assign "$nic" --persist --name nic
  says '^passthru: /etc/passthru.conf.d/nic.conf: File exists'
}

release_persist_of_others() {
  assign_tree
  conf "[device nic]" "address = $nic"
  passthru 1 release "$nic" --persist
  says '\[device nic\] is from /etc/passthru.conf:1: remove it there'
}

release_not_assigned() {
  assign_tree
  passthru 0 release "$nic"
  says 'not-assigned: bound to e1000e'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] ||
    fail "driver_override was written"
}

assign_bridge() {
  assign_tree
  put "sys/devices/pci0000:00/$nic/uevent" \
    < <(printf '%s\n' DRIVER=pcieport PCI_CLASS=60400 PCI_ID=8086:10D3)
  passthru 1 assign "$nic"
  says 'bridge: class 060400'
  untouched
}

# It was announced before that was known: the record must not call it unfinished.
assign_until_bound() {
  host arm-groups-at-bind
  set_override "$nic" '(null)'
  passthru 0 assign "$nic" --dry-run
  says 'iommu-until-bound: '
  passthru 1 assign "$nic"
  says 'iommu-unknown: '
  recorded '.devices == []'
}

# If Xen does not say whether a guest has the device, assume that one has it.
release_xen_unknown() {
  assign_tree pciback
  put sys/hypervisor/properties/features <<<000228f0
  put sys/hypervisor/guest_type <<<PV
  put sys/bus/xen-backend/devices/pci-7-0/nodename <<<backend/pci/7/0
  passthru 1 release "$nic"
  says 'in-use: may be in use by a guest'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] ||
    fail "driver_override was written"
}

test_assign() {
  t "assign, release: usage errors" assign_usage
  t "assign: --name is for one device" assign_name_for_two
  t "assign: a dry run by who is not root" dry_run_not_root
  t "assign, release: --dry-run touches nothing; --json" assign_dry_run
  t "assign: an interface that is up, unless --allow network" assign_interface_up
  t "assign: a physical function whose virtual functions are on" assign_functions_on
  t "assign: a bridge" assign_bridge
  t "assign: a group that is made when a driver binds, and none that could" assign_until_bound
  t "assign: errors of the configuration" assign_bad_configuration
  t "assign: no stub, so no claim stands" assign_without_stub
  t "assign: what cannot be recorded is not done" assign_without_run
  t "assign: a damaged record" assign_damaged
  t "assign: another one has the record" assign_locked
  t "assign: bound already, twice" assign_bound_already
  t "assign: a rule by its name" assign_of_rule
  t "assign --persist and release --persist" assign_persist
  t "assign --persist: a dry run writes no rule" assign_persist_dry_run
  t "assign --persist: a file or a rule in the way" assign_persist_in_the_way
  t "assign --persist: the file cannot be written" assign_persist_unwritable
  t "release --persist: a rule of somebody else's" release_persist_of_others
  t "release: what the host's driver has" release_not_assigned
  t "release: Xen does not say which guest has it" release_xen_unknown
}
