#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# faults.sh [BUILD] [--sample N] [PATTERN...]: runs passthru-init and passthru from BUILD (build) with
# injected faults: tests/README.md, Faults. A PATTERN matches names such as boot.calls (default: all);
# SHARD=I/N runs a part of each. Prints TAP.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=build sample=()
[[ ${1-} && -d $1 ]] && build=$1 && shift
[[ ${1-} == --sample ]] && sample=(--sample "$2") && shift 2
build=$(realpath "$build")
faults=$build/faults/faults init=$build/passthru-init command=$build/passthru
# In memory, since each run writes a thousand files.
work=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" faults.XXXX)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/faults/scenarios.sh
source tests/faults/scenarios.sh
# shellcheck source=tests/at-once.sh
source tests/at-once.sh

campaigns=(calls kills allocations files run limits crowd)

# statuses FILE: the exit statuses that a manual lists, separated by commas.
statuses() {
  sed -n '/^# EXIT STATUS/,/^# [^E]/s/^\*\([0-9]*\)\*$/\1/p' "conf/$1" | paste -sd,
}

# prepare SCENARIO: makes its tree and writes down its program.
prepare() {
  local program=() options=()
  tree=$work/scenarios/$1
  mkdir -p "$tree" && "scenario_$1" >"$tree.log" 2>&1 && declare -p program options >"$tree.program"
}

# run SCENARIO.CAMPAIGN: runs it in a copy of the tree. Prints TAP without numbers.
run() {
  local scenario=${1%.*} campaign=${1##*.} program=() options=()
  tree=$work/$1
  # shellcheck disable=SC1090
  if ! source "$work/scenarios/$scenario.program" 2>/dev/null; then
    echo "not ok - faults: $1: cannot be prepared"
    sed 's/^/#   /' "$work/scenarios/$scenario.log"
    return
  fi
  cp -a "$work/scenarios/$scenario" "$tree"
  case $campaign:${program[0]} in
    allocations:*-init) program[0]=$build/faults/passthru-init ;;
    allocations:*) options+=(--preload "$build/faults/allocation.so") ;;
  esac
  "$faults" --name "$scenario" "${options[@]}" "${sample[@]}" ${SHARD:+--shard "$SHARD"} \
    ${ONLY:+--only "$ONLY"} "$campaign" "$tree" "${program[@]}" 2>&1 ||
    echo "# $1: exit status $?"
  rm -rf "$tree"
}

# Many processes at once are a scenario of their own.
fits() {
  if [[ $scenario == crowd* ]]; then
    [[ $campaign == crowd ]]
  else
    [[ $campaign != crowd ]]
  fi
}

# names PATTERN...: prints the names that match one of the patterns.
names() {
  local scenario campaign pattern
  for scenario in "${scenarios[@]}"; do
    for campaign in "${campaigns[@]}"; do
      for pattern in "${@:-*}"; do
        # shellcheck disable=SC2053 # it is a pattern
        [[ $scenario.$campaign == $pattern ]] && fits && echo "$scenario.$campaign" && break
      done
    done
  done
}

# Each defect: the campaign that must find it, the violation, and options of the harness.
declare -A planted=(
  [none]="calls -" [none_killed]="kills -" [none_replaced]="files - --sample 150"
  [status]="calls status" [crash]="calls status" [hang]="calls deadline --sample 20"
  [wipe]="calls lost" [process]="calls process --sample 20" [silent]="calls silent"
  [guard]="calls guard" [false]="calls false" [null]="calls record" [less]="calls harness" [torn]="kills record"
  [unrecorded]="kills unrecorded" [again]="kills again"
  [escape]="files escape --only proc/cmdline:out-relative"
)

# run_planted DEFECT: the harness must find it, and must find nothing without it.
run_planted() {
  local said verdict="not ok" row
  read -ra row <<<"${planted[$1]}"
  tree=$work/planted.$1
  cp -a "$work/scenarios/planted" "$tree"
  said=$("$faults" --statuses 0,1 --deadline 300 --name "$1" "${row[@]:2}" "${row[0]}" "$tree" \
    "$build/faults/planted" "${1%_*}" 2>&1)
  if [[ ${row[1]} == - && $said == ok* ]] || [[ $said =~ violations,.*\ ${row[1]}\  ]]; then
    verdict=ok
  fi
  echo "$verdict - faults: what was planted is found: $1 by ${row[0]}"
  [[ $verdict == ok ]] || awk '{ print "#   " $0 }' <<<"$said"
}

number() {
  awk '/^not ok / { bad = 1 }
    /^(not )?ok / { sub(/ok /, "ok " ++n " ") }
    { print }
    END { print "1.." n + 0; exit bad || !n }'
}

main() {
  local all defects=() name
  mapfile -t all < <(names "$@")
  [[ $# -gt 0 && $1 != planted ]] || defects=("${!planted[@]}")
  # Made first, since most scenarios start from it.
  tree=$work/first
  mkdir "$tree"
  booted >"$tree.log" 2>&1 || cat "$tree.log" >&2
  mapfile -t scenarios < <(printf '%s\n' "${all[@]%.*}" ${defects:+planted} | sort -u)
  printf '%s\n' "${scenarios[@]}" | at_once to_tap prepare
  printf '%s\n' "${defects[@]}" | at_once to_tap run_planted
  printf '%s\n' "${all[@]}" | at_once to_tap run
  for name in "${defects[@]}" "${all[@]}"; do cat "$work/$name.tap"; done
}

main "$@" | number
