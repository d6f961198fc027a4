# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that the report loses nothing where memory or space runs out, or a program is killed at any point.
# Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

# record_of COUNT [TEXT]: a report of so many devices bound to vfio-pci, each with a finding.
record_of() {
  jq -n --argjson count "$1" --arg text "${2-x}" '{version: 1, program: "passthru-init 0", kernel: "k",
    config_sha256: null, duration_us: 1, findings: [], devices: [range($count) | tostring |
    {rule: ("r" + .), address: ("0001:00:00." + .), path: null, id: "8086:10d3", class: "020000",
     group: null, translated: false, iommu_unit: null, group_type: null, viable: null,
     driver: "vfio-pci", previous_driver: null, state: "bound", errno: 0,
     findings: [{code: "reset-weak", severity: "warning", text: $text, remedy: null}]}]}' |
    put run/passthru/report.json
}

# holds_all COUNT: the report still has the devices of record_of() and their findings.
holds_all() {
  recorded "[.devices[] | select(.rule | startswith(\"r\")) | select(.driver == \"vfio-pci\" and
    (.findings | any(.code == \"reset-weak\" and .remedy == null)))] | length == $1"
}

# --- limits

# No file may grow, and what cannot be written must be reported. Output goes to a pipe, not to a file.
no_growth=(bash -c 'set -o pipefail; prlimit --fsize=0 "$@" 2>&1 | cat' -)

no_file_grows() {
  one_of_two
  run 1 "${no_growth[@]}" "$init" --root "$tree"
  says 'error: could not write /run/passthru/report.json: File too large'
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

# little_memory STATUSES FROM STEP TO COMMAND...: for each limit of the address space, in KiB, the report
# loses nothing and the exit status is one of STATUSES. With less memory than it takes to start, it is the
# kernel or the C library that ends the program.
little_memory() {
  local size statuses=$1 from=$2 step=$3 to=$4 status before
  shift 4
  record_of 300
  before=$(<"$tree/run/passthru/report.json")
  for ((size = from; size <= to; size += step)); do
    printf '%s\n' "$before" >"$tree/run/passthru/report.json"
    status=0
    prlimit --as=$((size * 1024)) "$1" --version >/dev/null 2>&1 || continue
    timeout -s KILL "$limit" prlimit --as=$((size * 1024)) "$@" </dev/null >"$out" 2>"$err" || status=$?
    [[ " $statuses " == *" $status "* ]] || fail "$size KiB: exit status $status"
    holds_all 300
    ((!${#failures[@]})) || return
  done
}

# Before main() the loader decides on the exit status.
little_memory_verify() {
  little_memory "1 3 71" 940 20 2000 "$init" --root "$tree" --verify
}

little_memory_assign() {
  assign_tree vfio-pci
  little_memory "0 1 71 127" 9000 300 15000 "$command" assign --root "$tree" "$nic"
}

# --- no room

# "${in_run[@]}" TREE FREE COMMAND...: runs COMMAND with a tmpfs of 64 KiB as /run, with the files that were
# there and FREE KiB of space. Afterwards kept/ has a copy.
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

# full_run SUBCOMMAND: refuses to change anything that it cannot record.
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

# Space for a single report: the last one is written all the same.
nearly_full_run() {
  one_of_two
  mkdir "$tree/run/passthru"
  run 1 "${in_run[@]}" "$tree" 4 "$init" --root "$tree"
  says_not 'could not write /run/passthru/report.json'
  left
  recorded '[.devices[].state] == ["bound", "absent"]'
  recorded '.findings | any(.code == "unfinished") | not'
}

# nearly_full_assign STATUS FREE STATES: it only begins what it can record.
nearly_full_assign() {
  assign_tree vfio-pci
  mkdir "$tree/run/passthru"
  run "$1" "${in_run[@]}" "$tree" "$2" "$command" assign --root "$tree" "$nic"
  left
  recorded "[.devices[].state] == $3"
}

# --- being killed

# killed_at CALL NUMBER COMMAND...: kills each process of COMMAND at its NUMBERth such system call. Fails if
# none was killed.
killed_at() {
  timeout -s KILL 20 strace -f -o "$tree/trace" -e "trace=$1" \
    -e "inject=$1:signal=SIGKILL:when=$2" "${@:3}" </dev/null >"$out" 2>"$err"
  grep -q 'killed by SIGKILL' "$tree/trace"
} 2>/dev/null

is_touched() {
  [[ $(<"$tree/sys/bus/pci/devices/$nic/driver_override") != '(null)' ]]
}

# killed_anywhere COMMAND...: a device that was changed is in the report, no other is lost, and the same
# command run again completes the work.
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
      # Most of these calls only read: try one in twenty.
      [[ $call != openat2 ]] || ((i += 19))
    done
  done
  ((kills >= 12)) || fail "killed only $kills times"
}

killed_assign() {
  assign_tree vfio-pci
  killed_anywhere "$command" assign --root "$tree" "$nic"
}

killed_hotplug() {
  assign_tree vfio-pci
  conf "[device nic]" "address = $nic"
  killed_anywhere "$init" --root "$tree" --hotplug "$nic"
}

# --- reports that are large or have unusual contents

# More than any host has.
many_devices() {
  local limit=60
  record_of 40 "$(printf '%0500d' 0)"
  jq '.devices |= [range(500) as $i | .[]]' "$tree/run/passthru/report.json" >"$tree/run/passthru/many.json"
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

# Fields that this version does not know are kept.
unknown_fields() {
  guarded_tree
  jq '.devices[0].colour = {"a": [1, 2.50, null, true]} | .later = "x"' "$tree/run/passthru/report.json" |
    put run/passthru/new.json
  mv "$tree/run/passthru/new.json" "$tree/run/passthru/report.json"
  agent 0 --verify
  recorded '.devices[0].colour == {"a": [1, 2.50, null, true]} and .later == "x" and .verified'
}

test_lost() {
  t "lost: no file may grow" no_file_grows
  t "lost: no file may grow: assign" no_file_grows_assign
  if unshare -rm true 2>/dev/null; then
    t "lost: a full /run: assign" full_run assign
    t "lost: a full /run: release" full_run release
    t "lost: /run has room for one record" nearly_full_run
    t "lost: /run has room for two records: assign" nearly_full_assign 0 12 '["bound"]'
  else
    echo "ok - lost: a full /run # SKIP no namespaces"
  fi
  if [[ ${COVERAGE:-} ]]; then
    echo "ok - lost: little memory, and killed anywhere # SKIP gcov takes memory, and most of the calls"
  else
    t "lost: little memory: --verify" little_memory_verify
    t "lost: little memory: assign" little_memory_assign
    t_with strace "lost: assign is killed anywhere, and called again" killed_assign
    t_with strace "lost: --hotplug is killed anywhere, and called again" killed_hotplug
  fi
  t "lost: a record of 20,000 devices" many_devices
  t "lost: a text with backslashes" backslashes
  t "lost: fields that this version does not know" unknown_fields
}
