#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# programs.sh [BUILD]: tests passthru-init and passthru from BUILD (build) on directories that stand for a
# host's root: exit statuses, output, reports, and that nothing makes them hang. Prints TAP. What a kernel
# does with the devices is for tests/vm.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=$(realpath "${1:-build}")
# shellcheck disable=SC2034 # for the tests
init=$build/passthru-init command=$build/passthru
work=$(mktemp -d)
chmod 711 "$work" # some tests run programs as another user
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/at-once.sh
source tests/at-once.sh
for file in tests/programs/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done

# Adds the numbers and the plan to TAP. Fails if a test failed.
number() {
  awk '/^not ok / { bad = 1 }
    /^(not )?ok / { sub(/ok /, "ok " ++n " ") }
    { print }
    END { print "1.." n + 0; exit bad || !n }'
}

# run_tests FUNCTION: the tests of one function, with temporary files of their own. If its shell ends before
# all have run, that is a failure.
run_tests() {
  work=$work/$1
  mkdir -m 755 "$work"
  (
    "$1"
    exit 0
  ) || echo "not ok - $1: died"
}

# Runs all functions test_NAME of the files in tests/programs in parallel, those that take longest first. Two
# tests that sleep for 10 seconds take no place.
main() {
  local tests longest=(test_record test_lost test_completion test_worker)
  mapfile -t tests < <(printf '%s\n' "${longest[@]}" && compgen -A function test_ | grep -vxF "${longest[@]/#/-e}")
  t "agent: the worker is stopped, the agent ends after 10 s" worker_stopped >"$work/stopped.tap" &
  t "agent: nobody reads the log, the record stays complete" log_blocks >"$work/blocks.tap" &
  printf '%s\n' "${tests[@]}" | at_once to_tap run_tests
  wait
  cat "$work"/*.tap
}

main | number
