# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru record. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# split_host FILE: writes each test of a recorded host to $tree/NUMBER.host.
split_host() {
  awk -v tree="$tree" '
    /^=== / { if (++number == 1) base = text; text = base; part = ""; next }
    /^--- / { if (!part) print text >(tree "/" number ".host"); part = $2; next }
    !part { text = text $0 "\n" }' "$1"
}

# shown TREE: all that the command prints about a host.
shown() {
  local subcommand
  for subcommand in "list --json" needs "check --json"; do
    # shellcheck disable=SC2086 # words
    "$command" $subcommand --root "$1" 2>&1
  done
}

# same_from_record FILE: a host laid out from its own host dump is the same to passthru.
same_from_record() {
  local first=${1%.host}.first second=${1%.host}.second folder
  mkdir -p "$first"/{proc,etc} "$second"/{proc,etc}
  "$build/unit/lay-out" "$1" "$first" || fail "cannot be laid out: $1"
  run 0 "$command" record --root "$first"
  cp "$out" "$1.record"
  "$build/unit/lay-out" "$1.record" "$second" || fail "the record cannot be laid out: $1"
  for folder in "$first" "$second"; do
    printf '%s\n' "[device all]" "id = *:*" "allow = storage" >"$folder/etc/passthru.conf"
    # A small one: that of this host takes longer than all else.
    mkdir -p "$folder/usr/share/misc"
    echo '8086  Intel Corporation' >"$folder/usr/share/misc/pci.ids"
  done
  shown "$first" >"$tree/shown-first"
  shown "$second" >"$tree/shown-second"
  diff "$tree/shown-first" "$tree/shown-second" >"$1.diff" ||
    fail "something is lost: $(head -n 5 "$1.diff")"
  grep -q '"address":' "$tree/shown-first" || fail "there are no devices"
}

all_same_from_record() {
  local file
  split_host "tests/hosts/$1.host"
  for file in "$tree"/*.host; do
    same_from_record "$file"
  done
}

record_masks() {
  device 0000:00:02.0
  cmdline "ifname=eth0:52:54:00:12:34:56 root=/dev/disk/by-id/nvme-Maker_S64D rd.iscsi.password=hunter2"
  mkdir -p "$tree/dev/disk/by-id"
  ln -s ../../nvme0n1 "$tree/dev/disk/by-id/nvme-Maker_S64D"
  put proc/bus/input/devices <<<$'I: Bus=0005\nU: Uniq=aa:bb:cc:dd:ee:ff\n'
  conf "# a comment" "[device nic]" "address = 0000:00:02.0"
  put etc/modprobe.d/vfio.conf <<<$'# a secret\noptions iwlwifi a=secret\noptions vfio-pci ids=1:2'
  passthru 0 record
  says_not '12:34:56|S64D|hunter2|dd:ee|a comment|secret'
  says '^vfio.conf = options vfio-pci ids=1:2$'
  says '^\[device nic\]$'
  local id
  id=$(sed -n 's/^\(serial-[0-9a-f]*\) -> dev\/nvme0n1$/\1/p' "$out")
  says "root=/dev/disk/by-id/${id:-?} "
}

record_log() {
  put dev/kmsg <<<$'6,1,2,-;DMAR: IOMMU enabled\n6,2,3,-;usb 1-1: SerialNumber: S64D\n30,3,4,-;IOMMU says user space'
  passthru 0 record
  says '^\| 6,1,2,-;DMAR: IOMMU enabled$'
  says_not 'S64D|user space'
}

# Logs without end: a file larger than any log, and a FIFO that is written to all the time.
log_endless() {
  plan_tree
  mkdir "$tree/dev"
  truncate -s 1T "$tree/dev/kmsg"
  passthru 1 check
  says 'log-endless: could not read the kernel log to its end'
  passthru 0 record
  says 'passthru: could not read the kernel log to its end'
  rm "$tree/dev/kmsg"
  mkfifo "$tree/dev/kmsg"
  yes '6,1,2,-;a line' 1<>"$tree/dev/kmsg" &
  passthru 1 check
  passthru 0 list
  passthru 0 record
  agent 1
  passthru 0 assign --dry-run 00:02.0
  kill "$!"
  wait "$!" 2>/dev/null
}

record_bytes() {
  device 0000:00:02.0
  printf 'DRIVER=pcieport\nPCI_CLASS=60400\nPCI_ID=8086:10D3\n' |
    put sys/devices/pci0000:00/0000:00:02.0/uevent
  printf 'abc%061d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0d' 0 | put sys/devices/pci0000:00/0000:00:02.0/config
  passthru 0 record
  says '^: 000000 61 62 63 30'
  says '^: 000050 64$'
  says_not '^: 000040'
}

record_functions() {
  device 0000:00:02.0
  device 0000:00:02.1
  ln -s ../0000:00:02.1 "$tree/sys/devices/pci0000:00/0000:00:02.0/virtfn0"
  passthru 0 record
  says '^virtfn0 -> sys/devices/pci0000:00/0000:00:02.1$'
}

control_in_record_of_host() {
  cmdline $'a\e[31m\rforged'
  mkdir -p "$tree/sys/class/net"
  ln -s $'../../devices/\e[31m\nforged' "$tree/sys/class/net/"$'\e[31m\nforged'
  passthru 0 record
  only_plain
}

test_record() {
  local file
  for file in tests/hosts/*.host; do
    file=$(basename "$file" .host)
    t "record: laid out again, the same host: $file" all_same_from_record "$file"
  done
  t "record: what is nobody's business" record_masks
  t "record: the kernel's log" record_log
  t "check, list, record, assign, the agent: a log without an end" log_endless
  t "record: bytes" record_bytes
  t "record: virtual functions" record_functions
  t "record: control characters" control_in_record_of_host
}
