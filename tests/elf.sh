#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# elf.sh KIND AGENT [SECOND_BUILD]: checks that the agent's ELF file needs no loader and no library, is
# hardened and small for its C library, and that a second build is identical. KIND is musl or glibc; or
# dynamic, for an agent that needs the loader and libraries. Prints TAP.
# Stack protector and fortify are checked in the agent's objects (DIR/agent/src), because a static program
# has libc's own calls of __stack_chk_fail and __*_chk, whatever its flags were.
set -u
export LC_ALL=C

libc=$1
agent=$2
second=${3-}
declare -A max_sizes=([musl]=306000 [glibc]=1200000 [dynamic]=400000)
max_size=${max_sizes[$libc]}
[ -r "$agent" ] || {
  echo "Bail out! no $agent"
  exit 1
}
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT

ran=0
report() {
  ran=$((ran + 1))
  echo "$1 $ran - $2"
}

# expect WHAT COMMAND...: one test, which passes if COMMAND succeeds.
expect() {
  local what=$1
  shift
  if "$@"; then report ok "$what"; else report 'not ok' "$what"; fi
}

header=$(readelf -hW "$agent")
segments=$(readelf -lW "$agent" | grep -E '^ +[A-Z_]+ +0x')
dynamic=$(readelf -dW "$agent")
objects=$(find "$(dirname "$agent")/agent/src" -name '*.o')

in_dynamic() { grep -Eq "$1" <<<"$dynamic"; }
in_segments() { grep -Eq "$1" <<<"$segments"; }
no() { ! "$@"; }

has_symbol() { nm "$agent" | grep -q " $1\$"; }

# Symbols that only one of the libraries has, so that the way it was built does not matter.
is_linked_with_libc() {
  local -A mark=([musl]=__init_libc [glibc]=__libc_start_call_main)
  has_symbol "${mark[$libc]}"
}

is_static_pie() {
  grep -Eq 'Type: +DYN' <<<"$header" && in_dynamic 'FLAGS_1.* PIE' && ! in_segments '^ +INTERP'
}

# A linker without separate-code maps the ELF header, at offset 0, as executable.
code_is_separate() {
  in_segments '^ +LOAD +0x0+ .* R   0x' && in_segments '^ +LOAD .* R E 0x'
}

is_small() {
  local size
  strip -o "$stripped" "$agent"
  size=$(stat -c %s "$stripped")
  echo "# stripped: $size bytes of $max_size"
  ((size > 0 && size <= max_size))
}

# called WHAT REGEX: one test, which passes if an object of the agent calls a matching function.
called() {
  if [ -z "$objects" ]; then
    report ok "$1 # SKIP no objects beside $agent"
  else
    # shellcheck disable=SC2086 # a list of files
    expect "$1" grep -Eq " U $2\$" <<<"$(nm $objects)"
  fi
}

if [[ $libc == dynamic ]]; then
  expect 'a pie with an interpreter' in_segments '^ +INTERP'
  expect 'its libraries are where all are' no in_dynamic '\((RPATH|RUNPATH)\)'
else
  expect 'a static-pie without interpreter' is_static_pie
  expect "its C library is $libc" is_linked_with_libc
  expect 'needs no library' no in_dynamic '\((NEEDED|RPATH|RUNPATH)\)'
fi
expect 'relocations are made read-only' in_segments '^ +GNU_RELRO'
expect 'symbols are bound at start' in_dynamic 'FLAGS.*(BIND_NOW| NOW)'
expect 'no text relocations' no in_dynamic 'TEXTREL'
expect 'the stack is not executable' in_segments '^ +GNU_STACK .* RW  0x'
expect 'no segment is writable and executable' no in_segments ' [R ]WE 0x'
expect 'code is in segments of its own' code_is_separate
called 'the stack protector is on' __stack_chk_fail
# musl has no fortified functions.
[[ $libc == musl ]] || called 'fortify is on' '__[a-z]+_chk'
expect 'small when stripped' is_small
if [ -n "$second" ]; then
  expect 'a second build is bit-identical' cmp "$agent" "$second"
else
  report ok 'a second build is bit-identical # SKIP none given'
fi
echo "1..$ran"
