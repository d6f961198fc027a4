# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# --- the agent: configuration

nothing_configured() {
  agent 0
  lines_are 1
  says 'passthru: info: nothing-configured'
  found nothing-configured
  recorded '.devices == []'
}

switched_off() {
  conf "nonsense"
  cmdline "quiet $1"
  agent 0
  says_not config-error
  found off
  recorded '.config_sha256 == null and .devices == []'
}

bad_configuration() {
  device 0000:00:02.0 e1000e
  conf "[device nic]" "address = 0000:82:0.0" "speed = 10"
  put etc/passthru.conf.d/more.conf <<<$'[device disk]\nid = 8086'
  agent 2
  says 'error: config-error: /etc/passthru.conf:2:'
  says 'error: config-error: /etc/passthru.conf:3:'
  says 'error: config-error: /etc/passthru.conf.d/more.conf:2:'
  found config-error
  recorded '.devices == [] and (.config_sha256 | length == 64)'
}

device_lists() {
  one_of_two
  agent 1
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound", "gone absent"]'
}

dry_run() {
  one_of_two
  agent 0 --dry-run
  says 'nic 0000:00:02.0 .* would go to vfio-pci'
  [[ ! -e $tree/run/passthru ]] || fail "a record was written"
}

# --- the agent: late devices

# A device comes when the image with its configuration is gone; /etc says something else by then.
late_device() {
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 1
  recorded '[.devices[].state] == ["absent"]'
  grep -q '"\*/0000:00:02.0\*"' "$tree/run/udev/rules.d/60-passthru.rules" ||
    fail "udev is not told of it"
  conf "[device other]" "id = 1:2"
  device 0000:00:02.0 vfio-pci
  agent 0 --late 0000:00:02.0
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
  agent 0 --late 0000:00:02.0 --again
  says_not nic
}

# Given back by hand, it stays with the host when it is found anew; another device does not.
late_released() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  rm "$tree/etc/passthru.conf"
  sed -i 's/"state":"bound"/"state":"returned"/; s/"state": "bound"/"state": "returned"/' \
    "$tree/run/passthru/report.json"
  agent 0 --late 0000:00:02.0
  recorded '[.devices[].state] == ["returned"]'
  sed -i 's/8086:10d3/8086:10d4/' "$tree/run/passthru/report.json"
  agent 0 --late 0000:00:02.0
  recorded '[.devices[] | .state + " " + .id] == ["bound 8086:10d3"]'
}

late_nobody() {
  one_of_two
  agent 1
  rm -r "$tree/sys/bus/pci/devices/0000:00:02.0"
  agent 0 --late 0000:00:02.0
  says_not nic
  agent 64 --late 0000:00:2.0
  says "'0000:00:2.0' is no address"
}

# --- the agent: giving back

# healing_tree GRACE: a disk that vfio-pci has, and that many seconds to wait for the root.
healing_tree() {
  device 0000:00:02.0 vfio-pci
  put sys/devices/pci0000:00/0000:00:02.0/uevent < <(printf '%s\n' DRIVER=vfio-pci PCI_CLASS=10802 PCI_ID=8086:10D3)
  conf "[passthru]" "root-grace = $1" "[device disk]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  [[ -e $tree/run/passthru/heal ]] || fail "nothing is to be given back"
}

heal_in_time() {
  local i
  healing_tree 1
  agent 0 --heal
  says_not returned
  sleep 1.1
  agent 1 --heal
  says returned
  # In a directory nothing comes of it. It is tried again, but not for ever.
  for ((i = 2; i <= 5; i++)); do
    agent 1 --heal
    says return-failed
    grep -qx "attempts $i" "$tree/run/passthru/heal" || fail "attempt $i does not count"
  done
  agent 1 --heal
  says 'error: could not return all devices to the host: too many attempts'
  [[ ! -e $tree/run/passthru/heal ]] || fail "/run/passthru/heal is still there"
  agent 0 --heal
}

heal_unread() {
  healing_tree 1
  rm "$tree/run/passthru/heal"
  mkdir "$tree/run/passthru/heal"
  agent 3 --heal
  says 'error: could not read /run/passthru/heal: Is a directory'
}

# What cannot be looked at is left to the next call, and that is said.
heal_device_unread() {
  healing_tree 1
  echo 'due 1' >"$tree/run/passthru/heal"
  rm "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  mkdir "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  agent 0 --heal
  says 'unreadable: 0000:00:02.0: Is a directory'
  [[ -e $tree/run/passthru/heal ]] || fail "nothing is left to be done"
}

# There is no way to say so to the hooks, as in a /run that is full.
heal_unprepared() {
  device 0000:00:02.0 vfio-pci
  mkdir -p "$tree/run/passthru/heal.new"
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  says 'error: could not write /run/passthru/heal, so no device is returned'
}

# As in a /run that is full.
heal_unnoted() {
  healing_tree 1
  mkdir "$tree/run/passthru/heal.new"
  agent 1 --heal
  says returned
  agent 0 --heal
}

# --- the agent: a broken environment

# ends STATUS MODE CODE COMMAND...: of a host that was made so, and what failed is told.
ends() {
  one_of_two
  agent 1
  echo 'due 1' >"$tree/run/passthru/heal"
  (cd "$tree" && "${@:4}") || fail "cannot be prepared: ${*:4}"
  # shellcheck disable=SC2086 # several words
  agent "$1" $2
  says "^passthru: error: $3: "
  says "^passthru: (error|warning): passthru-init $2: exit status $1: "
}

no_proc() {
  rm "$tree/proc/cmdline"
  agent 3
  found no-proc
  lines_are 2
}

no_sys() {
  one_of_two
  rm -r "$tree/sys"
  agent 3
  found no-sysfs
  lines_are 2
}

# no_run COMMAND...: made so that no record can be written, the exit status is what it would be.
no_run() {
  one_of_two
  (cd "$tree" && "$@") || fail "cannot be prepared: $*"
  agent 1
  says 'error: .*/run/passthru/report.json could not be written'
  says 'nic 0000:00:02.0 .* bound to vfio-pci'
}

conf_is_fifo() {
  mkfifo "$tree/etc/passthru.conf"
  agent 2
  says 'config-error: /etc/passthru.conf: .*regular file'
  passthru 2 check
  says 'config-error: /etc/passthru.conf: .*regular file'
}

report_is_fifo() {
  mkdir "$tree/run/passthru"
  mkfifo "$tree/run/passthru/report.json.new"
  one_of_two
  agent 1
  says 'nic 0000:00:02.0 .* bound to vfio-pci'
}

# Files that are opened must not become the standard ones, or log lines end up in them.
closed_standard_files() {
  one_of_two
  run 1 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  recorded '.devices | length == 2'
  conf "nonsense"
  run 2 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  found config-error
  rm "$tree/proc/cmdline"
  run 3 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  found no-proc
}

# --- the agent: its worker in trouble

# start_agent LOG: in the background, with its worker in $worker_pid
start_agent() {
  timeout -s KILL 20 "$init" --root "$tree" </dev/null >"$out" 2>"$1" &
  timeout_pid=$!
  wait_until worker_runs
}

# child_of PID: prints the first one, and fails while there is none.
child_of() {
  local children
  children=$(<"/proc/$1/task/$1/children") && [[ $children ]] && echo "${children%% *}"
} 2>/dev/null

worker_runs() {
  local agent_pid
  agent_pid=$(child_of "$timeout_pid") && worker_pid=$(child_of "$agent_pid")
}

# Whoever adopted it may take its time to reap it.
worker_ended() {
  ! grep '^State:' "/proc/$worker_pid/status" | grep -qv 'Z (zombie)'
} 2>/dev/null

# ends_with STATUS SECONDS: the agent that was started does, give or take two seconds.
ends_with() {
  local status=0 started=$SECONDS
  wait "$timeout_pid" || status=$?
  ((status == $1)) || fail "exit status $status, not $1"
  ((SECONDS - started >= $2 - 2 && SECONDS - started <= $2 + 2)) ||
    fail "it took $((SECONDS - started)) s, not $2"
}

worker_killed() {
  much_to_read
  start_agent "$err" || return
  kill -"$1" "$worker_pid"
  ends_with 3 0
  found agent-died
  recorded ".findings | any(.text | contains(\"$2\"))"
  says "agent-died.*$2"
}

worker_stopped() {
  much_to_read
  start_agent "$err" || return
  kill -STOP "$worker_pid"
  ends_with 3 10
  found deadline
  says 'error: deadline'
  wait_until worker_ended
}

is_complete() {
  jq -e '[.devices[].state] == ["bound", "absent"]' "$tree/run/passthru/report.json" >/dev/null 2>&1
}

# Nobody reads what it has to say, so the worker waits for ever behind its record.
log_blocks() {
  one_of_two
  mkfifo "$tree/full"
  exec {full}<>"$tree/full"
  dd if=/dev/zero of="$tree/full" bs=4096 oflag=nonblock 2>"$err"
  start_agent "$tree/full" || return
  wait_until is_complete
  ends_with 1 10
  is_complete || fail "the record is not complete any more"
  exec {full}>&-
}
