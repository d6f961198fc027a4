# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the settings of a rule: what is written, read back, recorded and set back, and what is said where
# the kernel has no such file. A directory keeps what is written, in the length that it had: the values here
# are as long as those before. What a kernel makes of them is for the boots. Sourced, bash.
# shellcheck shell=bash disable=SC2154

set_nic=0000:00:02.0
set_group=7

# attribute NAME TEXT: an attribute of the device.
attribute() {
  put "sys/devices/pci0000:00/$set_nic/$1" <<<"$2"
}

attribute_is() {
  local have
  have=$(<"$tree/sys/devices/pci0000:00/$set_nic/$1")
  [[ $have == "$2" ]] || fail "$1 is '$have', not '$2'"
}

# A device of vfio-pci with all that can be set, and a BAR 1 of 16 MiB.
settable() {
  device "$set_nic" "${1-vfio-pci}"
  in_group "$set_nic" "$set_group"
  attribute reset_method 'bus flr'
  attribute d3cold_allowed 1
  attribute power/control xx
  attribute resource1_resize 00000000000001f0
  attribute resource "0x00000000fe800000 0x00000000fe81ffff 0x0000000000040200
0x00000000a0000000 0x00000000a0ffffff 0x0000000000140204
0x0000000000000000 0x0000000000000000 0x0000000000000000"
  put "dev/vfio/$set_group" </dev/null
  chmod 600 "$tree/dev/vfio/$set_group"
}

# settings LINE...: a rule for it.
settings() {
  conf "[device nic]" "address = $set_nic" "iommu = warn" "$@"
}

settings_set() {
  settable
  settings "reset-method = flr, bus" "d3cold = no" "power-control = on" "owner = $(id -u):$(id -g)" "mode = 0640"
  agent 0
  attribute_is reset_method 'flr bus'
  attribute_is d3cold_allowed 0
  attribute_is power/control on
  [[ $(stat -c %a "$tree/dev/vfio/$set_group") == 600 ]] || fail "that is for udev"
  says "nic $set_nic .*: info: setting: reset-method = flr bus"
  says_not setting-
  recorded '.devices[0].settings == [
    {"key": "reset-method", "value": "flr bus", "former": "bus flr"},
    {"key": "d3cold", "value": "no", "former": "yes"},
    {"key": "power-control", "value": "on", "former": "xx"},
    {"key": "mode", "value": "0640", "former": null},
    {"key": "owner", "value": "'"$(id -u):$(id -g)"'", "former": null}]'
}

# At boot that is for udev, later it is done at once. Root alone can give a file away.
settings_given_away() {
  ((UID == 0)) || return 0
  settable
  mkdir -p "$tree/sys/devices/pci0000:00/$set_nic/vfio-dev/vfio3"
  put dev/vfio/devices/vfio3 </dev/null
  settings "owner = 1234:77" "mode = 0660"
  passthru 0 assign "$set_nic"
  [[ $(stat -c %u:%g:%a "$tree/dev/vfio/$set_group") == 1234:77:660 ]] || fail "not the group's node"
  [[ $(stat -c %u:%g:%a "$tree/dev/vfio/devices/vfio3") == 1234:77:660 ]] || fail "not the device's node"
  says_not setting-
  rm "$tree/dev/vfio/$set_group" "$tree/dev/vfio/devices/vfio3"
  passthru 0 assign "$set_nic"
  says 'setting-failed: could not set mode = 0660: there is no node of it in /dev/vfio'
}

settings_unsupported() {
  settable
  rm "$tree/sys/devices/pci0000:00/$set_nic"/{reset_method,d3cold_allowed,power/control,resource1_resize}
  settings "reset-method = flr" "d3cold = no" "power-control = on" "rebar = 1:256M" "mode = 0660"
  agent 0
  says 'setting-unsupported: reset-method = flr: not available, it takes Linux 5.15'
  says 'setting-unsupported: d3cold = no: not available, it takes Linux 3.6 with CONFIG_PM and CONFIG_ACPI'
  says 'setting-unsupported: power-control = on: not available, it takes a kernel with CONFIG_PM'
  says 'setting-unsupported: rebar = 1:256M: not available, it takes Linux 6.1'
  recorded '.devices[0].state == "bound"'
  says_not ' setting: [^m]'
  passthru 1 check
  says 'setting-unsupported: rebar = 1:256M'
}

# Nobody who only looks at the answer of a write would notice.
settings_not_held() {
  settable
  attribute power/control auto
  settings "power-control = on" "rebar = 1:256M"
  agent 0
  says 'setting-failed: could not set power-control = on: the kernel holds another value; it stays onto'
  says 'setting-failed: could not set rebar = 1:256M: .*; it stays 1:16M'
  attribute_is resource1_resize '80000000000001f0'
  finding "$set_nic" setting-failed
}

# Looked at again in the running system; what could not be set at boot is not told twice.
settings_verified() {
  settable
  attribute power/control auto
  settings "reset-method = flr bus" "d3cold = no" "power-control = on" "owner = $(id -u):$(id -g)" "mode = 0640"
  agent 0
  says 'setting-failed: could not set power-control = on'
  recorded '.devices[0].settings | map(select(.key == "power-control")) == [
    {"key": "power-control", "value": null, "former": "auto"}]'
  agent 1 --verify
  says "setting-changed: $set_nic: mode is 0600, not 0640 "
  recorded '.verified == false and .devices[0].state == "bound"'
  passthru 1 status
  says "now: vfio-pci  <-- mode is 0600, not 0640$"
  says '^0 of 1 devices OK'
  chmod 640 "$tree/dev/vfio/$set_group"
  passthru 0 status
  rm -r "$tree/run/passthru"
  attribute power/control xx
  agent 0
  agent 0 --verify
}

# settings_changed NAME TEXT WHAT: an attribute becomes TEXT after the boot.
settings_changed() {
  settable
  attribute power/control xx
  settings "reset-method = flr bus" "d3cold = no" "power-control = on"
  agent 0
  passthru 0 status
  attribute "$1" "$2"
  passthru 1 status --json
  jq -e --arg what "$3" '.ok == false and (.devices[0] | .ok == false and .holds and .settings_changed == $what)' "$out" \
    >/dev/null || fail "not in the JSON"
  agent 1 --verify
  says "setting-changed: $set_nic: $3 "
  recorded '.verified == false and .as_planned'
  attribute "$1" "$4"
  passthru 0 status --json
  jq -e '.devices[0].settings_changed == null' "$out" >/dev/null || fail "it has not changed"
}

# The attribute is there, but cannot be read; what is not known is no more OK than what has changed.
settings_unread() {
  settable
  settings "reset-method = flr bus" "d3cold = no"
  agent 0
  rm "$tree/sys/devices/pci0000:00/$set_nic/d3cold_allowed"
  passthru 1 status
  says '<-- d3cold is unknown \(No such file or directory\), not no$'
  mkdir "$tree/sys/devices/pci0000:00/$set_nic/d3cold_allowed"
  passthru 1 status
  says '<-- d3cold is unknown \(Is a directory\), not no$'
  report '{"rule": "nic", "address": "'$set_nic'", "driver": "vfio-pci", "state": "bound", "findings": [], "settings": [
    {"key": "rebar", "value": "/../..", "former": null}, {"key": "x", "value": "1", "former": null}, {}, 7]}'
  passthru 0 status
}

settings_bar_has_size() {
  settable
  settings "rebar = 1:16M"
  agent 0
  says_not setting-
  attribute_is resource1_resize 00000000000001f0
}

settings_refused_device() {
  settable e1000e
  mkdir -p "$tree/sys/bus/pci/drivers/e1000e/module"
  echo live >"$tree/sys/bus/pci/drivers/e1000e/module/initstate"
  settings "reset-method = flr bus" "mode = 0666"
  agent 1
  says 'left to the host'
  says_not setting
  attribute_is reset_method 'bus flr'
  [[ $(stat -c %a "$tree/dev/vfio/$set_group") == 600 ]] || fail "the node has another mode"
}

settings_of_xen() {
  settable pciback
  conf "[device nic]" "address = $set_nic" "driver = pci-stub" "mode = 0660" "d3cold = no"
  passthru 1 check
  says 'setting-unsupported: mode = 0660: there are no nodes in /dev with pci-stub'
  says 'setting: d3cold = no'
}

settings_checked() {
  settable e1000e
  settings "reset-method = pm flr" "rebar = 1:1G"
  passthru 1 check
  says 'setting-unsupported: reset-method = pm flr: the device has other reset methods only: bus flr'
  says 'setting-unsupported: rebar = 1:1G: the BAR comes in other sizes only: 16M, 32M, 64M, 128M or 256M'
  says_not ' setting: '
  settings "reset-method = flr" "rebar = 1:256M"
  passthru 0 check --lenient
  says_not setting-
  says 'info: setting: rebar = 1:256M'
  echo nonsense >"$tree/sys/devices/pci0000:00/$set_nic/resource1_resize"
  passthru 1 check
  says 'setting-failed: rebar = 1:256M: could not read which sizes there are'
}

# A host dump has all that `check` reads of them: the same plan, laid out again.
settings_recorded() {
  settable ""
  settings "reset-method = pm flr" "d3cold = no" "power-control = on" "rebar = 1:1G"
  passthru 1 check
  cp "$out" "$tree.first"
  settings "reset-method = flr" "d3cold = no" "power-control = on" "rebar = 1:256M"
  passthru 0 check --lenient
  says_not setting-
  "$command" record --root "$tree" >"$tree.host" 2>"$err" || fail "exit status $?"
  "$build/unit/lay-out" "$tree.host" "$tree.copy" || fail "cannot be laid out"
  mkdir -p "$tree.copy/etc"
  cp "$tree/etc/passthru.conf" "$tree.copy/etc/"
  tree=$tree.copy
  passthru 0 check --lenient
  says_not setting-
  says 'info: setting: rebar = 1:256M'
  says 'info: setting: d3cold = no'
  settings "reset-method = pm flr" "d3cold = no" "power-control = on" "rebar = 1:1G"
  passthru 1 check
  diff "${tree%.copy}.first" "$out" >"$err" || fail "another plan"
}

# The image has the numbers of the host that it was made on; those of another host, or none, are told.
owner_of_image() {
  settable
  settings "owner = guest:kvm"
  put etc/passwd <<<$'root:x:0:0::/:/bin/sh\nguest:x:1234:1::/:/bin/sh'
  put etc/group <<<$'root:x:0:\nkvm:x:77:guest'
  mkdir "$tree/image"
  touch "$tree/image/init"
  passthru 0 image --into "$tree/image"
  pack "$tree/image" >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says_not image-owners
  put etc/group <<<$'root:x:0:\nkvm:x:78:guest'
  look 2 "$tree/initrd.img"
  says 'image-owners: .* has no number, or another one, for an owner: "group kvm 78" is not in /usr/lib/passthru/owners'
  says_not 'user guest'
  rm "$tree/image/usr/lib/passthru/owners"
  pack "$tree/image" >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says '"user guest 1234" is not in'
}

settings_bad() {
  local line
  for line in "reset-method = flr flr" "reset-method = florp" "reset-method =" "d3cold = never" "power-control = off" \
    "rebar = 6:1G" "rebar = 1:3G" "rebar = 1:1024T" "rebar = 1:256" "owner = :" "owner = a b" "owner = 4294967295" \
    "mode = 0999" "mode = 66" "mode = 1777"; do
    settings "$line"
    passthru 2 check
    says "/etc/passthru.conf:4: ${line%% *} = "
  done
}

# The names are those of the host that the image is made on; the agent knows only what the image says.
owner_names() {
  settable
  settings "owner = guest:kvm"
  passthru 2 check
  says "/etc/passthru.conf:4: owner: there is no user 'guest'"
  passthru 2 image --into "$work"
  says "/etc/passthru.conf:4: owner: there is no user 'guest'"
  put etc/passwd <<<$'root:x:0:0::/:/bin/sh\nguest:x:1234:1::/:/bin/sh'
  put etc/group <<<$'root:x:0:\nkvm:x:77:guest'
  passthru 0 check --lenient
  mkdir "$tree/image"
  passthru 0 image --into "$tree/image"
  [[ $(<"$tree/image/usr/lib/passthru/owners") == $'user guest 1234\ngroup kvm 77' ]] || fail "not the numbers"
  agent 0
  says "warning: owner-unknown: /etc/passthru.conf:4: owner: the image has no number for the user 'guest'"
  finding - owner-unknown
  put usr/lib/passthru/owners <"$tree/image/usr/lib/passthru/owners"
  rm -r "$tree/run/passthru"
  agent 0 --dry-run
  says_not owner-unknown
}

owner_on_command_line() {
  settable
  cmdline "passthru.device=$set_nic,owner=guest"
  agent 2
  says 'owner=guest: expected numbers, since there are no names at boot'
  cmdline "passthru.device=$set_nic,iommu=warn,mode=0640,reset_method=flr+bus"
  agent 0
  attribute_is reset_method 'flr bus'
}

# udev is told for nodes that are made anew, but only as long as the device is claimed.
# A device that comes after the boot: set at once, and by udev when its node is made anew.
owner_of_hotplugged() {
  local rules=run/udev/rules.d/61-passthru-${set_nic//:/-}.rules
  settings "owner = $(id -u):$(id -g)" "mode = 0660"
  agent 1
  settable
  agent 0 --hotplug "$set_nic"
  [[ $(stat -c %a "$tree/dev/vfio/$set_group") == 660 ]] || fail "not set"
  grep -qF "KERNELS==\"$set_nic\", ATTRS{driver_override}==\"vfio-pci\", OWNER=\"$(id -u)\", GROUP=\"$(id -g)\", MODE=\"0660\"" \
    "$tree/$rules" || fail "no rule for udev"
  rm -r "$tree/sys" "$tree/run/passthru/report.json"
  mkdir -p "$tree/sys/bus/pci/devices"
  agent 1
  settable e1000e
  agent 1 --hotplug "$set_nic"
  [[ ! -e $tree/$rules ]] || fail "a rule for what is not bound"
}

owner_for_udev() {
  local rules=run/udev/rules.d/60-passthru.rules claimed='driver_override}=="vfio-pci"'
  settable
  settings "owner = 1234:77" "mode = 0660" "hotplug = no"
  ((UID == 0)) || chmod u+w "$tree"
  agent 0
  grep -qF "SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%k/devices/$set_nic\", ATTR{[pci/$set_nic]$claimed, OWNER=\"1234\", GROUP=\"77\", MODE=\"0660\"" \
    "$tree/$rules" || fail "no rule for the group's node"
  grep -qF "SUBSYSTEM==\"vfio-dev\", KERNELS==\"$set_nic\", ATTRS{$claimed, OWNER=\"1234\", GROUP=\"77\", MODE=\"0660\"" \
    "$tree/$rules" || fail "no rule for the device's node"
  if command -v udevadm >/dev/null && udevadm verify --help >/dev/null 2>&1; then
    run 0 udevadm verify --no-style "$tree/$rules"
  fi
}

# Both are members of one group, whose node is one.
owner_differs() {
  settable
  device 0000:00:03.0 vfio-pci
  in_group 0000:00:03.0 "$set_group"
  settings "mode = 0660" "[device other]" "address = 0000:00:03.0" "iommu = warn"
  agent 0
  says 'setting-failed: mode = 0660: another rule differs for its IOMMU group'
  [[ $(stat -c %a "$tree/dev/vfio/$set_group") == 600 ]] || fail "the node has another mode"
}

assign_settings() {
  settable e1000e
  passthru 0 assign "$set_nic" --dry-run --reset-method flr+bus --d3cold no --power-control on --rebar 1:256M --mode 0660
  says 'setting: reset-method = flr bus'
  says 'setting: rebar = 1:256M'
  passthru 64 assign "$set_nic" --dry-run --owner guest
  says "there is no user 'guest'"
  passthru 64 assign "$set_nic" --dry-run --rebar 256M
  says "'256M' is not BAR:SIZE"
  attribute_is reset_method 'bus flr'
}

# It is bound already; as root it is assigned once more. What it had before the first time stays on record.
assign_keeps_former() {
  ((UID == 0)) || return 0
  settable
  settings "d3cold = no"
  agent 0
  mkdir -p "$tree/run/udev"
  passthru 0 assign "$set_nic" --d3cold no --mode 0640
  recorded '.devices[0].settings | map({(.key): .former}) | add == {"d3cold": "yes", "mode": null}'
  grep -q 'MODE="0640"' "$tree/run/udev/rules.d/61-passthru-0000-00-02.0.rules" || fail "udev does not know of it"
}

test_settings() {
  t "settings: written, read back, on record" settings_set
  t "settings: both nodes get their owner" settings_given_away
  t "settings: what the kernel does not have" settings_unsupported
  t "settings: what the kernel does not hold" settings_not_held
  t "settings: verified" settings_verified
  t "settings: reset methods have changed" settings_changed reset_method bus 'reset-method is bus, not flr bus' 'flr bus'
  t "settings: d3cold has changed" settings_changed d3cold_allowed 1 'd3cold is yes, not no' 0
  t "settings: power-control has changed" settings_changed power/control auto 'power-control is auto, not on' on
  t "settings: unreadable later" settings_unread
  t "settings: in a host dump" settings_recorded
  t "settings: a BAR that has the size is not touched" settings_bar_has_size
  t "settings: a refused device gets none" settings_refused_device
  t "settings: no nodes without VFIO" settings_of_xen
  t "settings: check compares with what the device offers" settings_checked
  t "settings: bad values" settings_bad
  t "owner: names become numbers in the image" owner_names
  t "owner: numbers in an image, looked at" owner_of_image
  t "owner: numbers on the kernel command line" owner_on_command_line
  t "owner: rules for udev" owner_for_udev
  t "owner: of a hot-plugged device" owner_of_hotplugged
  t "owner: two rules for one group" owner_differs
  t "assign: settings" assign_settings
  t "assign: once more, the former values stay" assign_keeps_former
}
