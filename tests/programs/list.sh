# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru list. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# The configuration of the expected outputs.
list_tree() {
  host "$1"
  conf "[device gpu]" "id = 10de:2184" "[device usb]" "class = 0c03" "iommu = warn" \
    "[device disk]" "id = 144d:a80a" "on-failure = hold" "[device bridge]" "class = 0604"
}

# list_is HOST OUTPUT ARG...: list prints OUTPUT for a recorded host.
list_is() {
  list_tree "$1"
  passthru 0 list "${@:3}"
  output_is "$2"
}

# For a PF: its attributes are added to those of the recorded host.
list_sriov() {
  host vmd
  put sys/devices/pci0000:00/0000:00:0e.0/sriov_totalvfs <<<7
  put sys/devices/pci0000:00/0000:00:0e.0/sriov_numvfs <<<2
  virtual 0000:00:0e.0 1 10000:e0:06.0
  passthru 0 list --long 00:0e.0
  says '^ +SR-IOV +2 of 7 virtual functions$'
  passthru 0 list --long 10000:e0:06.0
  says '^ +SR-IOV +virtual function 1 of 0000:00:0e.0$'
  passthru 0 list --json
  jq -e '[.devices[] | .vfs, .vfs_max, .physical_function, .vf] ==
    [2, 7, null, null, null, null, "0000:00:0e.0", 1, null, null, null, null]' "$out" >/dev/null ||
    fail "not in the JSON"
}

# Before a driver was bound, the kernel has not made the group.
list_until_bound() {
  host arm-groups-at-bind
  passthru 0 list
  says '^0000:00:02.0 +8086:10d3 +020000 +\? '
  says '^0000:00:08.0 +1b36:000c +060400 +0 '
  passthru 0 list --json
  jq -e '(.devices[] | select(.address == "0000:00:02.0") | .group == null and .translated == null) and
    (.devices[] | select(.address == "0000:00:08.0") | .translated == true)' "$out" >/dev/null ||
    fail "not in the JSON"
}

list_json() {
  list_tree gpu-group
  passthru 0 list --json
  jq -e '.version == 1 and (.devices | length == 6) and (.devices[2] |
    .address == "0000:01:00.0" and .path == "pci0000:00/01.0/00.0" and .id == "10de:2184" and
    .subsystem == "0000:0000" and .class == "030000" and .name == "Vendor N Card 1" and
    .class_name == "VGA compatible controller" and .group == 2 and .translated == true and
    .driver == "nouveau" and .resets == ["flr", "bus"] and .vfs == null and
    .rule == "gpu" and .taken == true) and
    (.devices[1] | .rule == "bridge" and .taken == false) and .devices[0].rule == null' \
    "$out" >/dev/null || fail "not the JSON that was expected"
}

# picked ADDRESSES ARG...: list prints exactly these devices.
picked() {
  list_tree gpu-group
  passthru 0 list --json "${@:2}"
  [[ $(jq -r '.devices[].address' "$out" | xargs) == "$1" ]] || fail "not $1"
}

# In a domain of five digits, columns still begin below their headings.
list_columns() {
  host vmd
  passthru 0 list
  [[ $(awk '{ print index($0, $2) }' "$out" | uniq | wc -l) == 1 ]] || fail "not one below the other"
}

# list_names COMMAND...: makes a bad pci.ids; list says so and prints numbers in place of names.
list_names() {
  list_tree gpu-group
  (cd "$tree/usr/share/misc" && "$@") || fail "not made: $*"
  passthru 0 list
  grep -q '^passthru: could not read /usr/share/misc/pci.ids, .*: ' "$err" || fail "not said on standard error"
  says '^0000:01:00.0 .*: Device 10de:2184$'
  passthru 0 list --json
  jq -e '.devices | length == 6' "$out" >/dev/null || fail "no JSON"
}

names_directory() {
  rm pci.ids && mkdir pci.ids
}

names_fifo() {
  rm pci.ids && mkfifo pci.ids
}

names_sparse() {
  truncate -s 1G pci.ids
}

names_zeros() {
  : >pci.ids && truncate -s 1M pci.ids
}

names_garbage() {
  printf '%s\n' '8086  Vendor I' 'no id at all' $'\t\t\t\x01\xff' >pci.ids
}

names_long_line() {
  head -c 100000 /dev/zero | tr '\0' 1 >pci.ids
}

names_cut() {
  seq 100000 | sed 's/.*/# &/' | gzip -n >pci.ids && truncate -s 5000 pci.ids
}

# Absolute links are followed below --root.
list_names_link() {
  list_tree gpu-group
  mv "$tree/usr/share/misc/pci.ids" "$tree/names"
  ln -s /names "$tree/usr/share/misc/pci.ids"
  passthru 0 list
  output_is list.txt
}

list_compressed() {
  list_tree gpu-group
  gzip "$tree/usr/share/misc/pci.ids"
  passthru 0 list
  output_is list.txt
}

list_bad_conf() {
  list_tree gpu-group
  conf "nonsense"
  passthru 0 list
  says 'the configuration has errors'
  says '0000:01:00.0 .* - +VGA'
}

# on_terminal ENVIRONMENT...: runs list --tree in a terminal of 80 columns.
on_terminal() {
  run 0 env TERM=xterm "$@" script -qec \
    "stty cols 80 && '$command' list --tree --root '$tree'" /dev/null
  sed -i 's/\r$//' "$out"
}

list_terminal() {
  list_tree gpu-group
  put usr/share/misc/pci.ids <<<"10de  Vendor N, whose name is far too long for any line on a terminal"
  on_terminal NO_COLOR=
  says $'^\e\\[[0-9]+m    2\e\\[0m  `-00:01.0'
  says '^    1  \|-00:00.0' # a group of one is not coloured
  sed -i $'s/\e\\[[0-9]*m//g' "$out"
  grep -v ^passthru: "$out" >"$work/lines" # what is on standard error is on the terminal too
  [[ $(awk 'length > longest { longest = length } END { print longest }' "$work/lines") == 80 ]] ||
    fail "lines are not cut at 80 columns"
  on_terminal NO_COLOR=1
  says_not $'\e'
  on_terminal TERM=dumb
  says_not $'\e'
}

test_list() {
  t "list: a table" list_is gpu-group list.txt
  t "list: a table with long addresses" list_columns
  t "list: all of a few" list_is gpu-group list-long.txt --long 01:00.0 01:00.3
  t "list: a tree" list_is gpu-group list-tree.txt --tree
  t "list: a tree with a switch" list_is switch list-tree-switch.txt --tree
  t "list: a tree with a domain below a device" list_is vmd list-tree-vmd.txt --tree
  t "list: a tree of what leads to a few" list_is switch list-tree-some.txt --tree 03:00.0
  t "list: SR-IOV" list_sriov
  t "list: JSON" list_json
  t "list: groups that are made when a driver binds" list_until_bound
  t "list: an address" picked 0000:01:00.0 01:00.0
  t "list: all functions" picked "0000:01:00.0 0000:01:00.1 0000:01:00.2 0000:01:00.3" '01:00.*'
  t "list: a vendor" picked "0000:00:00.0 0000:00:01.0" 8086:
  t "list: vendor and class" picked 0000:01:00.1 10de::0403
  t "list: a rule" picked 0000:01:00.2 usb
  t "list: several" picked "0000:01:00.0 0000:01:00.2" gpu ::0c03
  t "list: names, a directory" list_names names_directory
  t "list: names, a FIFO" list_names names_fifo
  t "list: names, 1 GB of nothing" list_names names_sparse
  t "list: names, zeros" list_names names_zeros
  t "list: names, garbage" list_names names_garbage
  t "list: names, one endless line" list_names names_long_line
  t "list: names, cut off" list_names names_cut
  t "list: names, compressed" list_compressed
  t "list: names, a link" list_names_link
  t "list: errors in the configuration" list_bad_conf
  t "list: a terminal of 80 columns" list_terminal
}
