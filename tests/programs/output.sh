# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the output of both programs: no control character from outside is printed, and a failed write
# is no success. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# full_output SUBCOMMAND: fails where standard output is a full device.
full_output() {
  needs_tree
  report ""
  run 1 bash -c 'exec "$@" >/dev/full' - "$command" "$1" --root "$tree"
  [[ -s $err ]] || fail "no word about it"
}

only_plain() {
  ! grep -q '[^ -~]' "$out" "$err" || fail "control characters are printed"
  says_not '^forged'
}

# The agent cannot handle a driver with such a name.
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

test_output() {
  t "needs: nowhere to print to" full_output needs
  t "check: nowhere to print to" full_output check
  t "list: nowhere to print to" full_output list
  t "status: nowhere to print to" full_output status
  t "--help: nowhere to print to" full_output --help
  t "--version: nowhere to print to" full_output --version
  t "needs, check, list: control characters in fstab and mountinfo" control_in_fstab
  t "both programs: control characters in uevent" control_in_uevent
  t "both programs: control characters in the configuration" control_in_conf
  t "status: control characters in the record" control_in_record
  t "status: control characters in the link to the driver" control_in_link
}
