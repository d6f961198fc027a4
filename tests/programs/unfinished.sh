# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of status, assign and release after an action that was not finished, or when a device is changed
# meanwhile. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# unfinished STATE: a report of an action that was not finished.
unfinished() {
  jq -n --arg state "$1" --arg address "$nic" '{version: 1, program: "p", kernel: "k", config_sha256: null,
    duration_us: 1, findings: [], devices: [{rule: "nic", address: $address, path: null, id: "8086:10d3",
    class: "020000", group: 1, translated: true, iommu_unit: null, group_type: null, viable: true,
    driver: "vfio-pci", previous_driver: "e1000e", state: $state, errno: 0, findings: [
    {code: "unfinished", severity: "error", text: "passthru has not finished", remedy: null}]}]}' |
    put run/passthru/report.json
}

# Reported even if the device is in the configured state.
unfinished_in_status() {
  assign_tree vfio-pci
  unfinished bound
  passthru 1 status
  says 'error: unfinished: passthru has not finished'
  says '0 of 1 devices'
  agent 1 --verify
}

# The report keeps the driver that the device had at first.
unfinished_assign() {
  assign_tree vfio-pci
  unfinished planned
  passthru 0 assign "$nic" --name other
  recorded '[.devices[] | .rule, .state, .previous_driver] == ["other", "bound", "e1000e"]'
  passthru 0 status
}

# The device is bound to the host's driver again, but driver_override may still be set.
unfinished_release() {
  assign_tree
  unfinished bound
  passthru 0 release "$nic" --dry-run
  says 'would be returned to the host'
}

# Likewise after a release that failed.
failed_release() {
  assign_tree
  unfinished failed
  sed -i 's/"unfinished"/"return-failed"/' "$tree/run/passthru/report.json"
  passthru 0 release "$nic" --dry-run
  says 'would be returned to the host'
}

# moved_meanwhile SUBCOMMAND FROM TO: while it waits for the lock, the holder of the lock moves the device.
moved_meanwhile() {
  local holder waiting
  assign_tree "$2"
  mkdir "$tree/sys/bus/pci/drivers/$3"
  record_of 3
  exec {holder}>"$tree/run/passthru/lock"
  flock "$holder"
  "$command" "$1" --root "$tree" "$nic" </dev/null >"$out" 2>"$err" {holder}>&- &
  waiting=$!
  sleep 0.7
  set_driver "$nic" "$3"
  exec {holder}>&-
  wait "$waiting" && fail "it was done"
  says "^passthru $1: the driver of $nic has changed since; nothing was changed"
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] || fail "it was touched"
  holds_all 3
  recorded '.devices | length == 3'
}

test_unfinished() {
  t "lost: status tells what is unfinished" unfinished_in_status
  t "lost: assign takes up what is unfinished" unfinished_assign
  t "lost: release takes up what is unfinished" unfinished_release
  t "lost: release takes up what has failed" failed_release
  t "lost: the device goes to another one before it is assigned" moved_meanwhile assign e1000e vfio-pci
  t "lost: the device goes to another one before it is released" moved_meanwhile release vfio-pci e1000e
}
