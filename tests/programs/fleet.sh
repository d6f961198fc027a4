# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of `passthru check --host`: one configuration on many recorded hosts. Sourced, bash.
# shellcheck shell=bash disable=SC2154

fleet_of_tests() {
  conf "[passthru]" "iommu = warn" "[device all]" "id = *:*" "match-platform = bare" \
    "[device dom0]" "id = *:*" "match-platform = xen-dom0" "allow = storage"
  put etc/passthru.conf.d/more.conf <<<$'[sriov vfs]\nid = 8086:1572\nvfs = 2'
}

# What comes of a host in memory is what comes of it as a directory, which has other devices of stub drivers to
# tell of, and a kernel.
fleet_is_as_directories() {
  local file directory number=0
  local plain='del(.kernel) | .findings |= map(select(.code != "bound-by-other"))'
  fleet_of_tests
  passthru 0 check --host --json --lenient tests/hosts/*.host
  for file in tests/hosts/*.host; do
    directory=$tree/hosts/$number
    mkdir -p "$directory"/{proc,etc}
    "$build/unit/lay-out" "$file" "$directory" || fail "cannot be laid out: $file"
    cp -r "$tree"/etc/passthru.conf{,.d} "$directory/etc/"
    "$command" check --json --lenient --root "$directory" >>"$tree/reports"
    number=$((number + 1))
  done
  ((number > 40)) || fail "only $number hosts"
  jq -S ".hosts[].report | $plain" "$out" >"$tree/memory"
  jq -S "$plain" "$tree/reports" >"$tree/directories"
  diff "$tree/memory" "$tree/directories" >"$tree/diff" || fail "not the same: $(head -n 5 "$tree/diff")"
  [[ $(jq '.version, (.hosts | length)' "$out" | tr '\n' ' ') == "1 $number " ]] || fail "not $number hosts"
}

# A device that would be bound, one that is refused, one that is absent, and a rule for another platform.
fleet_table() {
  conf "[device disk]" "address = 00:03.0" "id = 1b36:0010" "match-platform = bare"
  passthru 2 check --host tests/hosts/{intel,none,qubes-tigerlake-vmd,amd-off}.host
  says '^HOST +RULE +DEVICE +NEXT BOOT$'
  says '^tests/hosts/intel.host +disk +0000:00:03.0 +would be bound to vfio-pci, group 2$'
  says '^tests/hosts/qubes-tigerlake-vmd.host +disk +- +not for this machine$'
  says '^tests/hosts/amd-off.host +disk +- +absent$'
  says '^tests/hosts/none.host +disk +0000:00:03.0 +left to the host: iommu-off$'
  says '^tests/hosts/amd-off.host +- +- +.*iommu-off-by-option$'
  says '^0 of 4 hosts OK, 2 with warnings, 2 with errors\.$'
}

# The exit status is the worst of all, whatever their order.
fleet_status() {
  conf "[device dom0]" "id = *:*" "match-platform = xen-dom0"
  passthru 0 check --host --lenient tests/hosts/{amd,intel}.host
  says '^2 of 2 hosts OK, 0 with warnings, 0 with errors\.$'
  passthru 1 check --host tests/hosts/{intel,amd-off}.host
  printf 'nonsense\n' >"$tree/bad.host"
  passthru 2 check --host "$tree/bad.host" tests/hosts/intel.host
  says "^$tree/bad.host +- +- +$unread: line 1: no directory \('@ PATH'\) is before it; write it again with .passthru record.\$"
  passthru 2 check --host --lenient tests/hosts/intel.host "$tree/none.host"
  says "^$tree/none.host +- +- +$unread: No such file or directory\$"
  passthru 2 check --host --json "$tree/none.host"
  jq -e '.hosts[0] | .report == null and .status == 2 and (.error | startswith("could not read the host dump: "))' \
    "$out" >/dev/null || fail "other JSON: $(head -c 500 "$out")"
}

# What is wrong with the configuration is said once, and not with JSON, where the reports have it.
fleet_configuration() {
  local two=(tests/hosts/{intel,amd-off}.host)
  conf "nonsense"
  passthru 2 check --host "${two[@]}"
  says '^tests/hosts/intel.host +- +- +config-error'
  warned_once '^passthru: error: config-error: /etc/passthru.conf:1: '
  passthru 2 check --host --json "${two[@]}"
  [[ ! -s $err ]] || fail "standard error: $(head -n 1 "$err")"
  jq -e '[.hosts[].report.findings[] | select(.code == "config-error")] | length == 2' "$out" >/dev/null ||
    fail "not in the reports: $(head -c 500 "$out")"
  conf "[device disk]" "address = 00:03.0" "match-platform = bare !bare"
  passthru 1 check --host "${two[@]}"
  warned_once '^passthru: warning: condition-never: /etc/passthru.conf:1: '
  passthru 2 check --host --cmdline passthru.device=x "${two[@]}"
  warned_once '^passthru: error: config-error: kernel command line: '
  conf "[device disk]" "address = 00:03.0"
  passthru 1 check --host "${two[@]}"
  [[ ! -s $err ]] || fail "standard error: $(head -n 1 "$err")"
}

# warned_once REGEX: in one line of standard error, and nowhere in standard output.
warned_once() {
  [[ $(grep -Ec -e "$1" "$err") == 1 ]] || fail "not once on standard error: $1"
  ! grep -Eq -e "$1" "$out" || fail "on standard output: $1"
}

# What is no host dump says where, why, and what to do.
fleet_unreadable() {
  conf "[device nic]" "id = 8086:10d3"
  printf '@ proc\ncmdline\n: 0 00\n' | tr 0 '\0' >"$tree/binary.host"
  truncate -s $((65 << 20)) "$tree/large.host"
  printf '@ etc/passthru.conf/more\n' >"$tree/conf.host"
  printf '@ proc\ncmdline -> proc/cmdline\n' >"$tree/loop.host"
  passthru 2 check --host "$tree"/{binary,large,conf,loop}.host "$tree"
  says "^$tree/binary.host .* $unread: no text, it has NUL bytes; write it again with .passthru record.\$"
  says "^$tree/large.host .* $unread: larger than 64 MB; write it again"
  says "^$tree/conf.host .* could not add /etc/passthru.conf to the host: a directory .*; remove that path"
  says "^$tree/loop.host .* could not read /proc/cmdline in the host dump: Too many .*; use --cmdline\$"
  says "^$tree .* $unread: Is a directory\$"
  says '^0 of 5 hosts OK, 0 with warnings, 5 with errors\.$'
  sed "/^===/Q" tests/hosts/intel.host | cat - "$tree/loop.host" >"$tree/both.host"
  passthru 1 check --host --cmdline ro "$tree/both.host"
}

# Nothing of a dump gets out of memory, wherever its paths lead.
fleet_is_hostile() {
  conf "[device nic]" "id = 8086:10d3"
  printf '@ %s\nevil = 1\n' "proc" "$1" | cat - tests/hosts/intel.host >"$tree/a.host"
  passthru 2 check --host "$tree/a.host"
  says "$unread: line 3: $2; write it again with"
}

fleet_usage() {
  passthru 64 check --host
  passthru 64 check --host --modules tests/hosts/intel.host
  passthru 64 check --host --image x tests/hosts/intel.host
  passthru 64 check a b
  says "unexpected argument 'b'"
}

fleet_cmdline() {
  passthru 1 check --host --cmdline "passthru.device=1b36:0010,match-kernel-command-line=site=a site=a" \
    tests/hosts/intel.host
  says ' cmdline1 +0000:00:03.0 +would be bound'
  passthru 1 check --host --cmdline "passthru.device=1b36:0010,match-kernel-command-line=site=a site=b" \
    tests/hosts/intel.host
  says ' cmdline1 +- +not for this machine'
}

test_fleet() {
  local unread="could not read the host dump"
  t "check --host: a table" fleet_table
  t "check --host: the worst is the exit status" fleet_status
  t_with jq "check --host: all recorded hosts, as from directories" fleet_is_as_directories
  t "check --host: paths that lead up" fleet_is_hostile ../../etc \
    "a path with '\.\.', or without a name"
  t "check --host: a path through a file" fleet_is_hostile proc/evil/x "the path leads through a file"
  t "check --host: a path without end" fleet_is_hostile "$(printf 'x/%.0s' {1..4000})" \
    "the path with its links is too long, or a name in it"
  t_with jq "check --host: errors of the configuration" fleet_configuration
  t "check --host: what is no host dump" fleet_unreadable
  t "check --host: usage" fleet_usage
  t "check --host: a kernel command line for all" fleet_cmdline
}
