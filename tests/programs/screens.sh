# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of what the commands print, in a pipe and on terminals. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# One program per row of the table would take longer than all of them in one terminal.
screens_are() {
  tests/screens.sh "$build" "$work/screens" >"$out" 2>"$err" || fail "not made"
  diff -r tests/programs/expected/screens "$work/screens" >"$out" || fail "not what it was: make screens"
}

# No line is longer than its terminal; messages on standard error can be.
screens_fit() {
  awk 'FNR == 1 { columns = 0 }
    /^--- / { columns = $2; next }
    !columns || /^(passthru|Rebuild)/ { next }
    { gsub(/\\e\[[0-9;]*m/, ""); lines++ }
    length > columns + 0 { print FILENAME ": " $0 }
    END { if (lines < 100) print "only " lines + 0 " lines" }' \
    tests/programs/expected/screens/{check,list,status,assign,release,add,remove,explain}*.txt >"$out"
  [[ ! -s $out ]] || fail "too long for its terminal"
}

test_screens() {
  t_with script "all commands: what they print in a pipe, on 80 and on 120 columns" screens_are
  t "check, status, assign, ...: each line fits its terminal" screens_fit
}
