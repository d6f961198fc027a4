#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tap-count.sh [FILE...]: adds up the TAP of several programs: a file for each (which checks plans better),
# or all of it on stdin, which is passed through. Repeats the failures; the last line is "N passed, N
# failed, N skipped". Also failures: a plan that does not match the number of tests (the program died),
# "# exit status N" with N > 0 and without a failed test, and no test at all.
set -eu

if [ $# -eq 0 ]; then
  tap=$(mktemp)
  trap 'rm -f "$tap"' EXIT
  tee "$tap"
  set -- "$tap"
  names=0
fi

awk -v names="${names-1}" '
function fail(text) {
	failures[failed++] = (names ? file ": " : "") text
}

function count(line) {
	if (line ~ /^1\.\.[0-9]+/) {
		planned += substr(line, 4) + 0
		plans++
		if (line ~ /^1\.\.0 *# *[Ss][Kk][Ii][Pp]/)
			skipped++
	} else if (line ~ /^(not )?ok([ \t]|$)/) {
		ran++
		if (line ~ /^not/)
			fail(line)
		else if (line ~ /# *[Ss][Kk][Ii][Pp]/)
			skipped++
		else
			passed++
	} else if (line ~ /^Bail out!/) {
		fail(line)
	} else if (line ~ /^# exit status [1-9]/) {
		status = line
	}
}

function read_tap(name,    line, before, result) {
	file = name
	before = failed
	ran = planned = plans = 0
	status = ""
	while ((result = (getline line < file)) > 0)
		count(line)
	if (result < 0)
		fail("cannot be read")
	else if (!plans)
		fail("no plan: nothing was run, or the program died")
	else if (planned != ran)
		fail("planned " planned " tests, ran " ran)
	else if (status != "" && failed == before)
		fail(status)
}

BEGIN {
	passed = failed = skipped = 0
	for (i = 1; i < ARGC; i++)
		read_tap(ARGV[i])
	if (!failed && !passed && !skipped)
		fail("no test was run")
	for (i = 0; i < failed; i++)
		print failures[i]
	print passed " passed, " failed " failed, " skipped " skipped"
	exit failed > 0
}
' "$@"
