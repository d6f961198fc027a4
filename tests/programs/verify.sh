# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init --verify. Sourced, bash.
# shellcheck shell=bash disable=SC2154

verify_nothing() {
  agent 0 --verify
  lines_are 0
}

verify_no_record() {
  one_of_two
  agent 1 --verify
  says 'error: no-record: could not read /run/passthru/report.json: No such file.*; there are rules, but the agent did not run in this boot: .* Secure Boot refused it .an addon that is not signed'
  [[ ! -e $tree/run/passthru/report.json ]] || fail "a record was made up"
}

verify_off() {
  one_of_two
  cmdline passthru=off
  agent 0 --verify
}

verify_damaged() {
  put run/passthru/report.json <<<'{}'
  agent 1 --verify
  says 'error: no-record: could not read /run/passthru/report.json: not a report, or damaged'
  says_not 'did not run'
  [[ $(<"$tree/run/passthru/report.json") == '{}' ]] || fail "it was overwritten"
}

verify_holds() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  agent 0 --verify
  says 'verified: 1 of 1 devices'
  lines_are 1
  recorded '.verified == true and .devices[0].state == "bound"'
}

# A second run gives the same result.
verify_changed() {
  verify_holds
  set_driver 0000:00:02.0 e1000e
  agent 1 --verify
  agent 1 --verify
  says 'error: changed: 0000:00:02.0 is recorded as bound for vfio-pci, now e1000e'
  recorded '.verified == false and .devices[0].state == "bound" and
    (.devices[0].findings | map(select(.code == "changed")) | length == 1)'
}

# verify_unread WHAT FILE: what cannot be read is neither gone nor as recorded.
verify_unread() {
  verify_holds
  unread 0000:00:02.0 "$1"
  agent 1 --verify
  says 'unreadable: 0000:00:02.0 is recorded as bound for vfio-pci, now unknown: '
  says "now unknown: could not read /sys/bus/pci/devices/0000:00:02.0$2: "
  says_not 'changed'
  recorded '.verified == false'
  finding 0000:00:02.0 unreadable
}

# Then nothing is said of the devices, which may be as they were.
verify_no_sysfs() {
  verify_holds
  rm -r "$tree/sys"
  agent 3 --verify
  says 'error: no-sysfs: could not read /sys/bus/pci/devices: No such file'
  says_not 'changed|verified'
  recorded '.verified == false and ([.findings[], .devices[].findings[]] | all(.code != "no-sysfs"))'
}

verify_early() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  mkdir -p "$tree/dev/passthru"
  mv "$tree/run/passthru/report.json" "$tree/dev/passthru/"
  passthru 0 status
  agent 0 --verify
  recorded '.verified == true'
  [[ ! -e $tree/dev/passthru/report.json ]] || fail "it still waits in /dev"
}

# As where the agent was PID 1 and /run stayed: one directory at two places.
verify_early_shared() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  mkdir -p "$tree/dev"
  mv "$tree/run/passthru" "$tree/dev/"
  ln -s ../dev/passthru "$tree/run/passthru"
  put dev/passthru/rules.d/60-passthru.rules <<<""
  put run/udev/rules.d/60-passthru.rules <<<""
  agent 0 --verify
  recorded '.verified == true and .findings == []'
}

# As where the /init behind the agent mounts a /run of its own.
verify_early_rules_lost() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  put dev/passthru/rules.d/60-passthru.rules <<<""
  agent 0 --verify
  finding - watch-failed
  says 'did not keep /run/udev/rules.d/60-passthru.rules, .* \(bind .* with passthru assign '
  agent 0 --verify
  recorded '[.findings[] | select(.code == "watch-failed")] | length == 1'
}

# As with a full /run.
verify_early_unwritable() {
  device 0000:00:02.0 vfio-pci
  recorded_device bound
  mkdir -p "$tree/dev/passthru" "$tree/run/passthru/report.json.new"
  mv "$tree/run/passthru/report.json" "$tree/dev/passthru/"
  agent 0 --verify
  says 'error: could not write /run/passthru/report.json'
  passthru 0 status
}

# Without a command line the worker cannot tell whether the root is on the network.
verify_claim_unread() {
  device 0000:00:02.0
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  recorded_device claimed
  rm "$tree/proc/cmdline"
  agent 1 --verify
  says '^passthru: error: no-proc: could not read /proc/cmdline'
  says_not agent-died
  recorded '.devices[0].state == "claimed"'
}

# In a tree no module is ever loaded, so the device stays claimed.
verify_claimed() {
  device 0000:00:02.0
  set_override 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  recorded_device claimed
  agent 1 --verify
  recorded '.verified == false and .devices[0].state == "claimed" and .devices[0].errno == 2'
  finding 0000:00:02.0 stub-missing
  says 'verified: 0 of 1 devices'
}

test_verify() {
  t "verify: nothing configured, no record" verify_nothing
  t "verify: rules, and no record" verify_no_record
  t "verify: switched off, and no record" verify_off
  t "verify: a damaged record" verify_damaged
  t "verify: all is as recorded" verify_holds
  t "verify: a device was taken away" verify_changed
  t "verify: a driver link cannot be read" verify_unread driver /driver
  t "verify: a device cannot be read" verify_unread device ""
  t "verify: no sysfs" verify_no_sysfs
  t "verify: the record waits in /dev" verify_early
  t "verify: the report is in /dev, which is /run" verify_early_shared
  t "verify: the initramfs lost the rules for udev" verify_early_rules_lost
  t "verify: the record waits in /dev, and cannot be moved" verify_early_unwritable
  t "verify: claimed, and no module" verify_claimed
}
