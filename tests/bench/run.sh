#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--again]: runs the benchmarks one after the other and prints the results beside the goals, also
# into build/bench/bench.json, and draws build/bench/boot.svg. --again prints the last results without running them.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"

out=$build_dir/bench

measure() {
  mkdir -p "$out"
  "$bench_dir/cold.sh" "$out"
  "$bench_dir/whole-boot.sh" "$out"
  "$bench_dir/bind.sh" "$out"
  "$bench_dir/scale.sh" "$out"
  "$bench_dir/xen-seize.sh" "$out"
  "$top_dir/tests/growth.sh" --full "$build_dir" >"$out/growth.txt"
  strip -o "$out/agent" "$agent"
  stat -c 'size %s' "$out/agent" >"$out/size.txt"
}

main() {
  [[ ${1-} == --again ]] || measure
  cat "$out"/{cold,whole,bind,scale,xen,size,growth}.txt | jq -Rn -f "$bench_dir/results.jq" >"$out/bench.json"
  awk -f "$bench_dir/picture.awk" "$out/phases.txt" >"$out/boot.svg"
  jq -r -f "$bench_dir/table.jq" "$out/bench.json"
}

main "$@"
