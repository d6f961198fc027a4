#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tap-count.sh [FILE...]: adds up the TAP of several programs: one file each (the sharper check of
# plans), or all on stdin, which is passed through as it comes.
# Repeats what failed; the last line is "N passed, N failed, N skipped".
# A program whose plan does not match its tests (it died) is a failure, and so is one that says
# "# exit status N", N > 0, without a failed test. That nothing at all was run is a failure too.
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
