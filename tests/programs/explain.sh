# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of `passthru explain`, and that outputs with findings name it. Sourced, bash.
# shellcheck shell=bash disable=SC2154

explain_words() {
  run 0 "$command" explain iommu-off
  says '^iommu-off \(error\)$'
  says "^  No IOMMU translates the device's DMA, and the rule has iommu = require. The$"
  says '^  What to do: .'
  run 0 "$command" explain bound: off
  says '^bound \(state\)$'
  says '^off \(info\)$'
  run 0 "$command" explain absent
  says '^absent \(state\)$'
  says '^absent \((error|warning)\)$'
  awk 'length > 80 { exit 1 }' "$out" || fail "a line is longer than 80 characters"
  run 66 "$command" explain iommu-of
  says "no finding or state 'iommu-of'; did you mean 'iommu-off'"
  run 66 "$command" explain nonsense
  says "'nonsense'$"
}

# All findings of the catalogue and all states are listed, and none has marks of scdoc in its text.
explain_all() {
  local word
  run 0 "$command" explain
  sed 's/ .*//' "$out" | sort -u >"$work/listed"
  {
    sed -n 's/.*\[FINDING_[A-Z_]*\] = { "\([a-z-]*\)", SEVERITY_.*/\1/p' src/finding/catalogue.c
    sed -n '/^# STATES/,/^# STATUS/s/^\*\([a-z]*\)\*$/\1/p' conf/passthru-report.5.scd
  } | sort -u | diff - "$work/listed" >"$err" || fail "not all are listed"
  mapfile -t words <"$work/listed"
  run 0 "$command" explain "${words[@]}"
  says_not '[*\\]|(^| )_[a-z]'
  for word in "${words[@]}"; do
    grep -q "^$word (" "$out" || fail "$word is not explained"
  done
}

# By what has warnings or errors; with one code, that code.
explain_named() {
  add_tree
  conf "[device nic]" "address = $nic"
  passthru 1 check
  says '^.passthru explain CODE. says more\.$'
  says "set group = whole for the rule"
  passthru 0 assign "$nic" --dry-run
  says "use --group whole"
  passthru 0 assign "$nic" --dry-run --json
  says_not 'passthru explain'
  conf "[device nic]" "speed = 10"
  passthru 1 assign "$nic" --dry-run
  says '^.passthru explain CODE. says more\.$'
  passthru 1 add "$nic" --dry-run
  says '^passthru: .passthru explain config-error. says more\.$'
  conf "#"
  put run/passthru/report.json < <(
    echo '{"version":1,"program":"x","kernel":"x","devices":[],"findings":[{"code":"off","severity":"info","text":"x","remedy":null}]}'
  )
  passthru 0 status
  says_not 'passthru explain'
  sed -i 's/"off","severity":"info"/"agent-died","severity":"error"/' "$tree/run/passthru/report.json"
  passthru 1 status
  says '^.passthru explain agent-died. says more\.$'
}

test_explain() {
  t "explain: findings and states" explain_words
  t "explain: all that there are" explain_all
  t "explain: named by outputs with findings" explain_named
}
