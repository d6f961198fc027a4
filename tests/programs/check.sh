# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru check. Sourced, bash.
# shellcheck shell=bash disable=SC2154

plan_tree() {
  device 0000:00:02.0
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
}

mountinfo() {
  printf '%s\n' "$@" | put proc/self/mountinfo
}

check_good() {
  plan_tree
  passthru 1 check
  says 'nic 0000:00:02.0 .* would go to vfio-pci'
  passthru 1 check --modules
  [[ $(<"$out") == vfio-pci ]] || fail "not the module alone"
}

# A host without any problem: no warning.
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

test_check() {
  t "check: a plan, and its modules" check_good
  t "check: nothing to complain of" check_without_warnings
  t "check: problems first" check_order
  t "check: JSON" check_json
  t "check: colours" check_colours
  t "check: a device that cannot be taken; --lenient" check_no_iommu
  t "check: errors of the configuration; --lenient" check_bad
  t "check: another file, another command line" check_file_and_cmdline
  t "check: no sysfs; --lenient" check_without_host
}
