# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru, and those of both programs. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# --- calls

usage_errors() {
  agent 64 --nonsense
  says usage:
  agent 64 --root
  agent 64 word
  agent 64 --dry-run --heal
  says 'is for the run at boot'
  run 3 "$init" --root "$tree/none"
  says 'none: No such file or directory'
  run 64 "$command"
  run 64 "$command" nonsense
  run 64 "$command" check --nonsense
  run 64 "$command" check one two
  run 64 "$command" status word
  run 64 "$command" list --lenient
  says 'usage: passthru list'
}

version_and_help() {
  local program subcommand
  for program in "$init" "$command"; do
    run 0 "$program" --version
    says "^${program##*/} [0-9]"
    run 0 "$program" --help
    says "^usage: ${program##*/}"
    [[ ! -s $err ]] || fail "help on standard error"
  done
  for subcommand in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    run 0 "$command" "$subcommand" --help
    says "^usage: passthru $subcommand"
  done
}

# damaged TEXT: status tells a file that is no record of the agent.
damaged() {
  printf '%s' "$1" | put run/passthru/report.json
  passthru 3 status
  grep -q '/run/passthru/report.json' "$err" || fail "the file is not named"
  [[ ! -s $out ]] || fail "something is shown all the same"
}

no_record() {
  passthru 3 status
  grep -q '/run/passthru/report.json' "$err" || fail "the file is not named"
}

# report DEVICE: a whole record with that object, or none
report() {
  printf '{"version": 1, "program": "passthru-init 1", "kernel": "6.1",
    "devices": [%s], "findings": []}\n' "$1" | put run/passthru/report.json
}

# recorded_device STATE [FINDING-TEXT]
recorded_device() {
  report '{"rule": "nic", "address": "0000:00:02.0", "driver": "vfio-pci", "state": "'"$1"'",
    "findings": [{"code": "several-match", "severity": "info", "text": "'"${2-}"'"}]}'
}

# status_of STATE DRIVER OVERRIDE STATUS holds|changed: what is on record, what is now
status_of() {
  device 0000:00:02.0 "$2"
  set_override 0000:00:02.0 "$3"
  recorded_device "$1"
  passthru "$4" status
  says "^nic +0000:00:02.0 $1 +wanted: vfio-pci, now: ${2:-no driver}"
  if [[ $5 == holds ]]; then says_not 'changed since'; else says 'changed since'; fi
}

device_gone() {
  recorded_device bound
  passthru 1 status
  says 'now: gone.*changed since'
}

record_of_nothing() {
  report ""
  passthru 0 status
  says '^0 of 0 devices'
}

# report_iommu SEVERITY: a whole record with one finding, of the IOMMU
report_iommu() {
  printf '{"version": 1, "program": "passthru-init 1", "kernel": "6.1",
    "iommu": {"kind": "amd", "findings": [{"code": "iommu-firmware-bug", "severity": "%s",
      "text": "AMD-Vi: x", "remedy": "update the firmware"}]},
    "devices": [], "findings": []}\n' "$1" | put run/passthru/report.json
}

status_iommu() {
  report_iommu warning
  passthru 0 status
  says '^    warning: iommu-firmware-bug: AMD-Vi: x$'
  says '^      what to do: update the firmware$'
  passthru 0 status --json
  jq -e '.as_wanted and .iommu.findings[0].code == "iommu-firmware-bug"' "$out" >/dev/null ||
    fail "not in the JSON"
  passthru 0 status --metrics
  metrics_are_valid
  says '^passthru_findings{severity="warning"} 1$'
  report_iommu error
  passthru 1 status
  passthru 1 status --json
  jq -e '.as_wanted == false' "$out" >/dev/null || fail "an error does not count"
  passthru 1 status --metrics
  says '^passthru_findings{severity="error"} 1$'
  says '^passthru_as_wanted 0$'
}

# The record, and beside each device what is now.
status_json() {
  device 0000:00:02.0 e1000e
  recorded_device bound
  passthru 1 status --json
  jq -e '.version == 1 and .as_wanted == false and (.devices[0] | .rule == "nic" and
    .driver == "vfio-pci" and .driver_now == "e1000e" and .present and
    .holds == false and .as_wanted == false)' "$out" >/dev/null || fail "not the JSON"
  set_driver 0000:00:02.0 vfio-pci
  passthru 0 status --json
  jq -e '.as_wanted and .devices[0].driver_now == "vfio-pci" and .devices[0].holds' \
    "$out" >/dev/null || fail "not the JSON"
  rm "$tree/run/passthru/report.json"
  passthru 3 status --json
  [[ ! -s $out ]] || fail "something is printed all the same"
}

# The text format 0.0.4, strictly: the head of a metric before all its samples, each series once.
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

# Rules of one option have one name, so nothing tells two that are absent apart.
status_metrics_twins() {
  device 0000:00:02.0 vfio-pci
  cmdline "vfio-pci.ids=1:2,3:4,8086:10d3 passthru.iommu=warn"
  agent 1
  passthru 1 status --metrics
  metrics_are_valid
  [[ $(grep -c 'state="absent"' "$out") == 2 ]] || fail "not one for the absent and each metric"
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
  says '^passthru_as_wanted 0$'
  lines_are 8
}

status_returned() {
  device 0000:00:02.0 e1000e
  recorded_device returned
  passthru 1 status
  says_not 'changed since'
}

# A real record, read by the other program.
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

mountinfo() {
  printf '%s\n' "$@" | put proc/self/mountinfo
}

# The boot's is what the agent read.
stale() {
  put usr/bin/dracut <<<""
  agent_then_status
  passthru 1 status
  says_not 'configuration was changed'
  echo "# a remark" >>"$tree/etc/passthru.conf"
  passthru 1 status
  says 'configuration was changed .*: dracut -f'
  put usr/sbin/update-initramfs <<<""
  passthru 1 status
  says 'configuration was changed .*: update-initramfs -u'
  cmdline "rdinit=/passthru-init"
  passthru 1 status
  says 'configuration was changed .*: passthru image'
  cmdline "passthru=off"
  passthru 1 status
  says_not 'configuration was changed'
}

plan_tree() {
  device 0000:00:02.0
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
}

check_good() {
  plan_tree
  passthru 1 check
  says 'nic 0000:00:02.0 .* would go to vfio-pci'
  passthru 1 check --modules
  [[ $(<"$out") == vfio-pci ]] || fail "not the module alone"
}

# A host that has all it needs: no warning either.
check_without_warnings() {
  host intel
  conf "[device disk]" "address = 00:03.0" "id = 1b36:0010"
  mountinfo "1 0 253:0 / / rw - ext4 /dev/vda rw"
  mkdir -p "$tree/sys/dev/block"
  ln -s ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
  passthru 0 check
  lines_are 1
  says '^disk 0000:00:03.0 \[1b36:0010\] would go to vfio-pci, group 2$'
}

# Errors, then warnings, then the plan.
check_order() {
  host gpu-group
  conf "[device gpu]" "address = 01:00.0" "[device bridge]" "address = 00:01.0" \
    "[device gone]" "address = 09:00.0"
  passthru 2 check
  sed -n 's/.*\(error\|warning\|would go\).*/\1/p' "$out" | uniq >"$work/order"
  printf '%s\n' error warning "would go" | cmp -s - "$work/order" ||
    fail "not in the order of their gravity"
}

check_json() {
  plan_tree
  passthru 1 check --json
  jq -e '.version == 1 and (.program | startswith("passthru ")) and
    (.config_sha256 | length == 64) and .platform == "bare" and
    (.devices | length == 1) and (.devices[0] | .rule == "nic" and .state == "planned" and
      (.findings | any(.code == "iommu-ignored" and .severity == "warning" and .remedy)))' \
    "$out" >/dev/null || fail "not the JSON that was expected"
  conf nonsense
  passthru 2 check --json
  jq -e '.devices == [] and (.findings | any(.code == "config-error"))' "$out" >/dev/null ||
    fail "not the errors"
}

check_colours() {
  plan_tree
  run 1 env TERM=xterm NO_COLOR= "$command" check --root "$tree"
  says_not $'\e'
  run 0 env TERM=xterm NO_COLOR= script -qec "'$command' check --root '$tree'; true" /dev/null
  says $'^\e\\[33mnic .*iommu-ignored.*\e\\[0m'
  run 0 env TERM=xterm NO_COLOR=1 script -qec "'$command' check --root '$tree'; true" /dev/null
  says_not $'\e'
}

check_no_iommu() {
  plan_tree
  conf "[device nic]" "address = 0000:00:02.0"
  passthru 2 check
  says 'iommu-off'
  passthru 0 check --lenient
  passthru 0 check --lenient --modules
  [[ ! -s $out ]] || fail "a module for a device that is not taken"
}

check_bad() {
  plan_tree
  conf "[device nic]" "speed = 10"
  passthru 2 check
  says '/etc/passthru.conf:2:'
  passthru 2 check --lenient
}

check_file_and_cmdline() {
  plan_tree
  printf '%s\n' "[device disk]" "nonsense = 1" >"$tree/other"
  passthru 2 check "$tree/other"
  says "$tree/other:2:"
  passthru 0 check /dev/null
  says 'no rule in /dev/null'
  run 2 bash -c "echo nonsense | '$command' check --root '$tree' /dev/stdin"
  says '/dev/stdin:1:'
  passthru 0 check --cmdline passthru=off
  says 'switched off'
}

check_without_host() {
  plan_tree
  rm -r "$tree/sys" "$tree/proc"
  passthru 2 check
  says host-unseen
  passthru 0 check --lenient
  says host-unseen
}

# A disk that / is on, and the card of plan_tree.
needs_tree() {
  plan_tree
  device 0000:00:03.0
  mkdir -p "$tree"/sys/{dev/block,class/block}
  ln -s ../../devices/pci0000:00/0000:00:03.0/block/sda "$tree/sys/dev/block/8:0"
  printf 'QEMU\n' | put sys/class/dmi/id/sys_vendor
  mountinfo "1 0 8:0 / / rw - ext4 /dev/sda rw"
}

needs_record() {
  needs_tree
  passthru 0 needs
  [[ ! -s $err ]] || fail "warnings"
  printf '%s\n' "passthru-needs 1" "host QEMU" \
    "storage pci0000:00/03.0 8086:10d3:0000:0000 020000 / on /dev/sda" | cmp -s - "$out" ||
    fail "not the record"
  put usr/lib/passthru/needs <"$out"
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn"
  agent 1
  says 'guard-storage: the host needs it: / on /dev/sda'
}

# needs_nothing COMMAND [OPTION] FILE SAID: no record without FILE
needs_nothing() {
  needs_tree
  local said=${*: -1}
  (cd "$tree" && "${@:1:$#-1}")
  passthru 1 needs
  says "$said"
  [[ ! -s $out ]] || fail "half a record"
}

needs_no_root() {
  needs_tree
  mountinfo "1 0 0:30 / / rw - overlay overlay rw"
  cmdline "root=UUID=1234"
  passthru 1 needs
  says 'root-unresolved: /: UUID=1234 was not found.* what to do: '
  [[ ! -s $out ]] || fail "half a record"
}

needs_bad_fstab() {
  needs_tree
  echo "UUID=1234 /srv ext4 defaults" | put etc/fstab
  passthru 0 needs
  says 'need-unresolved: /srv: UUID=1234 '
  grep -q '^storage' "$out" || fail "the rest is not there"
  passthru 1 check
  says 'need-unresolved: /srv: UUID=1234 '
}

needs_is_shown() {
  needs_tree
  passthru 0 list
  says '^0000:00:03.0 .* - +storage +'
  says '^0000:00:02.0 .* nic +- +'
  passthru 0 list --long
  says '^    needed for storage: / on /dev/sda$'
  passthru 0 list --json
  jq -e '[.devices[].needs] == [[], [{kind: "storage", why: "/ on /dev/sda"}]]' "$out" >/dev/null ||
    fail "not in the JSON"
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn" "on-failure = hold"
  passthru 2 check
  says 'guard-storage: .*/ on /dev/sda'
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn" "allow = storage"
  passthru 1 check
  says 'guard-overridden'
}

# Whoever builds an image in a chroot sees the disks of the machine that it is built on.
needs_in_chroot() {
  mkdir -p "$tree"/{proc,tmp}
  # shellcheck disable=SC2016 # the inner shell's
  run 1 unshare -rmpf sh -c 'set -e
    mount --bind "$1" "$1"
    for directory in usr bin lib lib64 sys; do
      [ -e "/$directory" ] || continue
      mkdir -p "$1/$directory"
      mount --rbind "/$directory" "$1/$directory"
    done
    mount -t proc proc "$1/proc"
    cp "$2" "$1/tmp/passthru"
    chroot "$1" /tmp/passthru needs' - "$tree" "$command"
  says 'root-unresolved: this is a chroot'
  [[ ! -s $out ]] || fail "a record"
}

# full_output SUBCOMMAND: no output, no success
full_output() {
  needs_tree
  report ""
  run 1 bash -c 'exec "$@" >/dev/full' - "$command" "$1" --root "$tree"
  [[ -s $err ]] || fail "no word about it"
}

# --- what comes from outside is never printed as it is

only_plain() {
  ! grep -q '[^ -~]' "$out" "$err" || fail "control characters are printed"
  says_not '^forged'
}

# A driver with such a name is none that the agent could deal with.
control_in_uevent() {
  device 0000:00:02.0 $'x\e[31m\rforged'
  conf "[device nic]" "address = 0000:00:02.0"
  passthru 1 check
  says 'unreadable: 0000:00:02.0'
  only_plain
  agent 1
  says 'unreadable: 0000:00:02.0'
  only_plain
  passthru 0 list
  says "left out: 0000:00:02.0"
  only_plain
}

control_in_conf() {
  conf $'[device \e[31m\rforged]' $'address = \e[31m\rforged'
  put $'etc/passthru.conf.d/\e[31m\nforged.conf' <<<nonsense
  passthru 2 check
  says config-error
  only_plain
  agent 2
  says config-error
  only_plain
}

control_in_fstab() {
  needs_tree
  printf 'UUID=\e[31m\rforged /\e[31m ext4 defaults\n' | put etc/fstab
  mountinfo "1 0 8:0 / / rw - ext4 /dev/sda rw" $'2 1 0:9 / /usr rw - x\\012\e[31m \\012forged rw'
  passthru 0 needs
  says need-unresolved
  only_plain
  passthru 1 check
  says need-unresolved
  only_plain
  passthru 0 list
  only_plain
}

control_in_record() {
  device 0000:00:02.0 e1000e
  recorded_device 'a\u001b[31m\nforged' 'b\u001b[31m\nforged\r\u009b'
  passthru 1 status
  says '^nic '
  only_plain
}

control_in_link() {
  device 0000:00:02.0
  set_driver 0000:00:02.0 $'x\e[31m\nforged'
  recorded_device bound
  passthru 1 status
  says '^nic '
  only_plain
}
