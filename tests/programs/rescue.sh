# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init --rescue, which returns devices to the host. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

# rescue_tree GRACE: a disk bound to vfio-pci, and root-grace = GRACE.
rescue_tree() {
  device 0000:00:02.0 vfio-pci
  put sys/devices/pci0000:00/0000:00:02.0/uevent < <(printf '%s\n' DRIVER=vfio-pci PCI_CLASS=10802 PCI_ID=8086:10D3)
  conf "[passthru]" "root-grace = $1" "[device disk]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  [[ -e $tree/run/passthru/rescue ]] || fail "nothing is to be given back"
}

rescue_in_time() {
  local i
  rescue_tree 1
  agent 0 --rescue
  says_not returned
  sleep 1.1
  agent 1 --rescue
  says returned
  # In a directory this fails. It is tried again, a limited number of times.
  for ((i = 2; i <= 5; i++)); do
    agent 1 --rescue
    says return-failed
    grep -qx "attempts $i" "$tree/run/passthru/rescue" || fail "attempt $i does not count"
  done
  agent 1 --rescue
  says 'error: could not return all devices to the host: too many attempts'
  [[ ! -e $tree/run/passthru/rescue ]] || fail "/run/passthru/rescue is still there"
  agent 0 --rescue
}

rescue_unread() {
  rescue_tree 1
  rm "$tree/run/passthru/rescue"
  mkdir "$tree/run/passthru/rescue"
  agent 3 --rescue
  says 'error: could not read /run/passthru/rescue: Is a directory'
}

# A device that cannot be read is reported, and left to the next call.
rescue_device_unread() {
  rescue_tree 1
  echo 'due 1' >"$tree/run/passthru/rescue"
  rm "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  mkdir "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  agent 0 --rescue
  says 'unreadable: 0000:00:02.0: Is a directory'
  [[ -e $tree/run/passthru/rescue ]] || fail "nothing is left to be done"
}

# The hooks cannot be told to call the agent, as with a full /run.
rescue_unprepared() {
  device 0000:00:02.0 vfio-pci
  mkdir -p "$tree/run/passthru/rescue.new"
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  says 'error: could not write /run/passthru/rescue, so no device is returned'
}

# rescue_unnoted [OPTION]: as with a full /run.
rescue_unnoted() {
  local option=${1:---rescue}
  rescue_tree 1
  mkdir "$tree/run/passthru/rescue.new"
  agent 1 "$option"
  says returned
  says 'error: could not write /run/passthru/rescue, so there is no other attempt: '
  agent 0 "$option"
}

# rescue_unrecorded CONTENT REASON: returned, where the report cannot be updated; CONTENT "" is a directory.
rescue_unrecorded() {
  rescue_tree 1
  echo 'due 1' >"$tree/run/passthru/rescue"
  rm "$tree/run/passthru/report.json"
  if [[ $1 ]]; then put run/passthru/report.json <<<"$1"; else mkdir "$tree/run/passthru/report.json"; fi
  agent 1 --rescue
  says returned
  says "error: could not update /run/passthru/report.json, so it does not say .*: $2"
}

# --- a process that watches

# watch_tree GRACE: the same on a network root.
watch_tree() {
  cmdline "root=/dev/nfs nfsroot=10.0.0.1:/root ip=dhcp"
  rescue_tree "$1"
}

# in_time COMMAND...: waits until it succeeds, 5 seconds at most.
in_time() {
  local tries
  for ((tries = 0; tries < 50; tries++)); do
    ! "$@" || return 0
    sleep 0.1
  done
  fail "not within 5 seconds: $*"
}

is_noted() {
  grep -q '^due ' "$tree/run/passthru/rescue"
}

# process PID NAME: as /proc shows it.
process() {
  put "proc/$1/comm" <<<"$2"
}

# watch: in the background; sets $watcher.
watch() {
  "$init" --root "$tree" --watch >"$out" 2>&1 &
  watcher=$!
  in_time test -s "$tree/run/passthru/watch"
  [[ $(<"$tree/run/passthru/watch") == "$watcher" ]] || fail "another number in /run/passthru/watch"
  process "$watcher" "$(<"/proc/$watcher/comm")"
}

# end_watch STATUS: it ends when told to, and leaves nothing.
end_watch() {
  local status=0
  kill "$watcher"
  in_time test ! -e "$tree/run/passthru/watch"
  wait "$watcher" || status=$?
  ((status == $1)) || fail "exit status $status, not $1"
}

# In a directory a return fails, so all attempts are made.
watch_returns() {
  local before=$EPOCHREALTIME limit=30
  watch_tree 2
  agent 1 --watch
  says returned
  says 'too many attempts'
  ((${EPOCHREALTIME/./} - ${before/./} >= 2000000)) || fail "before the time was over"
  [[ ! -e $tree/run/passthru/watch && ! -e $tree/run/passthru/rescue ]] || fail "a file is left"
}

# The time begins when udev has settled.
watch_settles() {
  watch_tree 60
  put run/udev/queue <<<""
  watch
  sleep 1.5
  ! is_noted || fail "begun while udev is busy"
  rm "$tree/run/udev/queue"
  in_time is_noted
  end_watch 0
}

# Only the process that watches makes calls, while there is one.
watch_alone() {
  watch_tree 60
  watch
  in_time is_noted
  kill -STOP "$watcher"
  echo 'due 1' >"$tree/run/passthru/rescue"
  agent 0 --rescue
  says_not returned
  kill -KILL "$watcher"
  wait "$watcher" 2>/dev/null
  agent 1 --rescue
  says returned
}

# The number in a file that was left is that of another process now.
watch_reused() {
  rescue_tree 1
  put run/passthru/watch <<<"$$"
  process "$$" udevd
  echo 'due 1' >"$tree/run/passthru/rescue"
  agent 1 --rescue
  says returned
}

# watch_end NAME: initramfs-tools ends the process that is noted, if it is the agent.
watch_end() {
  local script=initramfs-tools/scripts/init-bottom/passthru noted=$tree/run/passthru/watch pid
  (
    trap 'rm "$noted"; exit' TERM
    while true; do sleep 0.1; done
  ) &
  pid=$!
  put run/passthru/watch <<<"$pid"
  process "$pid" "$1"
  run 0 sh -c "$(sed "s|/run/|$tree/run/|g; s|/proc/|$tree/proc/|g" "$script")"
  case $1 in
    passthru-init) [[ ! -e $noted ]] || fail "it goes on" ;;
    *) kill -0 "$pid" || fail "another process is ended" ;;
  esac
  kill -KILL "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
}

# Nobody could find the process to end it, as with a full /run.
watch_unnoted() {
  watch_tree 60
  mkdir "$tree/run/passthru/watch.new"
  agent 0 --watch
  says 'error: could not write /run/passthru/watch, so --watch makes one call only .*: File exists'
  is_noted || fail "the time has not begun"
}

# said_once TEXT
said_once() {
  local times
  times=$(grep -c -e "$1" "$out")
  ((times == 1)) || fail "said $times times: $1"
}

# Its calls could do nothing but say so each second; once the file can be read, they go on.
watch_unread() {
  watch_tree 60
  yes '#' | head -c 70000 >"$tree/run/passthru/rescue"
  watch
  sleep 2.5
  said_once 'could not read /run/passthru/rescue: File too large'
  said_once 'passthru-init --rescue: exit status 3'
  echo 'grace 60' >"$tree/run/passthru/rescue.now"
  mv "$tree/run/passthru/rescue.now" "$tree/run/passthru/rescue"
  in_time is_noted
  end_watch 0
}

# Told to end as soon as its number is there, but before it has gone on from writing that.
watch_ended_early() {
  local rename=inject=renameat,renameat2:delay_exit=1000000:when=1 status=0 tracer
  watch_tree 60
  strace -o /dev/null -e trace=renameat,renameat2 -e "$rename" "$init" --root "$tree" --watch >"$out" 2>&1 &
  tracer=$!
  in_time test -s "$tree/run/passthru/watch"
  kill "$(<"$tree/run/passthru/watch")"
  wait "$tracer" || status=$?
  ((status == 0)) || fail "exit status $status"
  [[ ! -e $tree/run/passthru/watch ]] || fail "a process is said to watch"
}

# The hooks of the framework do it all.
watch_disk() {
  rescue_tree 60
  agent 0 --watch
  is_noted || fail "the time has not begun"
  [[ ! -e $tree/run/passthru/watch ]] || fail "a process is said to watch"
}

# --- with systemd

# systemd_tree GRACE: the same with systemd, which waits for a disk with a file system of that UUID.
systemd_tree() {
  rescue_tree "$1"
  mkdir -p "$tree/run/systemd/system"
  put run/systemd/generator/sysroot.mount <<<$'[Mount]\nWhere=/sysroot\nWhat=/dev/disk/by-uuid/1-2'
}

# root_device READY: it appears, and is as udev says.
root_device() {
  put sys/class/block/sda1/dev <<<8:1
  put run/udev/data/b8:1 <<<"E:SYSTEMD_READY=$1"
  put dev/sda1 <<<""
  mkdir -p "$tree/dev/disk/by-uuid"
  ln -s ../../sda1 "$tree/dev/disk/by-uuid/1-2"
}

# watch_ends STATUS: the process that watches does so by itself.
watch_ends() {
  local status=0
  in_time test ! -e "$tree/run/passthru/watch"
  wait "$watcher" || status=$?
  ((status == $1)) || fail "exit status $status, not $1"
}

# It is there in time: the process ends.
systemd_arrives() {
  systemd_tree 60
  watch
  in_time is_noted
  root_device 1
  watch_ends 0
  says_not returned
}

# It does not appear, or udev says that it is not ready.
systemd_returns() {
  local limit=30
  systemd_tree 1
  [[ ! ${1-} ]] || root_device "$1"
  agent 1 --watch
  says returned
}

# ask PID: a program of that number asks for a passphrase.
ask() {
  process "$1" systemd-crypts
  put run/systemd/ask-password/ask.1 <<<$'[Ask]\nPID='"$1"
}

due() {
  sed -n 's/^due //p' "$tree/run/passthru/rescue"
}

# While a passphrase is asked for, the time does not pass.
systemd_asks() {
  local before
  systemd_tree 3
  watch
  in_time is_noted
  before=$(due)
  ask 4242
  sleep 4
  says_not returned
  (($(due) >= before + 2000)) || fail "the time passes"
  rm "$tree/run/systemd/ask-password/ask.1"
  sleep 4
  says returned
  kill "$watcher"
  wait "$watcher" 2>/dev/null
}

# Over the network the answer may come, so its card is not waited for without end.
systemd_asks_network() {
  local limit=30
  systemd_tree 1
  cmdline "root=/dev/mapper/luks-1 rd.neednet=1 ip=dhcp"
  ask 4242
  agent 1 --watch
  says returned
}

test_rescue() {
  t "agent: given back once the time is over" rescue_in_time
  t "agent: given back, where the time cannot be noted" rescue_unnoted
  t "agent: given back, by the former name of the option" rescue_unnoted --heal
  t "agent: given back, where the report is damaged" rescue_unrecorded '{}' 'not a report, or damaged'
  t "agent: given back, where the report cannot be read" rescue_unrecorded "" 'Is a directory|Invalid'
  t "agent: given back? what was left for that cannot be read" rescue_unread
  t "agent: given back? a device cannot be read" rescue_device_unread
  t "agent: what is to be given back cannot be noted" rescue_unprepared
  t "agent: watches a network root, given back once the time is over" watch_returns
  t "agent: watches from when udev has settled, and ends when told to" watch_settles
  t "agent: a hook is called beside one that watches" watch_alone
  t "agent: a hook is called where another process has the number" watch_reused
  t "agent: is ended by initramfs-tools when the root is there" watch_end passthru-init
  t "agent: where another process has the number, that is not ended" watch_end udevd
  t "agent: watches only where it can be found to be ended" watch_unnoted
  t "agent: watches where its file cannot be read, and says so once" watch_unread
  if strace -o /dev/null true 2>/dev/null; then
    t "agent: is told to end before it has begun to watch" watch_ended_early
  else
    echo "ok - agent: is told to end before it has begun to watch # SKIP no strace"
  fi
  t "agent: does not watch a root that is on a disk" watch_disk
  t "agent: with systemd, watches until a root on a disk is there" systemd_arrives
  t "agent: with systemd, given back where the root device does not appear" systemd_returns
  t "agent: with systemd, given back where the root device lacks members" systemd_returns 0
  t "agent: with systemd, the time does not pass while a passphrase is asked for" systemd_asks
  t "agent: with systemd, it passes where the answer may come over the network" systemd_asks_network
}
