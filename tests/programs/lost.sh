# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that nothing on record is lost: workers that die, no processes, no memory, no room, and
# being killed anywhere. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

# record_of COUNT [TEXT]: that many devices on record as bound to vfio-pci, each with a finding.
record_of() {
  jq -n --argjson count "$1" --arg text "${2-x}" '{version: 1, program: "passthru-init 0", kernel: "k",
    config_sha256: null, duration_us: 1, findings: [], devices: [range($count) | tostring |
    {rule: ("r" + .), address: ("0001:00:00." + .), path: null, id: "8086:10d3", class: "020000",
     group: null, translated: false, iommu_unit: null, group_type: null, viable: null,
     driver: "vfio-pci", previous_driver: null, state: "bound", errno: 0,
     findings: [{code: "reset-weak", severity: "warning", text: $text, remedy: null}]}]}' |
    put run/passthru/report.json
}

# holds_all COUNT: the devices of record_of(), and what was found of each
holds_all() {
  recorded "[.devices[] | select(.rule | startswith(\"r\")) | select(.driver == \"vfio-pci\" and
    (.findings | any(.code == \"reset-weak\" and .remedy == null)))] | length == $1"
}

# --- the guardian

# A device that is on record, and is to be looked after by each of the modes.
guarded_tree() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  echo "grace 1" >"$tree/run/passthru/heal"
}

died_and_kept() {
  found agent-died
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
}

# worker_dies LOCK OPTION...: while it waits for that lock, before it has read the record
worker_dies() {
  local holder lock=$tree/run/passthru/$1
  shift
  guarded_tree
  (flock 9 && exec sleep 5) 9>"$lock" &
  holder=$!
  wait_until is_locked "${lock#"$tree/"}"
  timeout -s KILL 20 "$init" --root "$tree" "$@" </dev/null >"$out" 2>"$err" &
  timeout_pid=$!
  wait_until worker_runs
  sleep 0.2
  kill -KILL "$worker_pid"
  kill "$holder"
  ends_with 3 0
  says 'agent-died: the worker died \(Killed\)'
  died_and_kept
}

# Somebody has the record for good: it stays as it is, and that is said.
worker_dies_locked() {
  local holder before
  guarded_tree
  before=$(<"$tree/run/passthru/report.json")
  (flock 9 && exec sleep 10) 9>"$tree/run/passthru/lock" &
  holder=$!
  wait_until is_locked run/passthru/lock
  timeout -s KILL 20 "$init" --root "$tree" --verify </dev/null >"$out" 2>"$err" &
  timeout_pid=$!
  wait_until worker_runs
  kill -KILL "$worker_pid"
  ends_with 3 2
  kill "$holder"
  says 'report.json stays as it is, it could not be read: (Connection|Operation) timed out'
  says agent-died
  [[ $(<"$tree/run/passthru/report.json") == "$before" ]] || fail "the record was changed"
}

# As somebody who may have no second process
alone=(prlimit --nproc=1)
((UID)) || alone=(setpriv --reuid 65534 --regid 65534 --clear-groups "${alone[@]}")

# no_process OPTION...: there is nobody to do the work.
no_process() {
  guarded_tree
  cp "$init" "$tree/init"
  chmod 755 "$work" "$tree"
  ((UID)) || chown -R 65534:65534 "$tree"
  run 3 "${alone[@]}" "$tree/init" --root "$tree" "$@"
  says 'agent-died: the worker died \(Resource temporarily unavailable\)'
  died_and_kept
  run 3 "${alone[@]}" "$tree/init" --root "$tree" "$@"
  recorded '[.findings[] | select(.code == "agent-died")] | length == 1'
}

# Without a record, only the boot begins one.
no_process_no_record() {
  guarded_tree
  rm "$tree/run/passthru/report.json"
  cp "$init" "$tree/init"
  chmod 755 "$work" "$tree"
  ((UID)) || chown -R 65534:65534 "$tree"
  run 3 "${alone[@]}" "$tree/init" --root "$tree" --verify
  [[ ! -e $tree/run/passthru/report.json ]] || fail "a record was made up"
  run 3 "${alone[@]}" "$tree/init" --root "$tree"
  found agent-died
}

# --- limits

# No file may grow: what cannot be written is told. What is told must not go to a file.
no_growth=(bash -c 'set -o pipefail; prlimit --fsize=0 "$@" 2>&1 | cat' -)

no_file_grows() {
  one_of_two
  run 1 "${no_growth[@]}" "$init" --root "$tree"
  says 'error: /run/passthru/report.json could not be written: File too large'
  says 'nic 0000:00:02.0 .*File too large'
}

no_file_grows_assign() {
  assign_tree vfio-pci
  record_of 3
  run 1 "${no_growth[@]}" "$command" assign --root "$tree" "$nic"
  says 'could not write /run/passthru/report.json, so nothing is changed: File too large'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] || fail "it was touched"
  holds_all 3
}

# little_memory FROM STEP TO STATUSES COMMAND...: with so many KiB of memory, and more, the record
# keeps all that is in it, and the exit status is one of those.
little_memory() {
  local size from=$1 step=$2 to=$3 statuses=$4 status before
  shift 4
  record_of 300
  before=$(<"$tree/run/passthru/report.json")
  for ((size = from; size <= to; size += step)); do
    printf '%s\n' "$before" >"$tree/run/passthru/report.json"
    status=0
    timeout -s KILL "$limit" prlimit --as=$((size * 1024)) "$@" </dev/null >"$out" 2>"$err" || status=$?
    [[ " $statuses " == *" $status "* ]] || fail "$size KiB: exit status $status"
    holds_all 300
    ((!${#failures[@]})) || return
  done
}

# What ends before main() may end as the loader has it.
little_memory_verify() {
  little_memory 940 20 2000 "1 3 71" "$init" --root "$tree" --verify
}

little_memory_assign() {
  assign_tree vfio-pci
  little_memory 9000 300 15000 "0 1 71 127" "$command" assign --root "$tree" "$nic"
}

# --- no room

# "${in_run[@]}" TREE FREE COMMAND...: with a /run of 64 KiB, which has what was there; FREE KiB are left
# in it, or all. What is there then is in kept/.
# shellcheck disable=SC2016
in_run=(unshare -rm bash -c 'set -e
  tree=$1 free=$2 status=0
  shift 2
  mkdir "$tree/kept"
  cp -a "$tree/run/." "$tree/kept/"
  mount -t tmpfs -o size=64k tmpfs "$tree/run"
  cp -a "$tree/kept/." "$tree/run/"
  cat /dev/zero 2>/dev/null >"$tree/run/filler" || :
  truncate -s "-$((free * 1024))" "$tree/run/filler"
  "$@" || status=$?
  cp -a "$tree/run/." "$tree/kept/"
  exit "$status"' -)

left() {
  rm -rf "$tree/run"
  mv "$tree/kept" "$tree/run"
}

# full_run COMMAND
full_run() {
  assign_tree vfio-pci
  record_of 3
  run 1 "${in_run[@]}" "$tree" 0 "$command" "$1" --root "$tree" "$nic"
  says 'could not write /run/passthru/report.json, so nothing is changed: No space left on device'
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] || fail "it was touched"
  left
  holds_all 3
  recorded '.devices | length == 3'
  [[ ! -e $tree/run/passthru/report.json.room ]] || fail "room is left behind"
}

# Room for one record and no other: the last one is there all the same.
nearly_full_run() {
  one_of_two
  mkdir "$tree/run/passthru"
  run 1 "${in_run[@]}" "$tree" 4 "$init" --root "$tree"
  says_not 'report.json could not be written'
  left
  recorded '[.devices[].state] == ["bound", "absent"]'
  recorded '.findings | any(.code == "unfinished") | not'
}

# nearly_full_assign FREE STATUS STATES: what it has begun it can also record.
nearly_full_assign() {
  assign_tree vfio-pci
  mkdir "$tree/run/passthru"
  run "$2" "${in_run[@]}" "$tree" "$1" "$command" assign --root "$tree" "$nic"
  left
  recorded "[.devices[].state] == $3"
}

# --- being killed

# killed_at CALL NUMBER COMMAND...: each process of it, at that system call. Fails when none was.
killed_at() {
  timeout -s KILL 20 strace -f -o "$tree/trace" -e "trace=$1" \
    -e "inject=$1:signal=SIGKILL:when=$2" "${@:3}" </dev/null >"$out" 2>"$err"
  grep -q 'killed by SIGKILL' "$tree/trace"
} 2>/dev/null

is_touched() {
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") != '(null)' ]]
}

# killed_anywhere COMMAND...: a device that was touched is on record, whatever else is there, and the
# same command again brings it to its end.
killed_anywhere() {
  local call i kills=0
  for call in write openat openat2 renameat unlinkat ftruncate; do
    for ((i = 1; i < 500; i++)); do
      record_of 2
      set_override "$nic" '(null)'
      rm -f "$tree/run/passthru/report.json".*
      killed_at "$call" "$i" "$@" || break
      kills=$((kills + 1))
      holds_all 2
      if is_touched; then
        recorded ".devices | any(.address == \"$nic\" and
          (.state == \"bound\" or any(.findings[]; .code == \"unfinished\")))"
      fi
      run 0 "$@"
      recorded "[.devices[] | select(.address == \"$nic\") | .state] == [\"bound\"]"
      recorded 'all(.devices[].findings[]; .code != "unfinished")'
      ((!${#failures[@]})) || { fail "killed at $call $i" && return; }
      # Most of it is reading; then only some.
      [[ $call != openat2 ]] || ((i += 19))
    done
  done
  ((kills >= 12)) || fail "killed only $kills times"
}

killed_assign() {
  assign_tree vfio-pci
  killed_anywhere "$command" assign --root "$tree" "$nic"
}

killed_late() {
  assign_tree vfio-pci
  conf "[device nic]" "address = $nic"
  killed_anywhere "$init" --root "$tree" --late "$nic"
}

# unfinished STATE DRIVER: an action that did not come to its end
unfinished() {
  jq -n --arg state "$1" --arg address "$nic" '{version: 1, program: "p", kernel: "k", config_sha256: null,
    duration_us: 1, findings: [], devices: [{rule: "nic", address: $address, path: null, id: "8086:10d3",
    class: "020000", group: 1, translated: true, iommu_unit: null, group_type: null, viable: true,
    driver: "vfio-pci", previous_driver: "e1000e", state: $state, errno: 0, findings: [
    {code: "unfinished", severity: "error", text: "passthru has not finished", remedy: null}]}]}' |
    put run/passthru/report.json
}

# The device may be in the configured state: that it is unfinished is reported all the same.
unfinished_in_status() {
  assign_tree vfio-pci
  unfinished bound
  passthru 1 status
  says 'error: unfinished: passthru has not finished'
  says '0 of 1 devices'
  agent 1 --verify
}

# Taken up again, it keeps the driver that the device had at first.
unfinished_assign() {
  assign_tree vfio-pci
  unfinished planned
  passthru 0 assign "$nic" --name other
  recorded '[.devices[] | .rule, .state, .previous_driver] == ["other", "bound", "e1000e"]'
  passthru 0 status
}

# Its driver has it again, but the override may be there still.
unfinished_release() {
  assign_tree
  unfinished bound
  passthru 0 release "$nic" --dry-run
  says 'would be returned to the host'
}

# So it may where that failed, though it was recorded.
failed_release() {
  assign_tree
  unfinished failed
  sed -i 's/"unfinished"/"return-failed"/' "$tree/run/passthru/report.json"
  passthru 0 release "$nic" --dry-run
  says 'would be returned to the host'
}

# moved_meanwhile SUBCOMMAND FROM TO: by who has the record while it waits for that
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
  says "^passthru $1: the driver of $nic has changed meanwhile, so nothing is changed"
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") == '(null)' ]] || fail "it was touched"
  holds_all 3
  recorded '.devices | length == 3'
}

# --- what is written can be read, and stays as it is

# More than any host has
many_devices() {
  local limit=60
  record_of 40 "$(printf '%0500d' 0)"
  jq '.devices |= [range(500) as $i | .[]]' "$tree/run/passthru/report.json" |
    put run/passthru/many.json
  mv "$tree/run/passthru/many.json" "$tree/run/passthru/report.json"
  (($(stat -c %s "$tree/run/passthru/report.json") > 16 << 20)) || fail "it is not so large"
  passthru 1 status
  says '0 of 20000 devices'
  assign_tree vfio-pci
  passthru 0 assign "$nic"
  recorded '.devices | length == 20001'
}

backslashes() {
  local i before
  guarded_tree
  jq '.kernel = "a\\x5cb" | .findings += [{code: "off", text: "c\\d"}]' "$tree/run/passthru/report.json" |
    put run/passthru/new.json
  mv "$tree/run/passthru/new.json" "$tree/run/passthru/report.json"
  agent 0 --verify
  before=$(<"$tree/run/passthru/report.json")
  for i in 1 2 3; do
    agent 0 --verify
  done
  [[ $(<"$tree/run/passthru/report.json") == "$before" ]] || fail "it was changed"
  recorded '.kernel == "a\\x5cb" and .findings[-1].text == "c\\d"'
}

# Fields that this version does not know
unknown_fields() {
  guarded_tree
  jq '.devices[0].colour = {"a": [1, 2.50, null, true]} | .later = "x"' "$tree/run/passthru/report.json" |
    put run/passthru/new.json
  mv "$tree/run/passthru/new.json" "$tree/run/passthru/report.json"
  agent 0 --verify
  recorded '.devices[0].colour == {"a": [1, 2.50, null, true]} and .later == "x" and .verified'
}
