# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of VFs, in all modes and commands. Sourced, bash.
# shellcheck shell=bash disable=SC2154

physical=0000:00:02.0 function=0000:00:02.1

# virtual PF NUMBER ADDRESS: makes the device ADDRESS that VF, as sysfs shows it.
virtual() {
  local devices=$tree/sys/bus/pci/devices
  ln -s "$(realpath --relative-to="$devices/$1/" "$devices/$3/")" "$devices/$1/virtfn$2"
  ln -s "$(realpath --relative-to="$devices/$3/" "$devices/$1/")" "$devices/$3/physfn"
}

# A PF with one of two VFs enabled, which is bound to vfio-pci.
functions_tree() {
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<2
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<1
  device "$function" vfio-pci
  virtual "$physical" 0 "$function"
  conf "[sriov card]" "address = $physical" "vfs = 1" "iommu = warn"
}

sriov_without_device() {
  conf "[sriov card]" "vfs = 2"
  passthru 2 check
  says '/etc/passthru.conf:1: \[sriov card\] selects nothing'
  agent 2
  says '/etc/passthru.conf:1: \[sriov card\] selects nothing'
}

# Only the host shows this: it is an error of the plan, with file and line of the rule.
sriov_of_other() {
  device "$physical" e1000e
  conf "# a line" "[sriov card]" "address = $physical" "vfs = 2"
  passthru 2 check
  says 'sriov-missing: the rule from /etc/passthru.conf:2 enables VFs'
  passthru 0 check --lenient
  agent 1
  says 'sriov-missing: the rule from /etc/passthru.conf:2 enables VFs'
}

# sriov_overlap TEXT LINE...: the error when these lines follow the [sriov] section.
sriov_overlap() {
  conf "[sriov card]" "address = $physical" "vfs = 4" "vf = 0-1" "${@:2}"
  passthru 2 check
  says "/etc/passthru.conf:5: $1"
  agent 2
  recorded '.devices == []'
}

# Its driver is built into the kernel: udev calls the agent only at coldplug.
sriov_at_coldplug() {
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<2
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<0
  put "sys/devices/pci0000:00/$physical/sriov_drivers_autoprobe" <<<1
  conf "[sriov card]" "address = $physical" "vfs = 2"
  agent 0
  says 'waiting for udev, then 2 VFs are enabled'
  [[ $(<"$tree/sys/devices/pci0000:00/$physical/sriov_numvfs") == 0 ]] || fail "too early"
  agent 0 --hotplug "$physical" --coldplug
  recorded '[.devices[].state] == ["ready"]'
  [[ $(cat "$tree/sys/devices/pci0000:00/$physical"/sriov_{numvfs,drivers_autoprobe} | xargs) == "2 1" ]] ||
    fail "it was not divided"
}

sriov_in_check_and_list() {
  functions_tree
  passthru 1 check
  says "card +$physical"
  passthru 0 list --json
  jq -e '[.devices[] | [.address, .rule, .taken, .vfs, .vf]] ==
    [["0000:00:02.0", "card", false, 1, null], ["0000:00:02.1", "card", true, null, 0]]' "$out" \
    >/dev/null || fail "not in the JSON"
  passthru 0 list --long "$function"
  says "SR-IOV +virtual function 0 of $physical$"
}

# All in the configured state; then a VF disappears, with the driver of its PF.
sriov_in_status() {
  functions_tree
  agent 0
  recorded '[.devices[] | .rule + " " + .address + " " + .state] ==
    ["card 0000:00:02.0 ready", "card 0000:00:02.1 bound"]'
  passthru 0 status
  says "card +$physical .*ready"
  set_driver "$physical" ""
  rm "$tree/sys/bus/pci/devices/$function"
  passthru 1 status
  says "$physical .*no driver"
  says "$function .*gone"
}

# sriov_status_of STATUS STATE DRIVER NUMBER NOW: of a PF whose rule says vfs = 3. The report has STATE;
# sysfs has DRIVER and NUMBER; status shows NOW.
sriov_status_of() {
  device "$physical" "$3"
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<"$4"
  report '{"rule": "card", "address": "'"$physical"'", "driver": "'"$3"'", "vfs": 3,
    "state": "'"$2"'", "findings": []}'
  passthru "$1" status
  says "^card +$physical $2 +wanted: 3 VFs \\(keeps its driver\\), now: $5\$"
}

# The report of a PF that waits, and its status.
sriov_waits() {
  device "$physical"
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<7
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<0
  conf "[sriov card]" "address = $physical" "vfs = 3"
  agent 0
  recorded '.devices | length == 1 and .[0].vfs == 3 and .[0].driver == null'
  set_driver "$physical" nvme
  passthru 1 status
  says "^card +$physical waiting +wanted: 3 VFs \\(keeps its driver\\), now: nvme, 0 VFs\$"
}

# The driver is the same, but the VFs are not.
sriov_changed() {
  sriov_status_of 1 ready nvme 0 'nvme, 0 VFs  <-- changed since the initramfs'
  agent 1 --verify
  says "changed: $physical is recorded as ready for nvme, now nvme, 0 VFs"
}

sriov_in_assign() {
  functions_tree
  set_driver "$function" e1000e
  passthru 0 assign --dry-run --iommu warn "$function"
  says "card $function .*would be bound to vfio-pci"
  set_driver "$function" vfio-pci
  passthru 0 release --dry-run "$function"
  says "card $function"
}

# The settings of VFs that a rule can have; an error has file and line.
sriov_settings() {
  conf "[sriov card]" "address = $physical" "vfs = 2" "mac = 52:54:00:00:00:01" "vlan = 4095"
  passthru 2 check
  says '/etc/passthru.conf:5: vlan = 4095: expected numbers from 0 to 4094'
  says '/etc/passthru.conf:1: \[sriov card\] has 1 values in mac for 2 VFs: each needs its own'
  agent 2
  recorded '.devices == []'
}

# A PF without VFs by now, and a rule with LINE....
bare_physical() {
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<2
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<0
  put "sys/devices/pci0000:00/$physical/sriov_drivers_autoprobe" <<<1
  conf "[sriov card]" "address = $physical" "id = 8086:10d3" "vfs = 2" "$@"
  agent 0
}

# Once for the driver of the PF, once for its interface.
sriov_awaits_interface() {
  bare_physical "vlan = 5"
  grep -qF 'SUBSYSTEMS=="pci", TEST=="device/sriov_numvfs"' "$tree/run/udev/rules.d/60-passthru.rules" ||
    fail "udev is not to tell of interfaces"
  agent 1 --hotplug "$physical"
  says 'pf-interface: could not find .*: the PF has no network interface'
  recorded '[.devices[] | .state, .findings[].code] == ["waiting", "pf-interface"]'
  [[ $(<"$tree/sys/devices/pci0000:00/$physical/sriov_numvfs") == 0 ]] || fail "VFs that nothing was set of"
  put "sys/devices/pci0000:00/$physical/net/eth0/ifindex" <<<7
  put "sys/devices/pci0000:00/$physical/net/eth0/flags" <<<0x1002
  agent 0 --hotplug "$physical"
  recorded '[.devices[] | .state, .findings] == ["ready", []]'
}

# within SECONDS COMMAND...: the command succeeds by then.
within() {
  local tries=$(($1 * 20))
  shift
  while ! "$@" && ((tries--)); do
    sleep 0.05
  done
  "$@"
}

interface_is() {
  put "sys/devices/pci0000:00/$physical/net/eth0/flags" <<<"$1"
}

udev_is_told() {
  [[ $(head -c 3 "$tree/sys/devices/pci0000:00/$physical/uevent") == add ]]
}

# A PF that waits for its interface. The file keeps what it had behind the digit that is written: there are 20.
sriov_waits_for_link() {
  bare_physical
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<00
  put "sys/devices/pci0000:00/$physical/net/eth0/ifindex" <<<7
  interface_is 0x1002
  agent 1 --hotplug "$physical"
  recorded '[.devices[] | .state, .findings[].code] == ["waiting", "sriov-failed", "pf-down"]'
  [[ -e $tree/run/passthru/links ]] || fail "nobody is to wait"
}

# Nothing is done until the interface is up; then udev is told once, and the waiting ends with the VFs.
sriov_awaits_link() {
  local waiter
  sriov_waits_for_link
  timeout 30 "$init" --root "$tree" --await-links >"$tree.log" 2>&1 &
  waiter=$!
  within 5 test ! -e "$tree/run/passthru/links" || fail "it does not wait"
  put run/passthru/links </dev/null # by a second PF
  agent 0 --await-links
  kill -0 "$waiter" || fail "it has ended"
  ! udev_is_told || fail "udev is told of an interface that is down"
  interface_is 0x1003
  within 5 udev_is_told || fail "udev is not told"
  device "$physical" e1000e
  sleep 1.5
  ! udev_is_told || fail "udev is told again"
  interface_is 0x1002
  sleep 1.5
  interface_is 0x1003
  within 5 udev_is_told || fail "udev is not told when it comes up again"
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<0
  agent 0 --hotplug "$physical" --coldplug
  recorded '[.devices[] | .state, .findings] == ["ready", []]'
  wait "$waiter" || fail "exit status $?"
  [[ $(grep -c "passthru: $physical: interface eth0 is up, so VFs are tried again" "$tree.log") == 2 ]] || fail "not logged"
}

# Nobody waits, and nobody asks for the file to be there for ever.
sriov_awaits_no_link() {
  agent 0 --await-links
  bare_physical
  put run/passthru/links </dev/null
  agent 0 --await-links
  [[ ! -e $tree/run/passthru/links ]] || fail "it would be started for ever"
  echo nonsense >"$tree/run/passthru/report.json"
  agent 3 --await-links
  says 'could not read /run/passthru/report.json, so VFs are not tried again when an interface comes up: '
  run 64 "$init" --root "$tree" --await-links --verify
}

# There is no kernel behind a tree, and that of this machine has nothing to do with it.
sriov_settings_need_kernel() {
  bare_physical "pf-up = yes"
  put "sys/devices/pci0000:00/$physical/net/lo/ifindex" <<<1
  put "sys/devices/pci0000:00/$physical/net/lo/flags" <<<0x8
  agent 1 --hotplug "$physical"
  says 'pf-down: could not bring up interface lo: '
}

# By the rule of the configuration, also at run time; then the VF is not bound.
sriov_settings_in_assign() {
  functions_tree
  rm -rf "$tree/sys/bus/pci/devices/$function" "$tree/sys/devices/pci0000:00/$function"
  device "$function"
  virtual "$physical" 1 "$function"
  conf "[sriov card]" "address = $physical" "vfs = 1" "iommu = warn" "vlan = 5"
  passthru 1 assign --iommu warn "$function"
  says 'vf-setting-failed: could not set VF 0 by the interface of the PF: the PF has no network interface'
  recorded '.devices[0] | .state == "failed" and .vf_settings == {"vlan": "5"} and .previous_vf_settings == null'
}

# What is on record of the VF is set again, or else it is said. A tree unbinds no driver.
sriov_settings_in_release() {
  functions_tree
  report '{"rule": "card", "address": "'"$function"'", "id": "8086:10d3", "driver": "vfio-pci", "state": "bound",
    "vf_settings": {"vlan": "5"}, "previous_vf_settings": {"vlan": "0"}, "findings": []}'
  passthru 1 release "$function"
  says 'vf-setting-kept: could not set VF 0 by the interface of the PF'
  recorded '.devices[0] | .vf_settings == null and .previous_vf_settings == null'
}

test_sriov() {
  t "sriov: of no device" sriov_without_device
  t "sriov: of a device without SR-IOV" sriov_of_other
  t "sriov: another section has the physical function" \
    sriov_overlap '\[device nic\] matches functions' "[device nic]" "address = $physical"
  t "sriov: another section has one of the functions" \
    sriov_overlap '\[device nic\] matches functions' "[device nic]" "address = $physical" "vf = 1-2"
  t "sriov: another section divides it" \
    sriov_overlap '\[sriov more\] matches functions' "[sriov more]" "address = $physical" "vfs = 1"
  t "sriov: a physical function that has its driver at boot" sriov_at_coldplug
  t "sriov: in check and list" sriov_in_check_and_list
  t "sriov: in status" sriov_in_status
  t "sriov: in status, ready" sriov_status_of 0 ready nvme 3 'nvme, 3 VFs'
  t "sriov: in status, waiting" sriov_waits
  t "sriov: in status, waiting with a driver" sriov_status_of 1 waiting nvme 0 'nvme, 0 VFs'
  t "sriov: in status, refused" sriov_status_of 1 refused nvme 2 'nvme, 2 VFs'
  t "sriov: in status, failed" sriov_status_of 1 failed nvme 0 'nvme, 0 VFs'
  t "sriov: in status and verify, gone since" sriov_changed
  t "sriov: in assign and release" sriov_in_assign
  t "sriov: settings with errors" sriov_settings
  t "sriov: settings need an interface of the PF" sriov_awaits_interface
  t "sriov: a PF whose interface must be up" sriov_awaits_link
  t "sriov: no PF whose interface must be up" sriov_awaits_no_link
  t "sriov: settings need a kernel" sriov_settings_need_kernel
  t "sriov: settings in assign" sriov_settings_in_assign
  t "sriov: settings in release" sriov_settings_in_release
}
