# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init --hotplug, for hot-plugged devices. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# hotplug_device [HOTPLUG COLDPLUG], the names of the options: when the device is plugged in, the image with
# its configuration is gone and /etc has changed.
hotplug_device() {
  local hotplug=${1:---hotplug} coldplug=${2:---coldplug}
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 1
  recorded '[.devices[].state] == ["absent"]'
  grep -q '"\*/0000:00:02.0\*"' "$tree/run/udev/rules.d/60-passthru.rules" ||
    fail "udev is not told of it"
  conf "[device other]" "id = 1:2"
  device 0000:00:02.0 vfio-pci
  agent 0 "$hotplug" 0000:00:02.0
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
  agent 0 "$hotplug" 0000:00:02.0 "$coldplug"
  says_not nic
}

# A device that was released stays with the host when it is found again; another device there does not.
hotplug_released() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  rm "$tree/etc/passthru.conf"
  sed -i 's/"state":"bound"/"state":"returned"/; s/"state": "bound"/"state": "returned"/' \
    "$tree/run/passthru/report.json"
  agent 0 --hotplug 0000:00:02.0
  recorded '[.devices[].state] == ["returned"]'
  sed -i 's/8086:10d3/8086:10d4/' "$tree/run/passthru/report.json"
  agent 0 --hotplug 0000:00:02.0
  recorded '[.devices[] | .state + " " + .id] == ["bound 8086:10d3"]'
}

hotplug_nobody() {
  one_of_two
  agent 1
  rm -r "$tree/sys/bus/pci/devices/0000:00:02.0"
  agent 0 --hotplug 0000:00:02.0
  says_not nic
  agent 64 --hotplug 0000:00:2.0
  says "'0000:00:2.0' is not an address"
}

# hotplug ADDRESS...: calls the agent for all of them at once, as udev does.
hotplug() {
  local address pids=()
  for address in "$@"; do
    timeout -s KILL "$limit" "$init" --root "$tree" --hotplug "$address" >>"$out" 2>&1 &
    pids+=($!)
  done
  wait "${pids[@]}" || fail "exit status $?"
}

hotplug_together() {
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
  hotplug "${addresses[@]}"
  recorded '(.devices | length == 8) and (.devices | map(.address) | unique | length == 8) and
    (.devices | all(.state == "bound" and (.findings | length > 0)))'
}

is_locked() {
  ! flock --nonblock "$tree/$1" true
}

# The lock of the report is held for longer than the default time limit.
hotplug_waits() {
  local holder
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  device "$physical" vfio-pci
  flock "$tree/run/passthru/lock" sleep 2.5 &
  wait_until is_locked run/passthru/lock
  holder=$!
  hotplug "$physical"
  ! is_locked run/passthru/lock || fail "it did not wait"
  wait "$holder"
  recorded '[.devices[].state] == ["bound"]'
}

# The device is found again while it is being released, which is recorded before the lock is free.
hotplug_during_release() {
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
  agent 0 --hotplug "$physical"
  wait "$holder"
  recorded '[.devices[].state] == ["returned"]'
  [[ $(<"$tree/sys/bus/pci/devices/$physical/driver_override") == "(null)" ]] || fail "it was taken again"
}

# hotplug_left STATUS CMDLINE: nothing is done, and the report does not change.
hotplug_left() {
  local before
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  before=$(<"$tree/run/passthru/report.json")
  device "$physical" vfio-pci
  cmdline "$2"
  agent "$1" --hotplug "$physical"
  lines_are 0
  [[ $(<"$tree/run/passthru/report.json") == "$before" ]] || fail "the record was changed"
}

# A device that cannot be read is not gone.
hotplug_device_unread() {
  conf "[device nic]" "address = $physical" "iommu = warn"
  agent 1
  device "$physical"
  rm "$tree/sys/devices/pci0000:00/$physical/uevent"
  mkdir "$tree/sys/devices/pci0000:00/$physical/uevent"
  agent 3 --hotplug "$physical"
  says "unreadable: $physical: Is a directory"
}

# hotplug_unread PATH: PATH cannot be read, so the agent cannot tell what to do with the device.
hotplug_unread() {
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
  agent 3 --hotplug "$physical"
  says "error: no-record: could not read /$1: "
  [[ $(<"$tree/sys/bus/pci/devices/$physical/driver_override") == "(null)" ]] || fail "it was taken"
}

# hotplug_unwritable PATH FILE: PATH is in the way of FILE, which udev or the agent needs later.
hotplug_unwritable() {
  conf "[device nic]" "address = $physical" "iommu = warn"
  mkdir -p "$tree/run/passthru"
  if [[ $1 == *.new ]]; then mkdir -p "$tree/$1"; else touch "$tree/$1"; fi
  agent 1
  says "watch-failed: could not write /$2, so udev does not call the agent: .* \(bind .* with passthru assign "
  finding - watch-failed
}

no_watch() {
  [[ ! -e $tree/run/udev ]] || fail "udev is told of something"
}

# hotplug_nothing STATUS CMDLINE LINE...: with this configuration the agent writes no udev rules.
hotplug_nothing() {
  cmdline "$2"
  [[ ! ${3-} ]] || conf "${@:3}"
  agent "$1"
  no_watch
}

test_hotplug() {
  t "agent: a hot-plugged device goes by the configuration of the boot" hotplug_device
  t "hotplug: by the former names of the options" hotplug_device --late --again
  t "agent: a device that was released is left to the host" hotplug_released
  t "agent: a device that is gone again, and none at all" hotplug_nobody
  t "hotplug: eight at once, all are on record" hotplug_together
  t "hotplug: another one has the record" hotplug_waits
  t "hotplug: another one is giving the device back" hotplug_during_release
  t "hotplug: the device cannot be read" hotplug_device_unread
  t "hotplug: the record cannot be read" hotplug_unread run/passthru/report.json
  t "hotplug: the configuration of the boot cannot be read" hotplug_unread run/passthru/image
  t "hotplug: the rules for udev cannot be written" \
    hotplug_unwritable run/udev run/udev/rules.d/60-passthru.rules
  t "hotplug: the copy of the image cannot be written" hotplug_unwritable run/passthru/image run/passthru/image
  t "hotplug: a file of the copy cannot be written" \
    hotplug_unwritable run/passthru/image/etc/passthru.conf.new run/passthru/image/etc/passthru.conf
  t "hotplug: passthru=off" hotplug_left 0 passthru=off
  t "hotplug: rd.passthru=0" hotplug_left 0 rd.passthru=0
  t "hotplug: the rule is skipped" hotplug_left 0 passthru.skip=nic
  t "agent: udev has nothing to do: no rules" hotplug_nothing 0 ""
  t "agent: udev has nothing to do: passthru=off" hotplug_nothing 0 passthru=off "[device a]" "id = 1:2"
  t "agent: udev has nothing to do: skipped" hotplug_nothing 0 passthru.skip=a "[device a]" "id = 1:2"
  t "agent: udev has nothing to do: hotplug = no" hotplug_nothing 1 "" "[device a]" "id = 1:2" "hotplug = no"
  t "agent: udev has nothing to do: errors" hotplug_nothing 2 "" "[device a]" "id = 1:2" "speed = 10"
}
