# SPDX-License-Identifier: GPL-2.0-or-later
title="the agent needs 3 MiB of memory or less, loading vfio-pci included"
images=(systemd)
quick=yes

overlay() {
  local dir=$1/usr/lib/passthru
  mkdir -p "$dir"
  cp "$root_dir/usr/lib/passthru/passthru-init" "$dir/passthru-init.real"
  "${CC:-cc}" -Os -static -o "$dir/passthru-init" "$vm_dir/inside/peak-memory.c"
}

expect() {
  local peak
  taken 0000:00:02.0 vfio-pci
  # The highest of the run at boot and of those that udev starts.
  peak=$(sed -n 's/.*peak-memory: \([0-9]*\) KiB.*/\1/p' "$out/dmesg.txt" | sort -n | tail -n 1)
  ((${peak:-99999} <= 3072)) || fail "peak memory is ${peak:-unknown} KiB"
}
