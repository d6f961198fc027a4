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
  says 'nic 0000:00:02.0 .* would be bound to vfio-pci'
  passthru 1 check --modules
  modules_are
}

# modules_are NAME...: the command printed the modules of all stub drivers, then these.
modules_are() {
  printf '%s\n' vfio-pci xen-pciback xen-privcmd pci-stub "$@" | cmp -s - "$out" || fail "other modules"
}

# A variant of vfio-pci for the device of plan_tree.
variant_tree() {
  local folder
  folder=lib/modules/$(uname -r)
  plan_tree
  mkdir -p "$tree/$folder"
  "${CC:-cc}" -x c -c -o "$tree/$folder/x_vfio_pci.ko" - <<'END'
const char alias[] __attribute__((section(".modinfo"))) = "alias=vfio_pci:v00008086d000010D3sv*sd*bc*sc*i*";
END
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$tree" 2>/dev/null
}

# What the hooks put into an image, whatever the configuration.
check_modules() {
  variant_tree
  passthru 1 check --modules
  modules_are x_vfio_pci
  conf "[device nic]" "address = 0000:00:02.0" # refused: there is no IOMMU
  passthru 2 check --modules
  modules_are
  conf "[device nic]" "speed = 10"
  passthru 2 check --lenient --modules
  modules_are
}

check_files() {
  conf "[device nic]" "speed = 10"
  put etc/passthru.conf.d/b.conf <<<"# b"
  put etc/passthru.conf.d/a.conf <<<"# a"
  put etc/passthru.conf.d/a.old <<<"# old"
  passthru 2 check --lenient --files
  printf '%s\n' /usr/lib/passthru/passthru-init /etc/passthru.conf /etc/passthru.conf.d/{a,b}.conf |
    cmp -s - "$out" || fail "other files"
}

# A host without any problem: no warning.
check_without_warnings() {
  host intel
  conf "[device disk]" "address = 00:03.0" "id = 1b36:0010"
  mountinfo "1 0 253:0 / / rw - ext4 /dev/vda rw"
  mkdir -p "$tree/sys/dev/block"
  ln -s ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
  passthru 0 check
  lines_are 3
  says '^disk 0000:00:03.0 \[1b36:0010\] would be bound to vfio-pci, group 2$'
  says '^1 device would be assigned\. Next: passthru image -o FILE, then reboot\.$'
}

# lines_in_order COMMAND...: the lines of its output, a word or two of each, are those of standard input.
lines_in_order() {
  passthru "$@"
  awk '/^[a-z]/ { print $1, $2 } /^    [a-z]/ { print "  " $1, $2 } /^      what to do: ./ { print "    remedy" }' "$out" |
    grep -vE '^(info|IOMMU|passthru)' >"$work/order"
  diff - "$work/order" >"$err" || fail "$2: not in the order of their gravity"
}

# Devices with errors, those with warnings, the others; under each its findings; at the end those of none.
check_order() {
  local function
  host gpu-group
  mountinfo "1 0 0:1 / / rw - x x rw"
  conf "[device sound]" "address = 01:00.1" "id = 10de:*" "[device gpu]" "address = 01:00.0" "id = 10de:*" \
    "[device gone]" "address = 09:00.0" "[device usb]" "address = 01:00.2" "id = 10de:*" \
    "[device ucsi]" "address = 01:00.3" "id = 10de:*" "[device bridge]" "address = 00:01.0" "id = 8086:*"
  lines_in_order 2 check <<'END'
bridge 0000:00:01.0
  error: bridge:
    remedy
sound 0000:01:00.1
  warning: reset-weak:
    remedy
gone absent
  warning: absent:
    remedy
usb 0000:01:00.2
  warning: reset-weak:
    remedy
ucsi 0000:01:00.3
  warning: reset-weak:
    remedy
gpu 0000:01:00.0
warning: root-unresolved:
END
  says '^4 devices would be assigned, 1 left to the host, 1 absent, 1 error, 5 warnings\. Next: fix the errors, '
  grep -oE '^(bridge|sound|usb|ucsi|gpu) ' "$out" >"$work/by-check"
  passthru 2 check --json
  jq '.devices[].state |= sub("planned"; "bound")' "$out" | put run/passthru/report.json
  mkdir -p "$tree/sys/bus/pci/drivers/vfio-pci"
  for function in 0 1 2 3; do
    set_link ../../../../bus/pci/drivers/vfio-pci "$tree/sys/bus/pci/devices/0000:01:00.$function/driver"
  done
  passthru 1 status
  says '^4 of 6 devices OK, 1 error, 5 warnings\. Next: fix the errors\.$'
  grep -oE '^(bridge|sound|usb|ucsi|gpu) ' "$out" | diff "$work/by-check" - >"$err" || fail "status: another order"
  passthru 1 assign --dry-run 00:01.0 '01:00.*'
  grep -oE '^(bridge|sound|usb|ucsi|gpu) ' "$out" >"$work/by-assign"
  sort "$work/by-check" | diff - <(sort "$work/by-assign") >"$err" || fail "assign: other devices"
  [[ $(sed -n '1p; $p' "$work/by-assign" | xargs) == "bridge gpu" ]] || fail "assign: another order"
}

# next STEP STATUS: the last line of check.
next() {
  passthru "$2" check
  [[ $(tail -n 1 "$out") == "1 device would be assigned. Next: $1." ]] || fail "not said: Next: $1."
}

# What is left to do, by what the image of this boot had, and what came of it.
check_next() {
  local disk=0000:00:03.0
  host intel
  mountinfo "1 0 253:0 / / rw - ext4 /dev/vda rw"
  mkdir -p "$tree/sys/dev/block"
  ln -s ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
  put usr/bin/dracut <<<""
  conf "[device disk]" "address = $disk" "id = 1b36:0010"
  next "dracut -f, then reboot" 0
  passthru 0 check --json
  jq '.devices[].state = "bound"' "$out" | put run/passthru/report.json
  next reboot 0
  set_driver "$disk" vfio-pci
  passthru 0 check
  [[ $(tail -n 1 "$out") == "1 device would be assigned." ]] || fail "there is nothing left to do"
  echo "# another" >>"$tree/etc/passthru.conf"
  next "dracut -f, then reboot" 0
  passthru 0 check "$tree/etc/passthru.conf"
  says_not Next
  passthru 0 check --lenient
  says_not Next
  conf "#"
  passthru 0 check
  [[ $(tail -n 1 "$out") == "Nothing to do." ]] || fail "something is to do"
  conf nonsense
  passthru 2 check
  says '^No device would be assigned, 1 error\. Next: correct the configuration, '
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
  says $'^\e\\[33m    warning: iommu-ignored.*'
  run 0 env TERM=xterm NO_COLOR=1 script -qec "'$command' check --root '$tree'; true" /dev/null
  says_not $'\e'
}

# since_boot ADDRESS ID GROUP [STATE]: check, behind a boot whose report has that device.
since_boot() {
  device 0000:00:02.0
  mkdir -p "$tree/sys/kernel/iommu_groups/2"
  set_link ../../../kernel/iommu_groups/2 "$tree/sys/devices/pci0000:00/0000:00:02.0/iommu_group"
  conf "[device nic]" "id = 8086:10d3" "iommu = warn"
  report '{"rule": "nic", "address": '"$1"', "path": null, "id": '"$2"', "group": '"$3"', "driver": "vfio-pci",
    "state": "'"${4:-bound}"'", "findings": []}'
  passthru 1 check
}

since_boot_moved() {
  since_boot '"0000:00:02.0"' '"8086:10d3"' 2
  says_not 'changed-since-boot'
  since_boot '"0000:00:02.0"' '"8086:10d3"' 1
  says 'changed-since-boot: 0000:00:02.0 .*, rule nic, is in IOMMU group 2 now, in 1 at the last boot'
  since_boot '"0000:00:03.0"' '"8086:10d3"' 2
  says 'changed-since-boot: 0000:00:03.0 .*, rule nic, is at 0000:00:02.0 now'
  since_boot '"0000:00:03.0"' '"8086:10d4"' 2
  says 'changed-since-boot: 0000:00:03.0 .*, rule nic, is gone'
  since_boot '"0000:00:02.0"' '"8086:10d4"' 2
  says 'changed-since-boot: 0000:00:02.0 .*, rule nic, is gone; another device has its address, \[8086:10d3\]'
  since_boot null null null absent
  says 'changed-since-boot: 0000:00:02.0 \[8086:10d3\], rule nic, is there now, and was absent'
  unread 0000:00:02.0 device
  passthru 1 check
  says 'unreadable: 0000:00:02.0'
  says_not 'changed-since-boot'
}

check_no_iommu() {
  plan_tree
  conf "[device nic]" "address = 0000:00:02.0"
  passthru 2 check
  says 'iommu-off'
  passthru 0 check --lenient
  passthru 0 check --lenient --modules
  modules_are
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
  says 'No rule in /dev/null'
  run 2 bash -c "echo nonsense | '$command' check --root '$tree' /dev/stdin"
  says '/dev/stdin:1:'
  passthru 0 check --cmdline passthru=off
  says 'disabled'
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
  t "check, status, assign: what is grave first, findings under their device" check_order
  t "check: the next step" check_next
  t "check: JSON" check_json
  t "check: colours" check_colours
  t "check: what changed since the last boot" since_boot_moved
  t "check: a device that cannot be taken; --lenient" check_no_iommu
  t "check: the modules of an image" check_modules
  t "check: the files of an image" check_files
  t "check: errors of the configuration; --lenient" check_bad
  t "check: another file, another command line" check_file_and_cmdline
  t "check: no sysfs; --lenient" check_without_host
}
