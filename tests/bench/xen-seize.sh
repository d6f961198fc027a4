#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# xen-seize.sh OUT: measures how long it takes to seize NVMe functions in a Xen dom0, where the reset by
# xen-pciback takes 100 ms for each: by shell writes one after the other, and by the agent. One boot in
# QEMU; guest time counts instructions and includes sleeps. Writes OUT/xen.txt, see xen-seize-init.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/lib/xen.sh
source "$vm_dir/lib/xen.sh"

out=$1
functions=16

boot() {
  local load number devices=()
  for ((number = 1; number <= functions; number++)); do
    devices+=(-device "nvme,serial=$number,addr=$(printf %x $((number + 1)))")
  done
  # shellcheck disable=SC2034 # read by xen_load
  XEN=""
  xen_load "$root_dir/boot/vmlinuz-$(kernel_version)" "$out/xen.img" \
    "console=hvc0 quiet panic=-1"
  timeout --kill-after=5 900 qemu-system-x86_64 \
    -M "q35,kernel-irqchip=split,accel=tcg" -cpu qemu64 -smp 1 -icount shift=0,sleep=off -nodefaults -display none -no-reboot \
    -device "intel-iommu,intremap=on" "${devices[@]}" "${load[@]}" \
    -serial "file:$out/console.log" -serial "file:$out/xen.raw" </dev/null >"$out/qemu.log" 2>&1
}

main() {
  "$vm_dir/images/debian-root.sh"
  rm -rf "$out/xen"
  install -D "$bench_dir/xen-seize-init" "$out/xen/init"
  add_modules "$out/xen" "$root_dir" xen-pciback xen-privcmd
  make_initrd "$out/xen" "$out/xen.img"
  say "booting Xen with $functions NVMe functions"
  boot || true
  tr -d '\r' <"$out/xen.raw" >"$out/xen.txt"
  if [[ $(grep -Ec '^xen (shell|agent|again|verify) [0-9]+ [0-9]+$' "$out/xen.txt") != 36 ]]; then
    tail -n 30 "$out/console.log" "$out/xen.txt" >&2
    die "not all measurements were made"
  fi
}

main
