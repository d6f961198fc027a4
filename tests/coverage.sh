#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# coverage.sh BUILD: runs the unit and program tests that `make coverage` has built in BUILD, and prints for
# each folder of src/, and in total, how many lines of code they reach. Lists the lines that none reaches in
# BUILD/lines-not-reached, by file. Killed processes are not counted.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=$(realpath "$1")
export CMOCKA_MESSAGE_OUTPUT=TAP
export COVERAGE=1 # for tests/programs.sh
# For tests/coverage.c.
export GCOV_PREFIX=.
exec 200</

run_tests() {
  local source
  for source in tests/unit/test_*.c; do
    timeout --kill-after=5 300 "$build/unit/$(basename "$source" .c)" 2>&1
  done
  tests/programs.sh "$build"
}

# Prints lines `FILE LINE COUNT`. A file is compiled once for each program, and a line can be in several
# functions.
count_lines() {
  find "$build" -name '*.gcda' -path '*/src/*' -print0 | xargs -0 gcov --json-format --stdout |
    jq -r '.files[] | select(.file | startswith("src/")) | .file as $file | .lines[] |
      "\(.file // $file) \(.line_number) \(.count)"' |
    awk '{ count[$1 " " $2] += $3 } END { for (line in count) print line, count[line] }' | sort -k1,1 -k2,2n
}

not_reached() {
  awk '$3 == 0 { lines[$1] = lines[$1] " " $2 } END { for (file in lines) print file ":" lines[file] }' | sort
}

table() {
  awk '{
    split($1, part, "/")
    total[part[2]]++; reached[part[2]] += $3 > 0
    total["in all"]++; reached["in all"] += $3 > 0
  } END {
    for (name in total)
      printf "%d %-8s %5d of %5d lines  %5.1f %%\n", name == "in all", name, reached[name], total[name],
        100 * reached[name] / total[name]
  }' | sort | cut -c 3-
}

find "$build" -name '*.gcda' -delete
run_tests >"$build/tests.tap"
grep -A 8 '^not ok' "$build/tests.tap"
count_lines >"$build/lines"
not_reached <"$build/lines" >"$build/lines-not-reached"
table <"$build/lines"
