#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scale.sh OUT: measures the agent with one device listed on hosts with thousands. Writes to OUT/scale.txt
#   boot DEVICES MICROSECONDS KIB   in QEMU, behind PCI bridges; guest time counts instructions
#   tree DEVICES MICROSECONDS KIB   on this machine, with a directory that stands for a host's root
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"

out=$1
functions=4022
simulated=65536

# Sets devices: multifunction bridges on the root bus, with functions behind each.
make_bridges() {
  local bridge number
  for ((bridge = 0; bridge * 248 < functions; bridge++)); do
    devices+=(-device "pci-bridge,id=b$bridge,chassis_nr=$((bridge + 1)),shpc=off,$(function_at $bridge)")
    for ((number = 0; number < 247 && bridge * 248 + number + 1 < functions; number++)); do
      devices+=(-device "pci-testdev,bus=b$bridge,$(function_at $number)")
    done
  done
}

# qboot, since SeaBIOS never finishes with so many devices.
boot() {
  local devices=()
  make_bridges
  boot_counting 900 "$out/scale.img" "" "$out/scale" -bios /usr/share/qemu/qboot.rom "${devices[@]}"
}

# Three runs; on a directory only readers and plan do any work.
measure_tree() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the value of now
  trap "rm -rf '$work'" EXIT
  "$out/scale/bench/make-tree" "$work" "$simulated"
  for _ in 1 2 3; do
    # shellcheck disable=SC2024
    "$out/scale/bench/stopwatch" "$agent" --root "$work" --dry-run 2>"$out/tree.log" |
      sed "s/^/tree $simulated /"
    grep -q '0000:00:01.0 .* would be bound to vfio-pci' "$out/tree.log" || die "no plan, see $out/tree.log"
  done
}

main() {
  "$vm_dir/images/debian-root.sh"
  rm -rf "$out/scale"
  install -D "$bench_dir/scale-init" "$out/scale/init"
  build_programs "$out/scale" stopwatch make-tree
  add_modules "$out/scale" "$root_dir" vfio-pci
  make_initrd "$out/scale" "$out/scale.img"
  say "booting with $functions functions"
  boot || true
  if [[ $(grep -c '^boot ' "$out/scale.txt") != 3 || $(wc -l <"$out/scale.txt") != 4 ]]; then
    tail -n 30 "$out/scale.log" "$out/scale.txt" >&2
    die "not all measurements were made"
  fi
  say "planning for $simulated functions"
  measure_tree >>"$out/scale.txt"
}

main
