# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init at boot: its configuration, and broken environments. Sourced, bash.
# shellcheck shell=bash disable=SC2154

nothing_configured() {
  agent 0
  lines_are 1
  says 'passthru: info: nothing-configured'
  finding - nothing-configured
  recorded '.devices == []'
}

switched_off() {
  conf "nonsense"
  cmdline "quiet $1"
  agent 0
  says_not config-error
  finding - off
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
  finding - config-error
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
  says 'nic 0000:00:02.0 .* would be bound to vfio-pci'
  [[ ! -e $tree/run/passthru ]] || fail "a record was written"
}

# Were it not to notice, the option would keep it from any device. / must not look like an initramfs.
by_hand() {
  local status=0
  "$init" --cmdline passthru=off >"$work/by-hand" 2>&1 || status=$?
  [[ $status == 64 ]] || fail "exit status $status"
  grep -q 'did nothing' "$work/by-hand" || fail "does not say so: $(<"$work/by-hand")"
  grep -q 'passthru check' "$work/by-hand" || fail "does not say what to do"
}

# --- a broken environment

# ends STATUS MODE CODE COMMAND...: after COMMAND has broken the host, the mode reports the finding CODE.
ends() {
  one_of_two
  agent 1
  echo 'due 1' >"$tree/run/passthru/rescue"
  (cd "$tree" && "${@:4}") || fail "cannot be prepared: ${*:4}"
  # shellcheck disable=SC2086 # several words
  agent "$1" $2
  says "^passthru: error: $3: "
  says "^passthru: (error|warning): passthru-init $2: exit status $1: "
}

no_proc() {
  rm "$tree/proc/cmdline"
  agent 3
  finding - no-proc
  lines_are 2
}

no_sys() {
  one_of_two
  rm -r "$tree/sys"
  agent 3
  finding - no-sysfs
  lines_are 2
}

# no_run COMMAND...: where COMMAND makes writing a report impossible, the exit status stays the same.
no_run() {
  one_of_two
  (cd "$tree" && "$@") || fail "cannot be prepared: $*"
  agent 1
  says 'error: could not write /run/passthru/report.json'
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

# Without a driver to bind first nobody knows whether an IOMMU translates: no claim.
until_bound() {
  host arm-groups-at-bind
  conf "[device nic]" "address = 0000:00:02.0" "id = 8086:10d3"
  set_override 0000:00:02.0 '(null)'
  run 0 "$init" --root "$tree" --dry-run
  says 'nic .* would be bound to vfio-pci, group not known yet'
  says 'nic .*: info: iommu-until-bound: '
  agent 1
  says 'nic .*: error: iommu-unknown: could not read whether an IOMMU translates its DMA: '
  recorded '.devices[0] | .state == "refused" and .group == null and .translated == false'
  [[ $(<"$tree/sys/bus/pci/devices/0000:00:02.0/driver_override") == '(null)' ]] || fail "claimed"
}

# Opened files must not become the standard files, or log lines end up in them.
closed_standard_files() {
  one_of_two
  run 1 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  recorded '.devices | length == 2'
  conf "nonsense"
  run 2 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  finding - config-error
  rm "$tree/proc/cmdline"
  run 3 bash -c 'exec "$@" 0<&- 1>&- 2>&-' - "$init" --root "$tree"
  finding - no-proc
}

test_agent() {
  t "agent: nothing configured is one line and no failure" nothing_configured
  t "agent: passthru=off, no file is read" switched_off passthru=off
  t "agent: rd.passthru=0, no file is read" switched_off rd.passthru=0
  t "agent: every error of the configuration, in all files" bad_configuration
  t "agent: each rule is in the record" device_lists
  t "agent: a dry run leaves nothing" dry_run
  t "agent: by hand, on a running host, it does nothing" by_hand
  t "agent: no /proc/cmdline" no_proc
  t "agent: no /sys" no_sys
  t "agent: no /run" no_run rmdir run
  t "agent: /run/passthru is a file" no_run touch run/passthru
  t "agent and check: /etc/passthru.conf is a FIFO" conf_is_fifo
  t "agent: the record's temporary file is a FIFO" report_is_fifo
  t "agent: standard files closed" closed_standard_files
  t "agent: a group that is made when a driver binds, and none that could" until_bound
}

test_ends() {
  local hotplug="--hotplug 0000:00:02.0"
  t "hotplug: no /proc/cmdline is told" ends 3 "$hotplug" no-proc rm proc/cmdline
  t "hotplug: no /sys is told" ends 3 "$hotplug" no-sysfs rm -r sys
  t "hotplug: errors of the configuration are told" \
    ends 2 "$hotplug" config-error sh -c 'echo nonsense >run/passthru/image/etc/passthru.conf'
  t "rescue: no /proc/cmdline is told" ends 3 --rescue no-proc rm proc/cmdline
  t "verify: no /proc/cmdline is told" ends 1 --verify no-proc rm proc/cmdline
  t "verify: no /proc/cmdline, and a claim to be completed" verify_claim_unread
  t "rescue: no /sys is told" ends 3 --rescue no-sysfs rm -r sys
  t "rescue: errors of the configuration are told" ends 2 --rescue config-error sh -c 'echo nonsense >etc/passthru.conf'
  t "verify: no record is told" ends 1 --verify no-record rm run/passthru/report.json
}
