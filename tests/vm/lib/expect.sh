# SPDX-License-Identifier: GPL-2.0-or-later
# The assertions of the cases: on report.json, on sysfs, and on the kernel log. Sourced, bash; $out is the
# folder of the boot.
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

# sysfs ADDRESS DRIVER OVERRIDE: driver and driver_override at the end.
sysfs() {
  local have
  have=$(awk -v a="$1" '$1 == a { print $2, $3 }' "$out/devices.txt")
  [[ $have == "$2 $3" ]] || fail "sysfs: $1 has driver and override '$have', not '$2 $3'"
}

# host_lines ADDRESS: lines of host drivers about the device in the kernel log. A successful probe
# always leaves one; `host_has` and the case agent-removed prove that for each driver used here.
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

# taken ADDRESS DRIVER [PREVIOUS]: bound to DRIVER, and never to a host driver but the built-in PREVIOUS.
taken() {
  local previous=null
  [[ ${3-} ]] && previous="\"$3\""
  of_device "$1" "bound to $2, previous driver ${3-none}" \
    ".state == \"bound\" and .driver == \"$2\" and .previous_driver == $previous"
  sysfs "$1" "$2" "$2"
  # The lines of a built-in driver are from before the initramfs.
  [[ ${3-} ]] || host_silent "$1"
}

# fenced ADDRESS STATE OVERRIDE: bound to no driver now, and never to one of the host.
fenced() {
  of_device "$1" "state $2" ".state == \"$2\""
  sysfs "$1" none "$3"
  host_silent "$1"
}

# came ADDRESS TIMES: how often the kernel has added the device.
came() {
  local have
  have=$(grep -cE "\] pci $1: \[....:....\] type" "$out/dmesg.txt") || true
  ((have == $2)) || fail "$1 came $have times, not $2"
}

# host_has ADDRESS DRIVER: bound to the host's DRIVER, without a driver_override.
host_has() {
  sysfs "$1" "$2" '(null)'
  host_lines "$1" >/dev/null || fail "no line of $2 about $1 in the kernel log"
}

# host_tried ADDRESS: a host driver has probed it. QEMU's NVMe VFs never become ready for their driver,
# which gives up after a while.
host_tried() {
  host_lines "$1" >/dev/null || fail "no driver of the host has had $1"
}

# refused ADDRESS CODE DRIVER: not taken because of the finding CODE, and bound to the host's DRIVER.
refused() {
  of_device "$1" "state refused" '.state == "refused"'
  finding "$1" "$2"
  sysfs "$1" "$3" '(null)'
}

# second_of REGEX: the time of the first such line in the kernel log, in seconds.
second_of() {
  sed -nE "/$1/{s/^\[ *([0-9]+)\..*/\1/p;q}" "$out/dmesg.txt"
}

# returned ADDRESS DRIVER SECONDS: taken, and returned to the host's DRIVER after at least so many seconds.
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

# logged REGEX: a line of the agent in the kernel log matches.
logged() {
  grep -Eq "passthru: .*$1" "$out/dmesg.txt" || fail "kernel log: no line of the agent: $1"
}

# says REGEX: a line that the case's commands printed in the real root matches.
says() {
  grep -Eq -e "$1" "$out/commands.txt" || fail "not said: $1"
}

# status_is CODE: the exit status of `passthru status` in the real root.
status_is() {
  local have
  have=$(<"$out/status.rc")
  [[ $have == "$1" ]] || fail "passthru status: exit status $have, not $1"
}

# must_fail ASSERTION...: fails if the assertion holds.
must_fail() {
  local before=("${failures[@]}")
  "$@"
  if ((${#failures[@]} > ${#before[@]})); then
    failures=("${before[@]}")
  else
    fail "holds all the same: $*"
  fi
}

# vfio_says ADDRESS TEXT: the line of vfio-probe about the device begins with TEXT.
vfio_says() {
  local have
  have=$(awk -v a="$1" '$1 == a { $1 = ""; print }' "$out/vfio.txt")
  [[ $have == " $2"* ]] || fail "vfio-probe: $1 gets '$have', not '$2'"
}

# verify_is CODE: the exit status of the agent's --verify in the real root; the report agrees with it.
verify_is() {
  local have
  have=$(<"$out/verify.rc")
  [[ $have == "$1" ]] || fail "passthru-init --verify: exit status $have, not $1"
  jq -e ".verified == $( (($1)) && echo false || echo true)" "$out/verified.json" >/dev/null ||
    fail "verified.json does not say so"
}

# completed ADDRESS DRIVER: --verify has bound it to DRIVER, which was missing before; the report says so.
completed() {
  grep -q "^$1 $2 $2" "$out/verified.txt" || fail "$2 does not have $1 after --verify"
  jq -e --arg a "$1" '.devices | any(.address == $a and .state == "bound")' "$out/verified.json" \
    >/dev/null || fail "verified.json: $1 is not bound"
}

# vfio_gives ADDRESS: the report says viable, and VFIO opens the device.
vfio_gives() {
  of_device "$1" "viable" '.viable == true'
  vfio_says "$1" yes
}

# vfio_refuses ADDRESS STEP: the report does not say viable, and VFIO refuses the device at STEP.
vfio_refuses() {
  of_device "$1" "not viable" '.viable != true'
  vfio_says "$1" "no $2"
}

# iommu_is KIND STATE REMAPPING: the report on the host's IOMMU.
iommu_is() {
  in_report "IOMMU $*" --arg kind "$1" --arg state "$2" --argjson remapping "$3" \
    '.iommu | .kind == $kind and .state == $state and .interrupt_remapping == $remapping'
}

# iommu_finding CODE: a finding on the IOMMU, with a remedy unless it is only information.
iommu_finding() {
  in_report "finding $1 with a remedy on the IOMMU" --arg c "$1" \
    '.iommu.findings | any(.code == $c and (.severity == "info" or .remedy != null))'
}

# --- what only inside/golden-report sends

# shows COMMAND REGEX: a line that `passthru COMMAND` prints at the end matches.
shows() {
  grep -Eq -e "$2" "$out/$1.txt" || fail "passthru $1 does not show: $2"
}

# check_is CODE: the exit status of `passthru check` at the end.
check_is() {
  local have
  have=$(<"$out/check.rc")
  [[ $have == "$1" ]] || fail "passthru check: exit status $have, not $1"
}

# unit_is RESULT: systemd's result of passthru-verify.service.
unit_is() {
  grep -q "^Result=$1\$" "$out/verify-unit.txt" ||
    fail "passthru-verify.service: $(grep -E '^(ActiveState|Result|ExecMainStatus)=' "$out/verify-unit.txt" | tr '\n' ' ')"
}

# host_is_well [UNIT...]: no unit has failed but these, and no program that udev has run.
host_is_well() {
  local unit line
  line=$(for unit in "$@"; do echo "$unit"; done | grep -vFf - "$out/failed-units.txt") &&
    fail "a unit has failed: ${line%%$'\n'*}"
  line=$(grep -E "udev.*: Process '.*' (failed|terminated)" "$out/journal.txt") &&
    fail "udev: ${line%%$'\n'*}"
  return 0
}
