#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pages.sh [BUILD]: what the programs of BUILD (build) say of themselves, and the configuration's
# keys, against the man pages, both ways; and what a page must have and must not. TAP.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=${1:-build}
ran=0
init_lines=300 # it says what the agent does: its report and findings have pages of their own
# same WHAT HAVE WANTED: both are lists, one a line; an empty one is a test that found nothing.
same() {
  local difference
  difference=$(diff <(sort -u <<<"$2") <(sort -u <<<"$3"))
  [[ $2 ]] || difference="nothing found"
  result "$1" "$difference"
}

# result WHAT OFFENDERS: good if there are no offenders.
result() {
  ran=$((ran + 1))
  if [[ $2 ]]; then
    printf 'not ok %d - %s\n' "$ran" "$1"
    # shellcheck disable=SC2001 # each line
    sed 's/^/#   /' <<<"$2"
  else
    printf 'ok %d - %s\n' "$ran" "$1"
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

# The first word of each row of the table in keys.c.
keys_of_table() {
  sed -n '/ keys\[\] = {$/,/^};/s/^\t{ "\([a-z-]*\)",.*/\1/p' src/want/keys.c
}

# The keys that passthru.conf(5) has entries for: "*key* = ..."
keys_of_page() {
  sed -n 's/^\*\([a-z-]*\)\* = .*/\1/p' conf/passthru.conf.5.scd
}

# The findings that passthru-findings(7) has entries for, and those of the catalogue
entries_of_findings() {
  sed -n 's/^@\([a-z-]*\)@$/\1/p' conf/passthru-findings.7.scd
}

words_of_catalogue() {
  sed -n 's/.*\[FINDING_[A-Z_]*\] = { "\([a-z-]*\)", SEVERITY_.*/\1/p' src/finding/catalogue.c
}

# unlike WHY CHANGE: what is said of passthru-findings(7), its template edited by sed, if that is not WHY
unlike() {
  local said
  said=$(sed "$2" conf/passthru-findings.7.scd | "$build/page" 2>&1 >/dev/null) && said="it is made"
  [[ $said == "page: $1" ]] || echo "${said:-nothing}"
}

# Pages whose line of NAME does not have all words; what apropos(1) finds, in any case.
not_found_by() {
  local page word
  for page in conf/*.scd; do
    for word in "$@"; do
      sed -n '/^# NAME$/,/^# SYN\|^# DES/p' "$page" | grep -qi "^passthru.* - .*$word" || echo "$page: no $word"
    done
  done
}

# title PAGE MANUAL: that the finished page is without version or name of the manual
title() {
  grep -q "^\.TH .* \"passthru $version\" \"$2\"\$" "$build/man/$1" || echo "$1"
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
  "$(keys_of_table)" "$(keys_of_page)"
same "passthru-findings(7) has the findings of the catalogue" "$(words_of_catalogue)" "$(entries_of_findings)"
result "passthru-findings(7) has no finding twice" "$(entries_of_findings | sort | uniq -d)"
same "passthru-findings(7) has severities" \
  "$("$build/page" <conf/passthru-findings.7.scd | grep -c '^\*[a-z-]*\* (\(info\|warning\|error\))$')" \
  "$(words_of_catalogue | wc -l)"
result "passthru-findings(7) is not made without an entry" \
  "$(unlike 'off: has no entry' '/^@off@$/,/^$/d')"
result "passthru-findings(7) is not made with an entry twice" \
  "$(unlike 'off: has two entries' '/^@skipped@$/i @off@\n\tProse.\n')"
result "passthru-findings(7) is not made with an entry that is no finding" \
  "$(unlike 'of: is no finding of the catalogue' '/^@skipped@$/i @of@\n\tProse.\n')"
result "passthru-findings(7) is not made with an entry without prose" \
  "$(unlike 'off: has no prose' '/^@off@$/{n;d}')"
result "apropos finds each page: vfio, passthrough, iommu" "$(not_found_by vfio passthrough iommu)"
version=$("$build/passthru" --version | cut -d ' ' -f 2)
result "the pages' titles have version and manual" "$(title passthru.8 "System Manager's Manual" &&
  title passthru-init.8 "System Manager's Manual" && title passthru.conf.5 "File Formats Manual" &&
  title passthru-report.5 "File Formats Manual" && title passthru-findings.7 "Miscellaneous Information Manual")"
result "no mark of a template is left in a page" "$(grep -l '@[A-Za-z-]*@' "$build"/man/*.[578])"
same "README.Debian says what each enabled unit does" \
  "$(sed -n 's/^enable //p' hook/50-passthru.preset)" \
  "$(grep -o '^passthru-[a-z]*\.\(service\|path\)\>' packaging/debian/README.Debian)"
result "passthru-init(8) has less than $init_lines lines" \
  "$(awk -v max=$init_lines 'END { if (NR >= max) print NR }' conf/passthru-init.8.scd)"
echo "1..$ran"
