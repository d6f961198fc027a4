# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of what comes later than the boot: `passthru-init --late`, and virtual functions in all
# commands. Sourced, bash.
# shellcheck shell=bash disable=SC2154

physical=0000:00:02.0 function=0000:00:02.1

# virtual PHYSICAL NUMBER ADDRESS: the device ADDRESS is this virtual function, as sysfs shows it.
virtual() {
  local devices=$tree/sys/bus/pci/devices
  ln -s "$(realpath --relative-to="$devices/$1/" "$devices/$3/")" "$devices/$1/virtfn$2"
  ln -s "$(realpath --relative-to="$devices/$3/" "$devices/$1/")" "$devices/$3/physfn"
}

# A physical function with one virtual one of two, which vfio-pci has.
functions_tree() {
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<2
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<1
  device "$function" vfio-pci
  virtual "$physical" 0 "$function"
  conf "[sriov card]" "address = $physical" "vfs = 1" "iommu = warn"
}

# late ADDRESS...: all at once, as udev does it.
late() {
  local address pids=()
  for address in "$@"; do
    timeout -s KILL "$limit" "$init" --root "$tree" --late "$address" >>"$out" 2>&1 &
    pids+=($!)
  done
  wait "${pids[@]}" || fail "exit status $?"
}

late_together() {
  local i addresses=()
  conf
  for i in 0 1 2 3 4 5 6 7; do
    addresses+=("0000:00:0$i.0")
    printf '%s\n' "[device d$i]" "address = ${addresses[i]}" "iommu = warn" >>"$tree/etc/passthru.conf"
  done
  agent 1
  recorded '[.devices[].state] | length == 8 and all(. == "absent")'
  for i in "${addresses[@]}"; do
    device "$i" vfio-pci
  done
  late "${addresses[@]}"
  recorded '(.devices | length == 8) and (.devices | map(.address) | unique | length == 8) and
    (.devices | all(.state == "bound" and (.findings | length > 0)))'
}

is_locked() {
  ! flock --nonblock "$tree/$1" true
}

# The lock of who changes the record, longer than anyone waits for it by default.
late_waits() {
  local holder
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  device "$physical" vfio-pci
  flock "$tree/run/passthru/lock" sleep 2.5 &
  wait_until is_locked run/passthru/lock
  holder=$!
  late "$physical"
  ! is_locked run/passthru/lock || fail "it did not wait"
  wait "$holder"
  recorded '[.devices[].state] == ["bound"]'
}

# Found anew while somebody gives it back, who has said so only when the lock is free again.
late_during_release() {
  local holder
  device "$physical" vfio-pci
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 0
  set_driver "$physical" ""
  set_override "$physical" '(null)'
  (
    flock 9
    sleep 1
    sed -i 's/"bound"/"returned"/' "$tree/run/passthru/report.json"
  ) 9>"$tree/run/passthru/lock" &
  wait_until is_locked run/passthru/lock
  holder=$!
  agent 0 --late "$physical"
  wait "$holder"
  recorded '[.devices[].state] == ["returned"]'
  [[ $(<"$tree/sys/bus/pci/devices/$physical/driver_override") == "(null)" ]] || fail "it was taken again"
}

# late_left STATUS CMDLINE: nothing is done, and the record stays as it is.
late_left() {
  local before
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  before=$(<"$tree/run/passthru/report.json")
  device "$physical" vfio-pci
  cmdline "$2"
  agent "$1" --late "$physical"
  lines_are 0
  [[ $(<"$tree/run/passthru/report.json") == "$before" ]] || fail "the record was changed"
}

# It is there, and cannot be looked at: that is not that it is gone.
late_device_unread() {
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  device "$physical"
  rm "$tree/sys/devices/pci0000:00/$physical/uevent"
  mkdir "$tree/sys/devices/pci0000:00/$physical/uevent"
  agent 3 --late "$physical"
  says "unreadable: $physical: Is a directory"
}

# late_unread PATH: that is a directory or a file, so nobody knows what is to become of the device.
late_unread() {
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  device "$physical" vfio-pci
  if [[ -d $tree/$1 ]]; then
    rm -r "${tree:?}/$1"
    touch "$tree/$1"
  else
    rm "$tree/$1"
    mkdir "$tree/$1"
  fi
  agent 3 --late "$physical"
  says "error: no-record: could not read /$1: "
  [[ $(<"$tree/sys/bus/pci/devices/$physical/driver_override") == "(null)" ]] || fail "it was taken"
}

no_watch() {
  [[ ! -e $tree/run/udev ]] || fail "udev is told of something"
}

# watch_nothing STATUS CMDLINE LINE...: the agent with this configuration has nothing to wait for.
watch_nothing() {
  cmdline "$2"
  [[ ! ${3-} ]] || conf "${@:3}"
  agent "$1"
  no_watch
}

sriov_without_device() {
  conf "[sriov card]" "vfs = 2"
  passthru 2 check
  says '/etc/passthru.conf:1: \[sriov card\] selects nothing'
  agent 2
  says '/etc/passthru.conf:1: \[sriov card\] selects nothing'
}

# This only the host can tell: an error of the plan, with the place of the rule.
sriov_of_other() {
  device "$physical" e1000e
  conf "# a line" "[sriov card]" "address = $physical" "vfs = 2"
  passthru 2 check
  says 'sriov-missing: the rule from /etc/passthru.conf:2 wants virtual functions'
  passthru 0 check --lenient
  agent 1
  says 'sriov-missing: the rule from /etc/passthru.conf:2 wants virtual functions'
}

# sriov_overlap TEXT LINE...: what the error says when these are behind the [sriov] section.
sriov_overlap() {
  conf "[sriov card]" "address = $physical" "vfs = 4" "vf = 0-1" "${@:2}"
  passthru 2 check
  says "/etc/passthru.conf:5: $1"
  agent 2
  recorded '.devices == []'
}

# Its driver is built into the kernel: udev tells nothing of it but at coldplug.
sriov_at_coldplug() {
  device "$physical" e1000e
  put "sys/devices/pci0000:00/$physical/sriov_totalvfs" <<<2
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<0
  put "sys/devices/pci0000:00/$physical/sriov_drivers_autoprobe" <<<1
  conf "[sriov card]" "address = $physical" "vfs = 2"
  agent 0
  says 'waits for udev, then gets 2 virtual functions'
  [[ $(<"$tree/sys/devices/pci0000:00/$physical/sriov_numvfs") == 0 ]] || fail "too early"
  agent 0 --late "$physical" --again
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

# All as wanted; then one goes, with its physical function's driver.
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

# sriov_status_of STATE DRIVER NUMBER STATUS NOW: a PF whose rule says vfs = 3
sriov_status_of() {
  device "$physical" "$2"
  put "sys/devices/pci0000:00/$physical/sriov_numvfs" <<<"$3"
  report '{"rule": "card", "address": "'"$physical"'", "driver": "'"$2"'", "vfs": 3,
    "state": "'"$1"'", "findings": []}'
  passthru "$4" status
  says "^card +$physical $1 +wanted: 3 VFs \\(keeps its driver\\), now: $5\$"
}

# What is recorded of a physical function, and what comes of it.
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

# That the driver is the same says nothing of the virtual functions.
sriov_changed() {
  sriov_status_of ready nvme 0 1 'nvme, 0 VFs  <-- changed since the initramfs'
  agent 1 --verify
  says "changed: $physical is on record as ready for nvme, now: nvme, 0 VFs"
}

sriov_in_assign() {
  functions_tree
  set_driver "$function" e1000e
  passthru 0 assign --dry-run --iommu warn "$function"
  says "card $function .*would go to vfio-pci"
  set_driver "$function" vfio-pci
  passthru 0 release --dry-run "$function"
  says "card $function"
}
