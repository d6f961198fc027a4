#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--test] [BUILD]: runs all tests of `make check` on the programs in BUILD (build); with --test only
# those of `make test`, which need no network, no root and no QEMU. The output of each is kept in
# BUILD/tap/; failures are shown in full. The last line has the totals.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/at-once.sh
source tests/at-once.sh

only_test=no
[[ ${1-} != --test ]] || {
  only_test=yes
  shift
}
build=${1:-build}
tap=$build/tap
export BUILD=$build # for tests/vm
export CMOCKA_MESSAGE_OUTPUT=TAP
export UBSAN_OPTIONS=print_stacktrace=1

# run NAME COMMAND...: runs COMMAND, which prints TAP; its standard error is not captured. What it has to say
# it says at once, since others may run at the same time.
run() {
  local name=$1 file=$tap/$1.tap status said
  shift
  "$@" >"$file"
  status=$?
  ((status == 0)) || echo "# exit status $status" >>"$file"
  if ((status == 0)) && ! grep -q '^not ok' "$file"; then
    printf '  %-8s %s\n' ok "$name: $(grep -c '^ok' "$file") tests"
  else
    said=$(grep -v '^ok' "$file" | sed 's/^/           /')
    printf '  %-8s %s\n%s\n' FAILED "$name:" "$said"
  fi
}

# Messages of assertions and sanitizers become part of the output.
run_unit() {
  timeout --kill-after=5 120 "$1" 2>&1
}

# run_quick NAME: a unit test, or a check of sources or programs.
run_quick() {
  case $1 in
    source-rules | pages) run "$1" "tests/$1.sh" "$build" ;;
    elf) run elf tests/elf.sh "$(<"$build/libc")" "$build/passthru-init" ;;
    *) run "$1" run_unit "$build/unit/$1" ;;
  esac
}

# another_agent DIR LIBC: builds a second agent, in DIR.
another_agent() {
  mkdir -p "$1"
  make --no-print-directory BUILD="$1" DOWNLOADS="$build/cache" LIBC="$2" agent >"$1/log" 2>&1 ||
    cat "$1/log" >&2
}

# Uses the archives of the first build, which take downloads.
run_elf() {
  local libc second=$build/second
  libc=$(<"$build/libc")
  rm -rf "$second"
  mkdir -p "$second"
  cp -a "$build"/{libc,archives} "$second/"
  another_agent "$second" "$libc"
  tests/elf.sh "$libc" "$build/passthru-init" "$second/passthru-init"
}

run_elf_of_glibc() {
  another_agent "$build/glibc" glibc
  tests/elf.sh glibc "$build/glibc/passthru-init"
}

# The scenario of each mode and command that does most: half a minute of CPU time.
faults_sample=({boot,guarded,hotplug_sriov,verify_claimed,rescue,assign,assign_refused,release_persist,crowd}.'*')

# Makes two Debian roots in parallel with the tests that need none; each takes one processor.
make_roots() {
  tests/vm/images/debian-root.sh
  tests/vm/images/golden-root.sh dracut
}

# Those that take longest first. The tests of the programs are parallel themselves.
run_test() {
  {
    printf '%s\n' test_unread source-rules
    basename -s .c tests/unit/test_*.c | grep -vx test_unread
    printf '%s\n' elf pages
  } | at_once run_quick
  run programs tests/programs.sh "$build"
}

run_slow() {
  case $1 in
    elf-twice) run "$1" run_elf ;;
    elf-glibc) run "$1" run_elf_of_glibc ;;
    packaging) run "$1" tests/packaging.sh --quick "$build" ;;
    growth) run "$1" tests/growth.sh "$build" ;;
    faults) run "$1" tests/faults.sh "$build" --sample 8 "${faults_sample[@]}" ;;
    fuzz) run "$1" tests/fuzz/run.sh --quick ;;
  esac
}

# Each of the slow ones takes one processor.
run_rest() {
  printf '%s\n' growth elf-twice elf-glibc fuzz faults packaging | at_once run_slow
  wait
  run vm tests/vm/run.sh --quick
}

rm -rf "$tap"
mkdir -p "$tap"
[[ $only_test == yes ]] || make_roots &
run_test
[[ $only_test == yes ]] || run_rest
tests/tap-count.sh "$tap"/*.tap
