# SPDX-License-Identifier: GPL-2.0-or-later
# The assertions of the cases: on report.json, on the kernel's own view of each device, and
# on the kernel log. Sourced, bash; $out is the boot's folder.
# shellcheck shell=bash disable=SC2154,SC2016

failures=()

fail() {
  failures+=("$*")
}

# in_report WHAT [JQ-OPTION...] FILTER
in_report() {
  local what=$1
  shift
  jq -e "$@" "$out/report.json" >/dev/null 2>&1 || fail "report.json: no $what"
}

# of_device ADDRESS WHAT FILTER: FILTER holds for the device's entry in the report.
of_device() {
  in_report "$1 $2" --arg a "$1" \
    ".devices | map(select(.address == \$a)) | length == 1 and (.[0] | $3)"
}

# sysfs ADDRESS DRIVER OVERRIDE: what the kernel says after everything.
sysfs() {
  local have
  have=$(awk -v a="$1" '$1 == a { print $2, $3 }' "$out/devices.txt")
  [[ $have == "$2 $3" ]] || fail "sysfs: $1 has driver and override '$have', not '$2 $3'"
}

# Kernel log lines about a device by a driver of the host. A probe that succeeds always
# leaves one; `host_has` and the case agent-removed prove that for each driver used here.
host_lines() {
  grep -F "$1" "$out/dmesg.txt" |
    grep -Ev '\] (pci|vfio-pci|pci-stub|pciback) |\] passthru: |ommand line: '
}

host_silent() {
  local line
  if line=$(host_lines "$1"); then
    fail "a host driver had $1: ${line%%$'\n'*}"
  fi
}

# taken ADDRESS DRIVER [PREVIOUS]: bound to DRIVER before any driver of a module had it.
taken() {
  local previous=null
  [[ ${3-} ]] && previous="\"$3\""
  of_device "$1" "bound to $2, previous driver ${3-none}" \
    ".state == \"bound\" and .driver == \"$2\" and .previous_driver == $previous"
  sysfs "$1" "$2" "$2"
  # What a built-in driver said came before the initramfs and is no failure.
  [[ ${3-} ]] || host_silent "$1"
}

# fenced ADDRESS STATE OVERRIDE: no driver has it, and none of the host ever had.
fenced() {
  of_device "$1" "state $2" ".state == \"$2\""
  sysfs "$1" none "$3"
  host_silent "$1"
}

# came ADDRESS TIMES: so often the kernel found the device, or made it.
came() {
  local have
  have=$(grep -cE "\] pci $1: \[....:....\] type" "$out/dmesg.txt") || true
  ((have == $2)) || fail "$1 came $have times, not $2"
}

# host_has ADDRESS DRIVER: the host's driver has it and passthru left no trace on it.
host_has() {
  sysfs "$1" "$2" '(null)'
  host_lines "$1" >/dev/null || fail "no line of $2 about $1 in the kernel log"
}

# host_tried ADDRESS: the host could have it. QEMU's virtual functions of NVMe are not ready for
# their driver, which lets them go after a while.
host_tried() {
  host_lines "$1" >/dev/null || fail "no driver of the host has had $1"
}

# refused ADDRESS CODE DRIVER: not taken for the reason CODE, and the host's DRIVER has it.
refused() {
  of_device "$1" "state refused" '.state == "refused"'
  finding "$1" "$2"
  sysfs "$1" "$3" '(null)'
}

# second_of REGEX: when the kernel log has it for the first time.
second_of() {
  sed -nE "/$1/{s/^\[ *([0-9]+)\..*/\1/p;q}" "$out/dmesg.txt"
}

# returned ADDRESS DRIVER SECONDS: the host's DRIVER got it back, not before so many seconds.
returned() {
  local taken given
  of_device "$1" "state returned" '.state == "returned"'
  finding "$1" returned
  sysfs "$1" "$2" '(null)'
  taken=$(second_of "passthru: .* $1 ") given=$(second_of "$2 .*$1")
  ((taken && given >= taken + $3)) || fail "$2 had $1 at '$given', taken at '$taken'"
}

not_in_report() {
  in_report "absence of $1" --arg a "$1" '.devices | all(.address != $a)'
}

# finding ADDRESS CODE, or finding - CODE for one that is not about a device.
finding() {
  if [[ $1 == - ]]; then
    in_report "finding $2" --arg c "$2" '.findings | any(.code == $c)'
  else
    of_device "$1" "finding $2" ".findings | any(.code == \"$2\")"
  fi
}

# logged REGEX: a line of the agent in the kernel log.
logged() {
  grep -Eq "passthru: .*$1" "$out/dmesg.txt" || fail "kernel log: no line of the agent: $1"
}

# says REGEX: a line of what the case's commands said in the real root.
says() {
  grep -Eq -e "$1" "$out/commands.txt" || fail "not said: $1"
}

# status_is CODE: the exit status of `passthru status` in the real root.
status_is() {
  local have
  have=$(<"$out/status.rc")
  [[ $have == "$1" ]] || fail "passthru status: exit status $have, not $1"
}

# must_fail ASSERTION...: for the proof that an assertion can fail.
must_fail() {
  local before=("${failures[@]}")
  "$@"
  if ((${#failures[@]} > ${#before[@]})); then
    failures=("${before[@]}")
  else
    fail "holds all the same: $*"
  fi
}

# vfio_says ADDRESS TEXT
vfio_says() {
  local have
  have=$(awk -v a="$1" '$1 == a { $1 = ""; print }' "$out/vfio.txt")
  [[ $have == " $2"* ]] || fail "vfio-probe: $1 gets '$have', not '$2'"
}

# verify_is CODE: the exit status of the agent's --verify in the real root, and what it put on record.
verify_is() {
  local have
  have=$(<"$out/verify.rc")
  [[ $have == "$1" ]] || fail "passthru-init --verify: exit status $have, not $1"
  jq -e ".verified == $( (($1)) && echo false || echo true)" "$out/verified.json" >/dev/null ||
    fail "verified.json does not say so"
}

# completed ADDRESS DRIVER: after --verify the driver that was missing has it, also on record.
completed() {
  grep -q "^$1 $2 $2" "$out/verified.txt" || fail "$2 does not have $1 after --verify"
  jq -e --arg a "$1" '.devices | any(.address == $a and .state == "bound")' "$out/verified.json" \
    >/dev/null || fail "verified.json: $1 is not bound"
}

# vfio_gives ADDRESS: the report says that a guest can have it, and a VMM in fact gets it.
vfio_gives() {
  of_device "$1" "viable" '.viable == true'
  vfio_says "$1" yes
}

# vfio_refuses ADDRESS STEP: the report does not say that a guest can have it, and VFIO refuses
# at STEP.
vfio_refuses() {
  of_device "$1" "not viable" '.viable != true'
  vfio_says "$1" "no $2"
}

# iommu_is KIND STATE REMAPPING: the verdict on the host as a whole.
iommu_is() {
  in_report "IOMMU $*" --arg kind "$1" --arg state "$2" --argjson remapping "$3" \
    '.iommu | .kind == $kind and .state == $state and .interrupt_remapping == $remapping'
}

# iommu_finding CODE: it is in the verdict, and where it warns it has a remedy.
iommu_finding() {
  in_report "finding $1 with a remedy on the IOMMU" --arg c "$1" \
    '.iommu.findings | any(.code == $c and (.severity == "info" or .remedy != null))'
}

# Of the golden set, what inside/golden-report sends besides.

# shows COMMAND REGEX: a line of what `passthru COMMAND` says at the end.
shows() {
  grep -Eq -e "$2" "$out/$1.txt" || fail "passthru $1 does not show: $2"
}

# check_is CODE: the exit status of `passthru check` at the end.
check_is() {
  local have
  have=$(<"$out/check.rc")
  [[ $have == "$1" ]] || fail "passthru check: exit status $have, not $1"
}

# unit_is RESULT: how passthru-verify.service ended, as systemd has it.
unit_is() {
  grep -q "^Result=$1\$" "$out/verify-unit.txt" ||
    fail "passthru-verify.service: $(grep -E '^(ActiveState|Result|ExecMainStatus)=' "$out/verify-unit.txt" | tr '\n' ' ')"
}

# host_is_well [UNIT...]: no unit has failed, or only these, and nothing that udev has run.
host_is_well() {
  local unit line
  line=$(for unit in "$@"; do echo "$unit"; done | grep -vFf - "$out/failed-units.txt") &&
    fail "a unit has failed: ${line%%$'\n'*}"
  line=$(grep -E "udev.*: Process '.*' (failed|terminated)" "$out/journal.txt") &&
    fail "udev: ${line%%$'\n'*}"
  return 0
}
