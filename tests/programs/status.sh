# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru status. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# damaged TEXT: status refuses a file that is not a report of the agent.
damaged() {
  printf '%s' "$1" | put run/passthru/report.json
  report_unread 'not a report, or damaged'
}

# report_unread REASON: status says that it could not read the report, and shows nothing.
report_unread() {
  passthru 3 status
  [[ $(<"$err") == "passthru: could not read /run/passthru/report.json: $1" ]] || fail "not said: $1"
  [[ $(<"$out") == "IOMMU: none: "* && $(wc -l <"$out") == 1 ]] || fail "something is shown all the same"
}

report_directory() {
  mkdir -p "$tree/run/passthru/report.json"
  report_unread 'Is a directory'
}

report_loop() {
  mkdir -p "$tree/run/passthru"
  ln -s report.json "$tree/run/passthru/report.json"
  report_unread 'Too many levels of symbolic links'
}

# Neither the report nor the drivers: each is named.
nothing_read() {
  report_directory
  drivers_loop_in_tree
  passthru 3 status
  grep -q '^passthru: could not read /run/passthru/report.json: Is a directory$' "$err" ||
    fail "the report is not named"
  grep -q '^passthru: could not read /sys/bus/pci/drivers, so .*: Too many levels' "$err" ||
    fail "the drivers are not named"
}

drivers_loop_in_tree() {
  rm -r "$tree/sys/bus/pci/drivers"
  ln -s drivers "$tree/sys/bus/pci/drivers"
}

no_record() {
  passthru 3 status
  grep -q '/run/passthru/report.json' "$err" || fail "the file is not named"
}

# report DEVICE: writes a report with that device, a JSON object, or "".
report() {
  printf '{"version": 1, "program": "passthru-init 1", "kernel": "6.1",
    "devices": [%s], "findings": []}\n' "$1" | put run/passthru/report.json
}

# recorded_device STATE [FINDING-TEXT]: writes a report of a device in that state.
recorded_device() {
  report '{"rule": "nic", "address": "0000:00:02.0", "driver": "vfio-pci", "state": "'"$1"'",
    "findings": [{"code": "several-match", "severity": "info", "text": "'"${2-}"'"}]}'
}

# status_of STATUS STATE DRIVER OVERRIDE holds|changed: the report has STATE; sysfs has DRIVER and OVERRIDE.
status_of() {
  device 0000:00:02.0 "$3"
  set_override 0000:00:02.0 "$4"
  recorded_device "$2"
  passthru "$1" status
  says "^nic +0000:00:02.0 $2 +wanted: vfio-pci, now: ${3:-no driver}"
  if [[ $5 == holds ]]; then says_not 'changed since'; else says 'changed since'; fi
}

device_gone() {
  recorded_device bound
  passthru 1 status
  says 'now: gone.*changed since'
}

# unread_now WHAT FILE: what cannot be read is neither gone nor changed.
unread_now() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  unread 0000:00:02.0 "$1"
  passthru 1 status
  says "now: \\?  <-- could not read /sys/bus/pci/devices/0000:00:02.0$2: "
  says_not 'gone|no driver|changed since'
  says '^0 of 1 devices OK'
  passthru 1 status --json
  jq -e --argjson present "$3" '.ok == false and (.devices[0] |
    .driver_now == "?" and .present == $present and .holds == false and .ok == false)' \
    "$out" >/dev/null || fail "not the JSON"
}

# Without sysfs no device is gone.
no_sysfs() {
  recorded_device bound
  rm -r "$tree/sys"
  passthru 1 status
  says 'now: \?  <-- could not read /sys/bus/pci/devices: No such file'
}

# The attributes on which a state depends.
unread_attribute() {
  device 0000:00:02.0
  rm "$tree/sys/bus/pci/devices/0000:00:02.0/driver_override"
  mkdir "$tree/sys/bus/pci/devices/0000:00:02.0/driver_override"
  recorded_device held
  passthru 1 status
  says 'now: no driver  <-- could not read /sys/bus/pci/devices/0000:00:02.0/driver_override: '
  says_not 'changed since'
  device 0000:00:03.0 nvme
  mkdir "$tree/sys/bus/pci/devices/0000:00:03.0/sriov_numvfs"
  report '{"rule": "card", "address": "0000:00:03.0", "driver": "nvme", "vfs": 3, "state": "ready",
    "findings": []}'
  passthru 1 status
  says 'now: nvme, \? VFs  <-- could not read /sys/bus/pci/devices/0000:00:03.0/sriov_numvfs: '
}

# Whether another program has bound a device is unknown then.
others_unread() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  rm -r "$tree/sys/bus/pci/drivers/vfio-pci"
  echo >"$tree/sys/bus/pci/drivers/vfio-pci"
  passthru 0 status
  says '^passthru: could not read /sys/bus/pci/drivers, so .*: Not a directory'
  passthru 0 status --json
  jq -e '.bound_by_other == null' "$out" >/dev/null || fail "there are none"
}

record_of_nothing() {
  report ""
  passthru 0 status
  says '^No device was configured at this boot\.$'
}

# report_iommu SEVERITY: writes a report with one finding, on the IOMMU.
report_iommu() {
  printf '{"version": 1, "program": "passthru-init 1", "kernel": "6.1",
    "iommu": {"kind": "amd", "findings": [{"code": "iommu-firmware-bug", "severity": "%s",
      "text": "AMD-Vi: x", "remedy": "update the firmware"}]},
    "devices": [], "findings": []}\n' "$1" | put run/passthru/report.json
}

status_iommu() {
  report_iommu warning
  passthru 0 status
  says '^warning: iommu-firmware-bug: AMD-Vi: x$'
  says '^  what to do: update the firmware$'
  passthru 0 status --json
  jq -e '.ok and .iommu.findings[0].code == "iommu-firmware-bug"' "$out" >/dev/null ||
    fail "not in the JSON"
  passthru 0 status --metrics
  metrics_are_valid
  says '^passthru_findings[{]severity="warning"} 1$'
  report_iommu error
  passthru 1 status
  passthru 1 status --json
  jq -e '.ok == false' "$out" >/dev/null || fail "an error does not count"
  passthru 1 status --metrics
  says '^passthru_findings[{]severity="error"} 1$'
  says '^passthru_ok 0$'
}

# The report, and the current state of each device.
status_json() {
  device 0000:00:02.0 e1000e
  recorded_device bound
  passthru 1 status --json
  jq -e '.version == 1 and .ok == false and (.devices[0] | .rule == "nic" and
    .driver == "vfio-pci" and .driver_now == "e1000e" and .present and
    .holds == false and .ok == false)' "$out" >/dev/null || fail "not the JSON"
  set_driver 0000:00:02.0 vfio-pci
  passthru 0 status --json
  jq -e '.ok and .devices[0].driver_now == "vfio-pci" and .devices[0].holds' \
    "$out" >/dev/null || fail "not the JSON"
  rm "$tree/run/passthru/report.json"
  passthru 3 status --json
  [[ ! -s $out ]] || fail "something is printed all the same"
}

# The text format 0.0.4, strictly: HELP and TYPE of a metric before its samples, each series once.
metrics_are_valid() {
  awk '
    function bad(what) { print NR ": " what ": " $0; failed = 1 }
    /^# HELP passthru_[a-z_]+ [^ ].*\.$/ { helped = $3; next }
    /^# TYPE passthru_[a-z_]+ gauge$/ {
      if ($3 != helped) bad("no help")
      if (seen[$3]++) bad("a metric twice")
      name = $3
      next
    }
    !/^passthru_[a-z_]+({[a-z]+="([^"\\]|\\["\\n])*"(,[a-z]+="([^"\\]|\\["\\n])*")*})? [0-9]+(\.[0-9]+)?$/ {
      bad("no sample")
    }
    {
      series = $0
      sub(/ [^ ]*$/, "", series)
      if (once[series]++) bad("a series twice")
      split(series, parts, "{")
      if (parts[1] != name) bad("not below its head")
    }
    END { exit failed || !NR }' "$out" >"$work/bad" || fail "no metrics: $(<"$work/bad")"
}

# Rules of one option have the same name, so that two absent devices have the same labels.
status_metrics_twins() {
  device 0000:00:02.0 vfio-pci
  cmdline "vfio-pci.ids=1:2,3:4,8086:10d3 passthru.iommu=warn"
  agent 1
  passthru 1 status --metrics
  metrics_are_valid
  [[ $(grep -c '^passthru_device.*state="absent"' "$out") == 2 ]] || fail "not one for the absent and each metric"
  recorded_device 'a\"b\\\u001b\n'
  passthru 1 status --metrics
  metrics_are_valid
}

status_metrics() {
  device 0000:00:02.0 vfio-pci
  device 0000:00:03.0 e1000e
  report '{"rule": "a\"b", "address": "0000:00:02.0", "driver": "vfio-pci", "state": "bound",
      "findings": [{"code": "several-match", "severity": "info"}]},
    {"rule": "c", "address": "0000:00:03.0", "driver": "vfio-pci", "state": "refused",
      "findings": [{"code": "iommu-off", "severity": "error"}]},
    {"rule": "d", "address": null, "driver": "vfio-pci", "state": "absent", "findings": []}'
  passthru 1 status --metrics
  output_is metrics.txt
  metrics_are_valid
  rm "$tree/run/passthru/report.json"
  passthru 3 status --metrics
  metrics_are_valid
  says '^passthru_record_present 0$'
  says '^passthru_ok 0$'
  lines_are 14
}

status_returned() {
  device 0000:00:02.0 e1000e
  recorded_device returned
  passthru 1 status
  says_not 'changed since'
}

# The command reads a report that the agent wrote.
agent_then_status() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  passthru 0 status
  says 'now: vfio-pci$'
  set_driver 0000:00:02.0 e1000e
  passthru 1 status
  says 'now: e1000e .*changed since'
}

# The configuration has changed since the boot.
stale() {
  put usr/bin/dracut <<<""
  agent_then_status
  passthru 1 status
  says_not 'configuration was changed'
  echo "# a remark" >>"$tree/etc/passthru.conf"
  passthru 1 status
  says 'configuration was changed'
  says 'Next: dracut -f, then reboot\.$'
  put usr/sbin/update-initramfs <<<""
  passthru 1 status
  says 'Next: update-initramfs -u, then reboot\.$'
  cmdline "rdinit=/passthru-init"
  passthru 1 status
  says 'Next: passthru image -o FILE, then reboot\.$'
  cmdline "passthru=off"
  passthru 1 status
  says_not 'configuration was changed'
}

test_status() {
  local text
  for text in '{}' '{"devices": []}' 'no JSON' '' '[]' \
    '{"version": 99, "program": "p", "devices": [], "findings": []}' \
    '{"version": 1, "program": "p", "devices": [], "findings": []} and more' \
    '{"version": 1, "program": "p", "devices": [], "findings": [' \
    '{"version": 1, "program": "p", "devices": [1], "findings": []}'; do
    t "status: a damaged record: ${text:-empty}" damaged "$text"
  done
  t "status: the record is a directory" report_directory
  t "status: the record cannot be read" report_loop
  t "status: neither the record nor the drivers can be read" nothing_read
  t "status: no record" no_record
  t "status: a record without devices" record_of_nothing
  t "status: bound, and still" status_of 0 bound vfio-pci vfio-pci holds
  t "status: bound, now another driver's" status_of 1 bound e1000e vfio-pci changed
  t "status: bound, now nobody's" status_of 1 bound "" vfio-pci changed
  t "status: bound, now gone" device_gone
  t "status: bound, now a driver link that cannot be read" unread_now driver /driver true
  t "status: bound, now a device that cannot be read" unread_now device "" null
  t "status: bound, now no sysfs" no_sysfs
  t "status: held, ready, now attributes that cannot be read" unread_attribute
  t "status: the drivers cannot be listed" others_unread
  t "status: held, and still" status_of 1 held "" none holds
  t "status: held, now open to any driver" status_of 1 held "" '(null)' changed
  t "status: held, now another driver's" status_of 1 held e1000e '(null)' changed
  t "status: claimed, and still" status_of 1 claimed "" vfio-pci holds
  t "status: claimed, bound since" status_of 0 claimed vfio-pci vfio-pci holds
  t "status: claimed, now open to any driver" status_of 1 claimed "" '(null)' changed
  t "status: claimed, now another driver's" status_of 1 claimed e1000e '(null)' changed
  t "status: ready, and still" status_of 0 ready vfio-pci '(null)' holds
  t "status: ready, now nobody's" status_of 1 ready "" '(null)' changed
  t "status: waiting, and still" status_of 1 waiting "" '(null)' holds
  t "status: what the agent wrote" agent_then_status
  t "status: returned to the host" status_returned
  t "status: findings on the IOMMU" status_iommu
  t "status: JSON" status_json
  t "status: metrics" status_metrics
  t "status: metrics of what has the same name" status_metrics_twins
  t "status: another configuration than that of the boot" stale
}
