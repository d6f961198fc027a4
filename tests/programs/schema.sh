# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that the programs write what docs/*.schema.json say, and nothing else. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# keep KIND COMMAND...: adds what COMMAND prints to the texts of KIND, whatever its exit status is.
keep() {
  "${@:2}" </dev/null >>"$texts/$1" 2>>"$err"
}

# keep_all: what the commands say of the host in $tree after its boot.
keep_all() {
  keep list "$command" list --json --root "$tree"
  keep status "$command" status --json --root "$tree"
}

# keep_reports DIRECTORY: those of the hosts in it.
keep_reports() {
  keep report cat "$1"/*/run/passthru/report.json || fail "not all have a report"
}

keep_check() {
  keep check "$command" check --json --root "$tree" "$@"
}

# valid KIND...: the texts are valid by the schemas of these names.
valid() {
  local kind arguments=()
  for kind; do
    arguments+=("docs/$kind.schema.json=$texts/$kind")
  done
  "$python" tests/programs/validate.py "${arguments[@]}" >"$out" 2>"$err" || fail "not valid: $*"
}

# All recorded hosts, each with a rule for all its devices. There are no stub drivers: what is not refused fails.
# Few processes, since there are many hosts.
schema_hosts() {
  local file top=$tree
  conf "[passthru]" "iommu = warn" "[device all]" "id = *:*"
  for file in tests/hosts/*.host; do
    tree=$top/hosts/${file##*/}
    mkdir -p "$tree"/{etc,run,usr/share/misc}
    "$build/unit/lay-out" "$file" "$tree" || fail "cannot be laid out: $file"
    echo '8086  Vendor I' >"$tree/usr/share/misc/pci.ids"
    echo "$(<"$top/etc/passthru.conf")" >"$tree/etc/passthru.conf"
    keep log timeout -s KILL "$limit" "$init" --root "$tree"
    keep_all
  done
  keep_reports "$top/hosts"
  tree=$top
  keep_check --host tests/hosts/*.host /dev/null "$top/none"
  valid list check report status
  [[ $(jq -s length "$texts/status") == $(wc -w < <(echo tests/hosts/*.host)) ]] || fail "not of all hosts"
}

claimed() {
  device 0000:00:02.0
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 1
}

has_errors() {
  conf nonsense
  agent 2
}

is_off() {
  cmdline passthru=off
  one_of_two
  agent 0
}

# entry_absent: one of two entries of a stub driver's list.
entry_absent() {
  device 0000:00:02.0 vfio-pci
  cmdline "vfio-pci.ids=8086:10d3,1234:5678"
  conf "[passthru]" "iommu = warn"
  agent 1
}

# other_binder: no rule matches a device that a stub driver has.
other_binder() {
  verify_holds
  device 0000:00:03.0 vfio-pci
}

drivers_unread() {
  verify_holds
  unread 0000:00:02.0 device
  drivers_loop_in_tree
}

# What recorded hosts do not show, in the trees of other tests: states, a trial, what was verified.
schema_states() {
  local case top=$tree
  for case in armed tried verify_holds sriov_at_coldplug sriov_in_status entry_absent other_binder drivers_unread \
    claimed has_errors is_off; do
    tree=$top/states/$case
    plain_tree
    "$case"
    keep_all
    keep_check
  done
  keep_reports "$top/states"
  for case in trial verified as_planned bound_by_other; do
    jq -s -e "any(.$case != null)" "$texts/status" >/dev/null || fail "no $case"
  done
  for case in bound ready claimed absent; do
    grep -q "\"state\": *\"$case\"" "$texts/report" || fail "none is $case"
  done
  valid list check report status
}

schema_rebind() {
  assign_tree
  keep report "$command" assign --root "$tree" --dry-run --json "$nic"
  keep report "$command" assign --root "$tree" --json "$nic"
  keep report "$command" release --root "$tree" --dry-run --json "$nic"
  [[ $(jq -s 'map(.devices | length) | add' "$texts/report") == 3 ]] || fail "not three devices"
  valid report
}

# A text of each kind, and what makes it one that is not valid: jq filters.
schema_is_strict() {
  local kind change refused=()
  one_of_two
  agent 1
  keep_all
  keep_check
  keep report cat "$tree/run/passthru/report.json"
  valid list check report status
  while read -r kind change; do
    jq "$change" "$texts/$kind" >"$texts/$kind-${#refused[@]}" || fail "not a filter: $change"
    refused+=("docs/$kind.schema.json=$texts/$kind-${#refused[@]}")
  done <<'END'
list .new = 1
list .devices[0].new = null
list del(.devices[0].needs)
list .devices[0].needs = [{kind: "luck", why: ""}]
list .devices[0].address = "00:02.0"
check .hosts = []
check .devices[0].state = "bound"
check {version, hosts: [{host: "a", status: 0, error: null, report: null}]}
check {version, hosts: [{host: "a", status: 2, error: "no", report: .}]}
check .devices[0].findings[0].code = "no-such-code"
report .ok = true
report .new = 1
report .version = 2
report .devices[0].holds = true
report .devices[0].Rule = .devices[0].rule
report del(.devices[0].rule)
report .devices[0].state = "lost"
report .devices[0].driver = "a\nb"
report .iommu.kind = "other"
report del(.iommu)
report .trial = {}
report .findings = [{code: "absent"}]
status del(.ok)
status del(.devices[0].driver_now)
status .bound_by_other = [{address: "0000:00:02.0"}]
END
  "$python" tests/programs/validate.py "${refused[@]}" >"$out" 2>"$err"
  says_not ' is valid$'
  says ": ${#refused[@]} not valid, 0 valid$"
}

# words FILE TABLE: the words of a table of the sources, which begins at that line.
words() {
  sed -n "/$2/,/^};/p" "src/$1" | grep -o '= *{\? *"[a-z0-9-]*"' | grep -o '[a-z][a-z0-9-]*' | sort
}

# listed SCHEMA NAME FILE TABLE: the enumeration of that definition has these words.
listed() {
  diff <(jq -r ".\"\$defs\".$2.enum[]" "docs/$1.schema.json" | sort) <(words "$3" "$4") >"$err" || fail "not those of src/$3: $2"
}

schema_words() {
  listed report code finding/catalogue.c '^static .* types\['
  listed report state plan/decision.c '^static .* states\['
  listed list need.properties.kind facts/needs.c '^static .* words\['
}

# with_schemas WHAT FUNCTION: one test, with a place for texts.
with_schemas() {
  texts=$(mktemp -d "$work/texts.XXXX")
  t_with_python jsonschema "$@"
}

test_schema() {
  with_schemas "schema: what is written of all recorded hosts" schema_hosts
  with_schemas "schema: other states of devices and reports" schema_states
  with_schemas "schema: assign, release" schema_rebind
  with_schemas "schema: nothing else is valid" schema_is_strict
  t_with jq "schema: codes, states and needs are those of the programs" schema_words
}
