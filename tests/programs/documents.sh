# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that what README and the man pages show is what the programs print. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# The recorded host that they show, with its root file system on the virtio disk.
shown_host() {
  host intel
  mountinfo "1 0 253:0 / / rw - ext4 /dev/vda rw"
  mkdir -p "$tree/sys/dev/block"
  ln -s ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
  put usr/bin/dracut <<<""
}

# documented FILE COMMAND: the output of COMMAND that FILE shows.
documented() {
  awk -v command="$2" '$0 == command { on = 1; next } /^([$#] |```)/ { on = 0 } on' "$1"
}

# prints_as_shown FILE COMMAND: COMMAND prints what FILE shows.
prints_as_shown() {
  documented "$@" >"$work/shown"
  [[ -s $work/shown ]] || fail "$1 does not show: $2"
  diff "$work/shown" "$out" >"$err" || fail "not what $1 shows: $2"
}

# The report of a boot in which all devices were bound.
all_bound() {
  local address
  passthru "$1" check --json
  jq --arg version "$(<VERSION)" '.program = "passthru-init " + $version | .kernel = "6.1.0-50-amd64" | .devices[].state = "bound"' "$out" |
    put run/passthru/report.json
  for address in $(jq -r '.devices[].address' "$out"); do
    set_driver "$address" vfio-pci
  done
}

# Names differ between releases of pci.ids. They are the last column.
without_names() {
  awk 'match($0, / NAME$/) { last = RSTART } { print last ? substr($0, 1, last) : $0 }'
}

readme_is_true() {
  shown_host
  in_terminal 80 "$command" list --no-pager --root "$tree"
  diff <(documented README.md '$ passthru list' | without_names) <(without_names <"$out") >"$err" ||
    fail "not the list that README.md shows"
  awk '/^\[device nic\]/ { on = 1 } /^```/ { on = 0 } on' README.md | put etc/passthru.conf
  passthru 1 check
  prints_as_shown README.md '$ passthru check'
  all_bound 1
  passthru 0 status
  prints_as_shown README.md '$ passthru status'
}

manual_is_true() {
  shown_host
  conf "[device disk]" "address = 0000:00:03.0" "id = 1b36:0010"
  passthru 0 check
  prints_as_shown conf/passthru.8.scd '# passthru check'
  all_bound 0
  passthru 0 status
  prints_as_shown conf/passthru.8.scd '# passthru status'
}

# The picture is that of the program; what Graphviz makes of it differs between its releases, but not in words.
picture_is_true() {
  tests/picture.sh "$build" "$work/demo" >/dev/null 2>&1 || fail "not made"
  diff docs/demo.dot "$work/demo.dot" >"$err" || fail "docs/demo.dot: make picture"
  words_of docs/demo.svg >"$work/words"
  {
    grep -o 'label="[^"]*"' docs/demo.dot | sed 's/^label="//; s/"$//; s/\\l$//; s/\\l/\n/g'
    sed -n 's/^  "\(pci[0-9a-f:]*\)" -> .*/\1/p' docs/demo.dot | sort -u
  } | sed 's/  */ /g; s/ $//' | sort | diff - "$work/words" >"$err" || fail "docs/demo.svg: other words than docs/demo.dot"
  [[ ! -e $work/demo.svg ]] || words_of "$work/demo.svg" | diff - "$work/words" >"$err" || fail "docs/demo.svg: make picture"
  grep -q '(docs/demo.svg)' README.md || fail "not in README.md"
}

# words_of FILE: the texts of an SVG.
words_of() {
  xmllint --xpath "//*[local-name() = 'text']/text()" "$1" | sed 's/&#160;/ /g; s/\xc2\xa0/ /g; s/&amp;/\&/g; s/&gt;/>/g; s/&lt;/</g' |
    sed 's/  */ /g; s/ $//' | sort
}

tour_is_true() {
  tests/tour.sh "$build" <docs/tour.md >"$out" 2>"$err" || fail "not made"
  diff docs/tour.md "$out" >"$err" || fail "not what it shows: make tour"
  grep -q '(docs/tour.md)' README.md || fail "not in README.md"
  # Every command of passthru is in it.
  "$command" help | awk '/^  [a-z]+ / { print $1 }' | grep -v passthru | while read -r name; do
    grep -Eq "^\\$ passthru (help )?$name( |\$)" docs/tour.md || echo "$name"
  done >"$work/missing"
  [[ ! -s $work/missing ]] || fail "not in the tour: $(xargs <"$work/missing")"
}

# examples FILE PATTERN: the blocks of FILE whose first line matches.
examples() {
  awk -v pattern="$2" '/^```/ { inside = !inside; first = 1; next }
    inside && first { wanted = $0 ~ pattern; first = 0; if (wanted) print "example" }
    inside && wanted' "$1"
}

# Each example of passthru.conf(5) by itself, on a host without these devices.
examples_are_valid() {
  local number=0 line
  while read -r line; do
    if [[ $line == example ]]; then
      number=$((number + 1))
    else
      echo "$line" >>"$tree/example$number"
    fi
  done < <(examples conf/passthru.conf.5.scd '^\[')
  ((number >= 5)) || fail "only $number examples"
  for (( ; number; number--)); do
    passthru 0 check --lenient --cmdline "" "$tree/example$number"
    says_not config-error
  done
  while read -r line; do
    [[ $line == example ]] || passthru 0 check --lenient --cmdline "$line" /dev/null
  done < <(examples conf/passthru.conf.5.scd '^passthru[.]')
}

test_documents() {
  t "README.md: list, check and status print what it shows" readme_is_true
  t "passthru(8): check and status print what it shows" manual_is_true
  t "README.md: the picture is that of list --dot" picture_is_true
  t_with script "docs/tour.md: the commands print what it shows" tour_is_true
  t "passthru.conf(5): the examples are valid" examples_are_valid
}
