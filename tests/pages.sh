#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pages.sh [BUILD]: what the programs of BUILD (build) say of themselves, and the configuration's
# keys, against the man pages, both ways. TAP.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=${1:-build}
ran=0
# same WHAT HAVE WANTED: both are lists, one a line; an empty one is a test that found nothing.
same() {
  local difference
  difference=$(diff <(sort -u <<<"$2") <(sort -u <<<"$3"))
  ran=$((ran + 1))
  if [[ $2 && ! $difference ]]; then
    printf 'ok %d - %s\n' "$ran" "$1"
  else
    printf 'not ok %d - %s\n' "$ran" "$1"
    # shellcheck disable=SC2001 # each line
    sed 's/^/#   /' <<<"${difference:-nothing found}"
  fi
}

options() {
  grep -o -e '--[a-z][a-z-]*' | sort -u
}

commands() {
  "$build/passthru" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
}

# section PAGE NAME: the lines below the heading
section() {
  sed -n "/^# $2\$/,/^# /p" "conf/$1.scd"
}

# entries PAGE SECTION: the options that have an entry of their own there
entries() {
  section "$1" "$2" | grep '^\*--' | options
}

# synopsis COMMAND: its options in passthru(8)
synopsis() {
  section passthru.8 SYNOPSIS | sed -n "/^\*passthru\* \*$1\*/,/^\$/p" | options
}

# The first word of each row of a table of intent.c.
keys_of_table() {
  sed -n "/ $1\[\] = {\$/,/^};/s/^\t{ \"\([a-z-]*\)\",.*/\1/p" src/want/intent.c
}

# Keys with a function of their own
keys_apart() {
  sed -n 's/.*strcmp(key, "\([a-z-]*\)") == 0.*/\1/p' src/want/intent.c
}

# The keys that passthru.conf(5) has entries for: "*key* = ..."
keys_of_page() {
  sed -n 's/^\*\([a-z-]*\)\* = .*/\1/p' conf/passthru.conf.5.scd
}

all=--help
for name in $(commands); do
  of_command=$("$build/passthru" "$name" --help | options)
  all+=$'\n'$of_command
  same "passthru $name: --help has the options of passthru(8), SYNOPSIS" \
    "$(grep -vx -e --help <<<"$of_command")" "$(synopsis "$name")"
done
same "passthru: --help has the options of passthru(8), OPTIONS" "$all" "$(entries passthru.8 OPTIONS)"
same "passthru: --help has the commands of passthru(8), COMMANDS" "$(commands)" \
  "$(section passthru.8 COMMANDS | sed -n 's/^\*\([a-z]*\)\*.*/\1/p')"
same "passthru-init: --help has the options of passthru-init(8), OPTIONS" \
  "$("$build/passthru-init" --help | options)" "$(section passthru-init.8 OPTIONS | options)"
same "the configuration's keys are those of passthru.conf(5)" \
  "$(keys_of_table rule_keys && keys_of_table word_keys && keys_apart)" "$(keys_of_page)"
echo "1..$ran"
