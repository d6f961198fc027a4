# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init when its worker is in trouble: killed, stopped, never started. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# start_agent LOG: starts it in the background and sets worker_pid.
start_agent() {
  timeout -s KILL 20 "$init" --root "$tree" </dev/null >"$out" 2>"$1" &
  timeout_pid=$!
  wait_until worker_runs
}

# child_of PID: prints its first child; fails if there is none.
child_of() {
  local children
  children=$(<"/proc/$1/task/$1/children") && [[ $children ]] && echo "${children%% *}"
} 2>/dev/null

worker_runs() {
  local agent_pid
  agent_pid=$(child_of "$timeout_pid") && worker_pid=$(child_of "$agent_pid")
}

# The process that adopted the worker may reap it later.
worker_ended() {
  ! grep '^State:' "/proc/$worker_pid/status" | grep -qv 'Z (zombie)'
} 2>/dev/null

# ends_with STATUS SECONDS: the agent that was started ends like that, give or take two seconds.
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
  finding - agent-died
  recorded ".findings | any(.text | contains(\"$2\"))"
  says "agent-died.*$2"
}

worker_stopped() {
  much_to_read
  start_agent "$err" || return
  kill -STOP "$worker_pid"
  ends_with 3 10
  finding - deadline
  says 'error: deadline'
  wait_until worker_ended
}

is_complete() {
  jq -e '[.devices[].state] == ["bound", "absent"]' "$tree/run/passthru/report.json" >/dev/null 2>&1
}

# Nobody reads the log, so the worker blocks after it has written its report.
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

# --- the report loses nothing by that

# A device in the report that each of the modes has to handle.
guarded_tree() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  echo "grace 1" >"$tree/run/passthru/rescue"
}

died_and_kept() {
  finding - agent-died
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
}

# worker_dies LOCK OPTION...: while it waits for LOCK, before it has read the report.
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

# Another process never gives up the lock: the report does not change, which is logged.
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
  says 'could not update /run/passthru/report.json: another passthru process holds the lock'
  says agent-died
  [[ $(<"$tree/run/passthru/report.json") == "$before" ]] || fail "the record was changed"
}

# A user who may not have a second process.
alone=(prlimit --nproc=1)
((UID)) || alone=(setpriv --reuid 65534 --regid 65534 --clear-groups "${alone[@]}")

# no_process OPTION...: no worker can be started.
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

# If there is no report, only the run at boot writes one.
no_process_no_record() {
  guarded_tree
  rm "$tree/run/passthru/report.json"
  cp "$init" "$tree/init"
  chmod 755 "$work" "$tree"
  ((UID)) || chown -R 65534:65534 "$tree"
  run 3 "${alone[@]}" "$tree/init" --root "$tree" --verify
  [[ ! -e $tree/run/passthru/report.json ]] || fail "a record was made up"
  run 3 "${alone[@]}" "$tree/init" --root "$tree"
  finding - agent-died
}

test_worker() {
  t "agent: the worker is killed" worker_killed KILL Killed
  t "agent: the worker crashes" worker_killed SEGV 'Segmentation fault'
  t "lost: the worker dies before it has read the record: --verify" worker_dies lock --verify
  t "lost: the worker dies before it has read the record: --hotplug" worker_dies hotplug --hotplug 0000:00:02.0
  t "lost: the worker dies, and another one has the record" worker_dies_locked
  t "lost: no process for the worker: --verify" no_process --verify
  t "lost: no process for the worker: --hotplug" no_process --hotplug 0000:00:02.0
  t "lost: no process for the worker: --rescue" no_process --rescue
  t "lost: no process for the worker, and no record" no_process_no_record
}
