# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the stub drivers' own options (ids= in modprobe.d), and of devices that are bound to a stub driver
# though no rule matches. Sourced, bash.
# shellcheck shell=bash disable=SC2154

modprobe() {
  printf '%s\n' "${@:2}" | put "$1"
}

# An option is a rule, at boot and, by the copy of the image's files, for hot-plugged devices.
native_late() {
  device 0000:00:02.0 vfio-pci
  cmdline passthru.iommu=warn
  modprobe etc/modprobe.d/vfio.conf "" "options vfio-pci ids=8086:10d3"
  modprobe usr/lib/modprobe.d/other.conf "blacklist e1000e"
  agent 0
  recorded '[.devices[] | .rule + " " + .state] == ["vfio-pci.ids bound"]'
  recorded '.config_sha256 == null and (.options_sha256 | length == 64)'
  [[ $(cd "$tree/run/passthru/image" && find . -type f) == ./etc/modprobe.d/vfio.conf ]] ||
    fail "other files are kept"
  rm -r "$tree/etc/modprobe.d"
  device 0000:00:03.0 vfio-pci
  agent 0 --hotplug 0000:00:03.0
  recorded '[.devices[] | .address + " " + .state] == ["0000:00:02.0 bound", "0000:00:03.0 bound"]'
}

native_stale() {
  device 0000:00:02.0 vfio-pci
  cmdline passthru.iommu=warn
  modprobe etc/modprobe.d/vfio.conf "options vfio-pci ids=8086:10d3"
  agent 0
  passthru 0 status
  says_not 'was changed'
  modprobe etc/modprobe.d/vfio.conf "# it" "options vfio_pci disable_vga=1 ids=8086:10d3"
  passthru 0 status
  says_not 'was changed'
  modprobe usr/lib/modprobe.d/z.conf "options vfio-pci ids=8086:10d4"
  passthru 0 status
  says 'was changed since the image'
  jq 'del(.options_sha256)' "$tree/run/passthru/report.json" >"$tree.json"
  mv "$tree.json" "$tree/run/passthru/report.json"
  passthru 0 status # a report of an agent that did not know the options
  says_not 'was changed'
}

native_image() {
  check_image_tree
  modprobe etc/modprobe.d/vfio.conf "options vfio-pci ids=1:2"
  check_image 2
  says 'image-config: .* has other options of stub drivers'
  mkdir -p "$image/usr/lib/modprobe.d"
  cp "$tree/etc/modprobe.d/vfio.conf" "$image/usr/lib/modprobe.d/a.conf"
  check_image 1
  says_not 'image-'
}

# The files that the hooks of the frameworks put into an image: no masked file, but those that mask one,
# since the masked file may get into the image in other ways.
native_contents() {
  modprobe etc/modprobe.d/a.conf "options vfio_pci ids=1:2"
  modprobe etc/modprobe.d/b.conf "# masks"
  modprobe usr/lib/modprobe.d/b.conf "options vfio-pci ids=1:2"
  modprobe etc/modprobe.d/c.conf "options e1000e x=1 # vfio-pci"
  ln -s /dev/null "$tree/etc/modprobe.d/d.conf"
  modprobe lib/modprobe.d/d.conf "options pci-stub ids=1:2"
  modprobe usr/local/lib/modprobe.d/"e f.conf" "options pciback hide=(1:2.0)"
  modprobe run/modprobe.d/g.conf "options vfio-pci ids=1:2"
  modprobe usr/lib/modprobe.d/h.alias "softdep nouveau pre: vfio"
  passthru 0 check --lenient --cmdline "" --files
  printf '/%s\n' usr/lib/passthru/passthru-init etc/modprobe.d/{a,b}.conf "usr/local/lib/modprobe.d/e f.conf" usr/lib/modprobe.d/h.alias |
    cmp -s - "$out" || fail "other files"
}

# check, list and import on the same options.
native_check() {
  device 0000:00:02.0 e1000e
  cmdline passthru.iommu=warn
  modprobe usr/lib/modprobe.d/vfio.conf "options vfio-pci ids=8086:10d4" "options vfio-pci ids=8086:10d3,1:2"
  passthru 1 check
  says "warning: option-overridden: /usr/lib/modprobe.d/vfio.conf:1: vfio-pci.ids=8086:10d4 has no effect"
  says "^    warning: absent: no device matches '1:2' of vfio-pci.ids, from /usr/lib/modprobe.d/vfio.conf:2"
  says 'vfio-pci.ids 0000:00:02.0 .* would be bound to vfio-pci'
  passthru 0 list
  says '^00:02.0 .* taken by rule vfio-pci.ids '
  passthru 0 import
  says '# Without effect'
  says '^#   /usr/lib/modprobe.d/vfio.conf:1: vfio-pci.ids=8086:10d4'
  says_not '^id = 8086:10d4'
  cp "$out" "$tree/etc/passthru.conf"
  passthru 1 check --cmdline passthru.iommu=warn
  says 'vfio-pci-1 0000:00:02.0 .* would be bound to vfio-pci'
  says_not "no device matches '8086:10d3'"
}

native_misspelt() {
  local option
  for option in vfio.ids=8086:095a,10ec:8168 pci.stub.ids=10de:1aeb vfio-pci.id=10de:2184 \
    vfio_pci_ids=10de:2184 vfio-pci.ids:10de:2184 'vfio-pci.ids= 10de:2184'; do
    passthru 1 check --cmdline "$option" /dev/null
    says 'warning: bad-option: the kernel command line: '
  done
  put etc/default/grub <<<'GRUB_CMDLINE_LINUX="vfio-pci.ids=10de:2184, 10de:1aeb"'
  modprobe etc/modprobe.d/a.conf "options vfio-pci.ids=10de:2184,10de:1aeb" "options vfio ids=1:2"
  passthru 1 import
  says "^#   /etc/default/grub:1: '10de:1aeb' stands apart"
  says "^#   /etc/modprobe.d/a.conf:1: 'options vfio-pci.ids' has no effect"
  says "^#   /etc/modprobe.d/a.conf:2: 'options vfio ids' has no effect"
}

# A distribution's files are full of blacklists, and a link to /dev/null has none.
native_import_vendor() {
  modprobe usr/lib/modprobe.d/a.conf "blacklist nouveau"
  modprobe usr/lib/modprobe.d/b.conf "options vfio-pci ids=1:2"
  mkdir -p "$tree/etc/modprobe.d"
  ln -s /dev/null "$tree/etc/modprobe.d/b.conf"
  passthru 0 import
  says '^# There is nothing'
  lines_are 2
}

# Where passthru does nothing, the drivers still obey their options.
native_in_force() {
  device 0000:00:02.0
  modprobe etc/modprobe.d/vfio.conf "options vfio-pci ids=8086:10d3"
  conf nonsense
  agent 2
  finding - options-in-force
  passthru 2 check
  says 'options-in-force: vfio-pci will bind the devices in its own options, without guards'
  cmdline "passthru=off vfio-pci.ids=8086:10d3"
  agent 0
  finding - options-in-force
  [[ ! -e $tree/run/passthru/image ]] || fail "something was kept"
}

# No device is left for the driver, and with --root no module is ever loaded.
native_skipped() {
  device 0000:00:02.0
  modprobe etc/modprobe.d/vfio.conf "options vfio-pci ids=8086:10d3"
  cmdline passthru.skip=vfio-pci.ids
  agent 0
  finding - skipped
  finding - options-in-force
  recorded '.devices == []'
  mkdir -p "$tree/sys/bus/pci/drivers/vfio-pci"
  agent 0
  recorded '.findings | all(.code != "options-in-force")'
}

# Two devices bound to a stub driver, and a rule for one of them.
others_tree() {
  device 0000:00:02.0 vfio-pci
  device 0000:00:03.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
}

others_everywhere() {
  local other='0000:00:03.0 \[8086:10d3\] is bound to vfio-pci'
  others_tree
  passthru 1 check
  says "bound-by-other: $other"
  agent 0
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
  finding - bound-by-other
  says "bound-by-other: $other, but no rule matches it"
  passthru 0 list
  says '^00:03.0 .* bound by another program '
  says '^00:02.0 .* taken by rule nic '
  passthru 0 list --json
  jq -e '[.devices[].bound_by_other] == [false, true]' "$out" >/dev/null || fail "list --json"
  passthru 0 status
  says '^0000:00:03.0 is bound to vfio-pci, but not by passthru'
  says_not '^0000:00:02.0 is bound'
  passthru 0 status --json
  jq -e '.bound_by_other == [{"address": "0000:00:03.0", "driver": "vfio-pci"}]' "$out" >/dev/null ||
    fail "status --json"
  device 0000:00:04.0 pci-stub
  agent 0 --verify
  recorded '.findings | any(.code == "bound-by-other" and (.text | test("^0000:00:04.0 is bound to pci-stub")))'
}

# The rule is gone, but the device is still bound by it.
others_on_record() {
  others_tree
  agent 0
  set_driver 0000:00:03.0 ""
  conf "[device gone]" "address = 0000:00:09.0"
  passthru 1 check
  says_not bound-by-other
  passthru 0 list
  says_not 'another program'
}

# others_unknown REASON: the device without a rule is bound, but nobody knows by whom.
others_unknown() {
  local line="could not read /run/passthru/report.json: $1; which devices other programs bound to stub drivers is unknown"
  passthru 1 check
  says "warning: unreadable: $line"
  says_not bound-by-other
  passthru 0 list
  says "^passthru: $line\$"
  says '^00:02.0 .* taken by rule nic '
  says '^00:03.0 .* bound, perhaps by another program '
  says_not 'bound by another program'
  passthru 0 list --long 00:03.0
  says '^ +use +bound, perhaps by another program$'
  passthru 0 list --json
  jq -e '[.devices[].bound_by_other] == [false, null]' "$out" >/dev/null || fail "list --json"
}

others_unread_report() {
  others_tree
  agent 0
  cp "$tree/run/passthru/report.json" "$tree/good"
  printf '{}' >"$tree/run/passthru/report.json"
  others_unknown 'not a report, or damaged'
  # What a rule takes is in no question.
  set_driver 0000:00:03.0 ""
  passthru 1 check
  says_not 'unreadable|bound-by-other'
  set_driver 0000:00:03.0 vfio-pci
  rm "$tree/run/passthru/report.json"
  mkdir "$tree/run/passthru/report.json"
  others_unknown 'Is a directory'
  rm -r "$tree/run/passthru/report.json" "$tree/etc/passthru.conf"
  ln -s report.json "$tree/run/passthru/report.json"
  passthru 1 check
  says 'warning: unreadable: could not read /run/passthru/report.json: Too many levels'
  says_not bound-by-other
  rm "$tree/run/passthru/report.json"
  cp "$tree/good" "$tree/run/passthru/report.json"
  passthru 1 check
  says 'bound-by-other: 0000:00:03.0'
  says_not unreadable
}

# Nor which device a driver has that cannot be listed.
others_unread_drivers() {
  others_tree
  rm -r "$tree/sys/bus/pci/drivers"
  ln -s drivers "$tree/sys/bus/pci/drivers"
  passthru 0 list
  says '^passthru: could not read /sys/bus/pci/drivers: Too many levels .*; which devices .* is unknown$'
  says '^00:03.0 .* could not be read '
  passthru 0 list --json
  jq -e '.devices[1].bound_by_other == null' "$out" >/dev/null || fail "list --json"
}

# Nothing is configured for the next boot; a driver's directory that cannot be listed is told.
others_unconfigured() {
  others_tree
  rm "$tree/etc/passthru.conf"
  passthru 1 check
  says 'No rule in'
  says 'bound-by-other: 0000:00:03.0 \[8086:10d3\] is bound to vfio-pci'
  set_driver 0000:00:02.0 ""
  set_driver 0000:00:03.0 ""
  passthru 0 check
  says_not bound-by-other
  rm -rf "$tree/sys/bus/pci/drivers/vfio-pci"
  echo >"$tree/sys/bus/pci/drivers/vfio-pci"
  passthru 1 check
  says 'unreadable: could not read /sys/bus/pci/drivers'
}

test_native() {
  t "native options: at boot, and for a device that comes later" native_late
  t "native options: status knows when modprobe.d was changed" native_stale
  t "native options: other ones in an image" native_image
  t "native options: the files of modprobe.d in an image" native_contents
  t "native options: check, list, import" native_check
  t "native options: misspelt" native_misspelt
  t "native options: import of what a distribution has" native_import_vendor
  t "native options: errors, and switched off" native_in_force
  t "native options: skipped" native_skipped
  t "bound by others: agent, verify, check, list, status" others_everywhere
  t "bound by others: not what is on record" others_on_record
  t "bound by others: unknown where the report cannot be read" others_unread_report
  t "bound by others: unknown where the drivers cannot be read" others_unread_drivers
  t "bound by others: check, and nothing configured" others_unconfigured
}
