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
trap 'rm -rf "$work"' EXIT
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

# Runs all functions test_NAME of the files in tests/programs. Two tests that take 10 seconds run in the
# background.
main() {
  local tests
  t "agent: the worker is stopped, the agent ends after 10 s" worker_stopped >"$work/stopped.tap" &
  t "agent: nobody reads the log, the record stays complete" log_blocks >"$work/blocks.tap" &
  for tests in $(compgen -A function test_); do
    "$tests"
  done
  wait
  cat "$work"/*.tap
}

main | number
