#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--seconds N | --quick] [TARGET...]: runs the fuzz targets (default: all) and checks that they
# find the defects in defects.sh. --quick: some hundred runs of each target, and few defects. Prints TAP
# and the number of runs. BUILD has the targets, from `make fuzz-targets`; JOBS is the number of
# parallel runs. Inputs that reach new code are kept in BUILD/fuzz/corpus, those that violate a property
# in BUILD/fuzz/found.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1

build=${BUILD:-build}
fuzz=$build/fuzz
jobs=${JOBS:-$(nproc)}
seconds=60 quick="" quick_runs=400
while [[ ${1-} == --* ]]; do
  case $1 in
    --seconds) seconds=$2 && shift 2 ;;
    --quick) quick=yes && shift ;;
    *) sed -n '3,7s/^# //p' "$0" >&2 && exit 64 ;;
  esac
done
# Properties that are known not to hold yet; see the file.
FUZZ_OPEN=$(sed -n 's/^\([a-z][a-z-]*\):.*/\1/p' tests/fuzz/open | paste -sd,)
[[ $quick ]] && export FUZZ_LEVEL="${FUZZ_LEVEL:--O0}" # as `make check` has built it
export FUZZ_OPEN build fuzz quick quick_runs seconds
# shellcheck source=tests/fuzz/defects.sh
source tests/fuzz/defects.sh

# The whole host gets more time than all other targets together.
seconds_of() {
  case $1 in
    host) echo $((seconds * 4)) ;;
    *) echo "$seconds" ;;
  esac
}

# with_seeds TARGET PROGRAM OPTION...: runs PROGRAM on the seeds of TARGET, in the directory $corpus.
with_seeds() {
  local target=$1 program=$2 size directories=("$fuzz/seeds/$1/seeds")
  shift 2
  [[ -s $fuzz/seeds/$target/words ]] && set -- -dict="$fuzz/seeds/$target/words" "$@"
  size=$(awk -v name="$target" '$1 == name { print $2 }' "$fuzz/sizes")
  [[ -d tests/fuzz/regressions/$target ]] && directories+=("tests/fuzz/regressions/$target")
  mkdir -p "$corpus"
  FUZZ_TARGET=$target "$program" -max_len="$size" -timeout=30 -rss_limit_mb=2048 \
    -print_final_stats=1 "$@" "$corpus" "${directories[@]}"
}

# run_target TARGET: prints "ok" or "not ok", the messages of a failure, and the number of runs.
run_target() {
  local target=$1 log=$fuzz/log/$1 corpus=$fuzz/corpus/$1 options
  options=(-max_total_time="$(seconds_of "$target")")
  [[ $quick ]] && corpus=$fuzz/quick/$target options=(-seed=1 -runs="$quick_runs") && rm -rf "$corpus"
  if with_seeds "$target" "$fuzz/fuzz" "${options[@]}" \
    -artifact_prefix="$fuzz/found/$target-" >"$log" 2>&1; then
    echo "ok $target"
  else
    echo "not ok $target"
    grep -aE 'VIOLATION|ERROR:|SUMMARY|runtime error|Test unit written' "$log" | sed 's/^/#   /'
  fi
  sed -n 's/^stat::number_of_executed_units: */# runs /p' "$log"
}

# build_defect NAME SOURCE SCRIPT: builds the targets with SOURCE changed by SCRIPT, for sed.
build_defect() {
  local name=$1 source=$2 script=$3 directory=$fuzz/defects/$1
  mkdir -p "$directory"
  sed -E "$script" "$source" >"$directory/changed.c"
  if cmp -s "$source" "$directory/changed.c"; then
    echo "it does not fit $source any more"
    return 1
  fi
  env -u MAKEFLAGS make --no-print-directory BUILD="$build" DEFECT_SOURCE="$source" "$directory/fuzz"
}

# run_defect NAME SOURCE TARGET SCRIPT: TARGET must find the defect from its seeds alone.
run_defect() {
  local name=$1 source=$2 target=$3 script=$4 log=$fuzz/log/defect-$1
  local corpus=$fuzz/quick/defect-$name
  rm -rf "$corpus"
  if ! build_defect "$name" "$source" "$script" >"$log" 2>&1; then
    echo "not ok defect $name: it cannot be built"
    sed 's/^/#   /' "$log"
  elif with_seeds "$target" "$fuzz/defects/$name/fuzz" -seed=1 -max_total_time="$defect_seconds" \
    -artifact_prefix="$fuzz/defects/$name/" >"$log" 2>&1; then
    echo "not ok defect $name: $target does not find it in $defect_seconds s"
  else
    echo "ok defect $name: $(grep -aoE 'VIOLATION [a-z-]+|AddressSanitizer: [a-zA-Z-]+|runtime error|libFuzzer: [a-z-]+' \
      "$log" | head -n 1), after $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
  fi
  rm -rf "$fuzz/defects/$name/fuzz" "$corpus"
}

# run_line NUMBER WORD...: runs a test; the first word is its kind.
run_line() {
  local number kind words
  IFS=$'\t' read -r number kind words <<<"$1"
  IFS=$'\t' read -ra words <<<"$words"
  "run_$kind" "${words[@]}" >"$fuzz/results/$number"
}

# list: prints a line for each test, with tabs between its words.
list() {
  local name target targets=("$@")
  ((${#targets[@]})) || mapfile -t targets < <(awk '{ print $1 }' "$fuzz/sizes" | sort)
  # The longest first.
  for target in $(printf '%s\n' "${targets[@]}" | sort -r | grep -x host) \
    $(printf '%s\n' "${targets[@]}" | grep -vx host); do
    printf 'target\t%s\n' "$target"
  done
  for name in "${!defect_source[@]}"; do
    [[ $quick && ! ${defect_quick[$name]-} ]] && continue
    (($#)) && [[ " $* " != *" ${defect_target[$name]} "* ]] && continue
    printf 'defect\t%s\t%s\t%s\t%s\n' "$name" "${defect_source[$name]}" "${defect_target[$name]}" \
      "${defect_script[$name]}"
  done | sort
}

export -f run_line run_target run_defect build_defect with_seeds seconds_of
export defect_seconds
mkdir -p "$fuzz"/{log,found,corpus,quick,defects,results,seeds}
rm -rf "$fuzz"/results/* "$fuzz"/seeds/*
FUZZ_LIST=1 FUZZ_SEEDS=$fuzz/seeds "$fuzz/fuzz" >"$fuzz/sizes"
list "$@" >"$fuzz/list"
count=$(wc -l <"$fuzz/list")
# shellcheck disable=SC2016 # that shell expands it
nl -ba -w1 "$fuzz/list" | tr '\n' '\0' |
  xargs -0 -P "$jobs" -I LINE bash -c 'run_line "$1"' bash LINE
for ((i = 1; i <= count; i++)); do
  sed -E "s/^(not )?ok /&$i - /; /^# runs/d" "$fuzz/results/$i"
done
echo "1..$count"
echo "# $(awk '$2 == "runs" { sum += $3 } END { print sum + 0 }' "$fuzz"/results/*) runs"
! grep -q '^not ok' "$fuzz"/results/*
