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

# in_terminal COLUMNS COMMAND...: what COMMAND prints on a terminal; what it says besides is left out.
in_terminal() {
  local columns=$1
  shift
  run 0 env SHELL="$BASH" TERM=xterm script -qec "stty cols $columns; ${*@Q} 2>/dev/null" /dev/null
  sed -i 's/\r$//' "$out"
}

# list_fits HOST OUTPUT COLUMNS ARG...: the same as list_is, on a terminal.
list_fits() {
  local longest
  list_tree "$1"
  in_terminal "$3" env NO_COLOR=1 "$command" list --no-pager --root "$tree" "${@:4}"
  output_is "$2"
  longest=$(awk 'length > longest { longest = length } END { print longest }' "$out")
  ((longest <= $3)) || fail "a line of $longest characters"
}

# list_coloured OUTPUT: on a terminal, the lines of groups have colours, and none is red.
list_coloured() {
  list_tree switch
  in_terminal 80 "$command" list --tree --no-pager --root "$tree"
  says_not $'\e\\[31m'
  output_is "$1"
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
  says '^00:02.0 +8086:10d3 +network +\? .* group unknown until bound '
  says '^00:08.0 +1b36:000c +bridge +0 '
  says '^IOMMU: Arm SMMUv3 on, some IOMMU groups unknown until a driver is bound$'
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
    .rule == "gpu" and .taken == true and .kind == "gpu" and .use == "taken by rule gpu" and
    .free == false) and (.iommu | .kind == "intel" and .state == "on" and .findings == [] and
    .interrupt_remapping == true and .summary == "Intel VT-d on, interrupt remapping on") and
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
  [[ $(awk 'NR > 1 { print index($0, $2) }' "$out" | uniq | wc -l) == 1 ]] || fail "not one below the other"
}

# list_names COMMAND...: makes a bad pci.ids; list says so and prints numbers in place of names.
list_names() {
  list_tree gpu-group
  (cd "$tree/usr/share/misc" && "$@") || fail "not made: $*"
  passthru 0 list
  grep -q '^passthru: could not read /usr/share/misc/pci.ids, .*: ' "$err" || fail "not said on standard error"
  says '^01:00.0 .* Device 10de:2184$'
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
  says '^01:00.0 .* shares group 2 with 3 others +Vendor N Card 1$'
}

# Nothing is called free as long as the host may need it, or what rests on it could not be read.
list_use() {
  shown_host
  mv "$tree/proc/self/mountinfo" "$tree/mountinfo"
  passthru 0 list
  says '^00:03.0 .* free, unless the host needs it '
  mv "$tree/mountinfo" "$tree/proc/self/mountinfo"
  passthru 0 list
  says '^00:03.0 .* free '
  says '^00:02.0 .* weak reset '
  says '^00:04.0 .* no reset '
  says '^00:10.0 .* host: / '
  says '^00:1f.2 .* shares group 5 with 2 others '
  says '^00:1f.3 .* smbus .* chipset '
  says_not '^00:1f.* free'
  set_driver 0000:00:03.0 vfio-pci
  sed -i s/DRIVER=nvme/DRIVER=vfio-pci/ "$tree/sys/devices/pci0000:00/0000:00:03.0/uevent"
  report '{"rule": "pci-0000-00-03.0", "address": "0000:00:03.0", "driver": "vfio-pci", "state": "bound", "findings": []}'
  passthru 0 list
  says '^00:03.0 .* vfio-pci +bound by passthru '
  set_driver 0000:00:03.0 nvme
  sed -i s/DRIVER=vfio-pci/DRIVER=nvme/ "$tree/sys/devices/pci0000:00/0000:00:03.0/uevent"
  rm -r "$tree"/sys/class/iommu "$tree"/sys/devices/pci0000:00/*/iommu
  passthru 0 list
  says '^IOMMU: OFF: the firmware offers an IOMMU, but the kernel has none'
  says '^00:03.0 .* no IOMMU '
  says_not ' free'
  rm "$tree/sys/devices/pci0000:00/0000:00:03.0/iommu_group"
  ln -s iommu_group "$tree/sys/devices/pci0000:00/0000:00:03.0/iommu_group"
  passthru 0 list
  says '^00:03.0 .* could not be read '
}

list_use_of_rules() {
  shown_host
  conf "[device disk]" "class = 01" "group = refuse"
  passthru 0 list
  says '^00:03.0 .* taken by rule disk '
  says '^00:10.0 .* rule disk: refused '
}

# Words are classes, or "free"; a rule of this name has its devices besides.
list_words() {
  shown_host
  picked_is() {
    passthru 0 list --no-legend "${@:2}"
    [[ $(awk '{ print $1 }' "$out" | xargs) == "$1" ]] || fail "not $1"
  }
  picked_is "00:02.0" network
  picked_is "00:03.0 00:10.0 00:1f.2" storage
  picked_is "00:04.0 00:1f.3" usb smbus
  picked_is "00:03.0" free
  picked_is "" gpu
  passthru 0 list gpu
  lines_are 1
  conf "[device network]" "address = 00:03.0"
  picked_is "00:02.0 00:03.0" network
  passthru 66 list networks
  says 'did you mean: network'
}

list_no_legend() {
  list_tree gpu-group
  passthru 0 list --no-legend
  lines_are 7
  says_not 'IOMMU|ADDRESS'
  passthru 0 list --no-legend --tree
  says_not 'IOMMU|DEVICE'
}

# at DEVICE WHAT CLASS ATTRIBUTE TEXT: adds what sysfs has at a device of the recorded host.
at() {
  local place=sys/devices/pci0000:00/0000:00:$1/$2
  put "$place/$4" <<<"$5"
  mkdir -p "$tree/sys/$3"
  env ln -sr "$tree/$place" "$tree/sys/$3/${2##*/}"
}

details_tree() {
  local folder
  folder=lib/modules/$(uname -r)
  host intel
  at 03.0 nvme/nvme0/nvme0n1 class/block device/model 'QEMU NVMe Ctrl      '
  at 03.0 nvme/nvme0/nvme0n1p1 class/block partition 1
  at 02.0 net/eth0 class/net operstate up
  at 04.0 usb1 bus/usb/devices product 'xHCI Host Controller'
  at 04.0 usb1/1-1 bus/usb/devices product $'Key\e[31mboard'
  at 04.0 usb1/1-1/1-1:1.0 bus/usb/devices interface x
  at 00.0 drm/card0-HDMI-A-1 class/drm status connected
  at 00.0 drm/card0-DP-1 class/drm status disconnected
  put sys/devices/pci0000:00/0000:00:03.0/current_link_speed <<<'8.0 GT/s PCIe'
  put sys/devices/pci0000:00/0000:00:03.0/current_link_width <<<4
  put sys/devices/pci0000:00/0000:00:03.0/max_link_speed <<<'16.0 GT/s PCIe'
  put sys/devices/pci0000:00/0000:00:03.0/max_link_width <<<4
  put sys/devices/pci0000:00/0000:00:03.0/numa_node <<<1
  put sys/devices/pci0000:00/0000:00:02.0/numa_node <<<-1
  mkdir -p "$tree/$folder"
  "${CC:-cc}" -x c -c -o "$tree/$folder/e1000e.ko" - <<'END'
const char alias[] __attribute__((section(".modinfo"))) = "alias=pci:v00008086d000010D3sv*sd*bc*sc*i*";
END
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$tree" 2>/dev/null
}

list_details() {
  details_tree
  passthru 0 list --long
  output_is list-details.txt
  passthru 0 list --json 00:02.0 00:03.0 00:04.0
  jq -e '.devices == (.devices | map(.)) and (.devices[0] | .modules == ["e1000e"] and
      .attached == [{kind: "interface", name: "eth0", about: "up"}] and .numa_node == null and
      .link == {speed: null, width: null, speed_max: null, width_max: null}) and
    (.devices[1] | .numa_node == 1 and .attached == [{kind: "disk", name: "nvme0n1",
      about: "QEMU NVMe Ctrl"}] and .link ==
      {speed: "8.0 GT/s PCIe", width: 4, speed_max: "16.0 GT/s PCIe", width_max: 4}) and
    (.devices[2].attached | length == 1)' "$out" >/dev/null || fail "not the JSON"
}

# A dump of the host has that, too, but for the modules.
list_details_recorded() {
  details_tree
  passthru 0 record
  cp "$out" "$work/details.host"
  mkdir "$work/again"
  "$build/unit/lay-out" "$work/details.host" "$work/again" || fail "cannot be laid out"
  run 0 "$command" list --long --root "$work/again"
  grep -E '^    (link|NUMA node|disk|interface|usb|display) ' "$out" >"$work/details"
  grep -E '^    (link|NUMA node|disk|interface|usb|display) ' tests/programs/expected/list-details.txt |
    sed 's/\\x1b/?/' | diff - "$work/details" >"$err" || fail "other details"
}

# paged ENVIRONMENT... -- ARG...: list goes through the pager; not_paged: it does not.
paged_list() {
  local -a environment=()
  while [[ $1 != -- ]]; do
    environment+=("$1")
    shift
  done
  # shellcheck disable=SC2016 # the pager's
  printf '%s\n' '#!/bin/sh' 'echo "LESS=$LESS"' "sed 's/^/paged: /'" >"$work/pager"
  printf '%s\n' '#!/bin/sh' 'exit 3' >"$work/quit"
  chmod +x "$work/pager" "$work/quit"
  list_tree gpu-group
  in_terminal 80 env -u PAGER -u SYSTEMD_PAGER -u LESS NO_COLOR=1 "${environment[@]}" "$command" list \
    --root "$tree" "${@:2}"
}

paged() {
  paged_list "$@"
  says '^LESS=FRSX$'
  says '^paged: 01:00.0  gpu '
  sed -n 's/^paged: //p' "$out" | diff tests/programs/expected/list-80.txt - >"$err" || fail "not all of it"
}

not_paged() {
  paged_list "$@"
  says '^01:00.0  gpu '
  says_not paged
}

# Whoever quits the pager has read enough.
pager_quits() {
  paged_list PAGER="$work/quit" --
  says_not .
}

list_graph() {
  list_tree switch
  passthru 0 list --dot
  output_is list-dot.txt
  passthru 0 list --dot 03:00.0
  says '"0000:02:00.0" -> "0000:03:00.0"'
  says_not '0000:04:00.0'
}

# What is between quotes cannot end them.
list_graph_quotes() {
  list_tree gpu-group
  printf '10de  Vendor "N\\\n\t2184  Card " -> "x\n' | put usr/share/misc/pci.ids
  passthru 0 list --dot
  says 'gpu: Vendor ..N..x5c Card .. -> ..x.l'
}

list_svg() {
  list_tree switch
  passthru 0 list --svg
  xmllint --noout "$out" || fail "no XML"
  says 'IOMMU group 4'
}

list_without_dot() {
  list_tree switch
  run 1 env PATH=/nonexistent "$command" list --svg --root "$tree"
  says '^passthru list: --svg needs dot\(1\): install graphviz, or use --dot$'
}

test_list() {
  t "list: a table" list_is gpu-group list.txt
  t "list: a table, 80 columns" list_fits gpu-group list-80.txt 80
  t "list: a table, 120 columns" list_fits gpu-group list-120.txt 120
  t "list: a table with long addresses" list_columns
  t "list: all of a few" list_is gpu-group list-long.txt --long 01:00.0 01:00.3
  t "list: a tree" list_is gpu-group list-tree.txt --tree
  t "list: a tree, 80 columns" list_fits switch list-tree-80.txt 80 --tree
  t "list: a tree, 120 columns" list_fits switch list-tree-120.txt 120 --tree
  t "list: a tree, in colours" list_coloured list-tree-colours.txt
  t "list: all of a few, 80 columns" list_fits gpu-group list-long.txt 80 --long 01:00.0 01:00.3
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
  t "list: what a device can be used for" list_use
  t "list: what rules use devices for" list_use_of_rules
  t "list: words" list_words
  t "list: no legend" list_no_legend
  t "list: link, NUMA node, modules and what is at a device" list_details
  t "list, record: the same of a dump" list_details_recorded
  t "list: a pager" paged PAGER="$work/pager" --
  t "list: systemd's pager before another" paged SYSTEMD_PAGER="$work/pager" PAGER=cat --
  t "list: a pager with arguments" paged PAGER="$work/pager -x" --
  t "list: no pager, by option" not_paged PAGER="$work/pager" -- --no-pager
  t "list: no pager, none wanted" not_paged SYSTEMD_PAGER= PAGER="$work/pager" --
  t "list: no pager, cat" not_paged PAGER=cat --
  t "list: no pager, it is not there" not_paged PAGER=/nonexistent --
  t "list: no pager on a dumb terminal" not_paged TERM=dumb PAGER="$work/pager" --
  t "list: a pager that quits" pager_quits
  t "list: a graph" list_graph
  t "list: a graph, quotes in names" list_graph_quotes
  t_with dot "list: a picture" list_svg
  t "list: a picture, without Graphviz" list_without_dot
}
