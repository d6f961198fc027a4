#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bind.sh OUT: measures how long it takes to bind PCI functions to vfio-pci, in four ways: the floor (floor.c,
# only what the kernel has to do), passthru-init, the shell loop of many guides, and Debian's driverctl. One
# boot in QEMU with one processor and -icount: guest time counts instructions, so that the figures are the
# same on any machine, however busy. Writes OUT/bind.txt, see bind-init.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"

out=$1
functions=230 # what fits on the root bus beside the machine's own devices

# The module list, as an image has it.
add_list() {
  mkdir -p "$1/usr/lib/passthru/modules"
  "$build_dir/passthru" modules --root "$root_dir" "$(kernel_version)" >"$1/usr/lib/passthru/modules/$(kernel_version).list"
}

make_files() {
  local dir=$1
  install -D "$bench_dir/bind-init" "$dir/init"
  install -D -t "$dir/bench" "$bench_dir"/{wiki-loop,driverctl-each}
  build_programs "$dir" floor stopwatch
  add_modules "$dir" "$root_dir" vfio-pci
  add_list "$dir"
  add_programs "$dir" "$root_dir" /usr/bin/{bash,dash,realpath,cut,mkdir} /usr/sbin/modprobe
  mkdir -p "$dir/bin"
  ln -s /usr/bin/bash "$dir/bin/bash"
  ln -s usr/sbin "$dir/sbin"
  add_driverctl "$dir"
  add_programs "$dir/tracer" / "$(command -v strace)"
}

# pci-testdev, because with so many devices QEMU's emulated IOMMU takes a hundred megabytes for each that has
# MSI-X. None has a reset, which costs the agent a line of log per device.
boot() {
  local number devices=()
  for ((number = 0; number < functions; number++)); do
    devices+=(-device "pci-testdev,$(function_at $number)")
  done
  boot_counting 1800 "$out/initrd.img" "" "$out/bind" "${devices[@]}"
}

main() {
  "$vm_dir/images/debian-root.sh"
  rm -rf "$out/initrd"
  mkdir -p "$out"
  make_files "$out/initrd"
  make_initrd "$out/initrd" "$out/initrd.img"
  say "booting with $functions functions, counting instructions (some minutes)"
  boot || true
  if [[ $(tail -n 1 "$out/bind.txt") != end ]] || grep -v '^\(time\|trace\) ' "$out/bind.txt" | grep -qvx end; then
    tail -n 30 "$out/bind.log" >&2
    grep -v '^trace ' "$out/bind.txt" | tail -n 30 >&2
    die "not all measurements were made"
  fi
}

main
