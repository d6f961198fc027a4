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

# driverctl is only a shell script: no need to install its dependencies.
get_driverctl() {
  local downloads=$build_dir/cache/driverctl
  mkdir -p "$downloads"
  [[ -n $(find "$downloads" -name '*.deb') ]] || (cd "$downloads" && apt-get -qq download driverctl 2>/dev/null) ||
    die "apt cannot fetch driverctl"
  dpkg-deb -x "$downloads"/driverctl_*.deb "$out/driverctl"
  install -D "$out/driverctl/usr/sbin/driverctl" "$1/usr/sbin/driverctl"
}

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
  add_modules "$dir" vfio-pci
  add_list "$dir"
  add_programs "$dir" "$root_dir" /usr/bin/{bash,dash,realpath,cut,mkdir} /usr/sbin/modprobe
  mkdir -p "$dir/bin"
  ln -s /usr/bin/bash "$dir/bin/bash"
  ln -s usr/sbin "$dir/sbin"
  get_driverctl "$dir"
  add_programs "$dir/tracer" / "$(command -v strace)"
}

# pci-testdev, because with so many devices QEMU's emulated IOMMU takes a hundred megabytes for each that has
# MSI-X. None has a reset, which costs the agent a line of log per device. The kernel's log is large, so
# that no way is slowed down by the lines of those before it.
boot() {
  local number devices=()
  for ((number = 0; number < functions; number++)); do
    devices+=(-device "pci-testdev,$(function_at $number)")
  done
  timeout --kill-after=5 1800 qemu-system-x86_64 \
    -M "q35,kernel-irqchip=split,accel=tcg" -cpu qemu64 -smp 1 -m 1024 -icount shift=0,sleep=off \
    -nodefaults -display none -no-reboot -device "intel-iommu,intremap=on" "${devices[@]}" \
    -kernel "$root_dir/boot/vmlinuz-$(kernel_version)" -initrd "$out/initrd.img" \
    -append "console=ttyS0 quiet log_buf_len=16M panic=-1 intel_iommu=on no_timer_check" \
    -serial "file:$out/console.log" -serial "file:$out/bind.raw" </dev/null >"$out/qemu.log" 2>&1
}

main() {
  "$vm_dir/images/debian-root.sh"
  rm -rf "$out/initrd"
  mkdir -p "$out"
  make_files "$out/initrd"
  make_initrd "$out/initrd" "$out/initrd.img"
  say "booting with $functions functions, counting instructions (some minutes)"
  boot || true
  tr -d '\r' <"$out/bind.raw" >"$out/bind.txt"
  if [[ $(tail -n 1 "$out/bind.txt") != end ]] || grep -v '^\(time\|trace\) ' "$out/bind.txt" | grep -qvx end; then
    tail -n 30 "$out/console.log" >&2
    grep -v '^trace ' "$out/bind.txt" | tail -n 30 >&2
    die "not all measurements were made"
  fi
}

main
