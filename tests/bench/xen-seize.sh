#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long it takes to seize NVMe functions in a Xen dom0, where xen-pciback resets each of
# them for 100 ms: one after the other by shell writes, and by the agent. One boot in QEMU,
# emulated in full, so only the ratios mean something. Prints a table; see xen-seize-init.
set -euo pipefail
bench_dir=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/vm/lib.sh
source "$bench_dir/../vm/lib.sh"
# shellcheck source=tests/vm/xen-lib.sh
source "$vm_dir/xen-lib.sh"

out=$build_dir/bench/xen-seize
functions=16

# The kernel's indexes and two modules of the Debian root, busybox and the agent.
make_initrd() {
  local dir=$out/initrd kernel modules module
  kernel=$(kernel_version)
  modules=usr/lib/modules/$kernel
  mkdir -p "$dir/$modules" "$dir/bin"
  ln -s usr/lib "$dir/lib"
  ln -s busybox "$dir/bin/sh"
  cp "$root_dir/usr/bin/busybox" "$dir/bin/"
  install -D "$build_dir/passthru-init" "$dir/usr/lib/passthru/passthru-init"
  install "$bench_dir/xen-seize-init" "$dir/init"
  cp "$root_dir/$modules"/modules.* "$dir/$modules/"
  for module in xen-pciback xen-privcmd; do
    module=$(cd "$root_dir" && find "$modules" -name "$module.ko")
    install -D "$root_dir/$module" "$dir/$module"
  done
  (cd "$dir" && find . | cpio --quiet -o -H newc -R 0:0) >"$out/initrd.img"
}

boot() {
  local load number devices=()
  for ((number = 1; number <= functions; number++)); do
    devices+=(-device "nvme,serial=$number,addr=$(printf %x $((number + 1)))")
  done
  # shellcheck disable=SC2034 # read by xen_load
  XEN=""
  xen_load "$root_dir/boot/vmlinuz-$(kernel_version)" "$out/initrd.img" \
    "console=hvc0 quiet panic=-1"
  timeout --kill-after=5 180 qemu-system-x86_64 \
    -M "q35,kernel-irqchip=split,accel=tcg" -cpu qemu64 -smp 1 -nodefaults -display none -no-reboot \
    -device "intel-iommu,intremap=on" "${devices[@]}" "${load[@]}" \
    -serial "file:$out/console.log" -serial "file:$out/times.txt" </dev/null >"$out/qemu.log" 2>&1
}

# The medians of the three rounds. The agent seizes in what it takes the first time and not again.
table() {
  tr -d '\r' <"$out/times.txt" | sort -k1,1 -k2,2n -k3,3n | awk '
    NF == 3 && ++seen[$1, $2] == 2 { ms[$1, $2] = $3 }
    END {
      print "               shell,               of this   seizing against"
      print "NVMe functions in turn      agent   seizing   shell   one function"
      for (n = 1; n <= 16; n += n == 1 ? 7 : 8) {
        seizing[n] = ms["agent", n] - ms["again", n]
        printf "%14d %4d ms   %5d ms  %5d ms   1/%.1f   x %.1f\n", n, ms["shell", n],
          ms["agent", n], seizing[n], ms["shell", n] / seizing[n], seizing[n] / seizing[1]
      }
    }'
}

main() {
  "$vm_dir/debian-root.sh"
  rm -rf "$out"
  mkdir -p "$out"
  make_initrd
  say "booting Xen with $functions NVMe functions"
  boot || true
  if [[ $(grep -Ec '^(shell|agent|again) [0-9]+ [0-9]+' "$out/times.txt") != 27 ]]; then
    tail -n 30 "$out/console.log" "$out/times.txt" >&2
    die "not all measurements were made"
  fi
  table
}

main
