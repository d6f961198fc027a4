#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# trial-power.sh OUT INITRD CMDLINE [QEMU-OPTION...]: cuts the power of the small host under UEFI at $POINTS
# moments while a trial is begun, and as many while it is proven; boots it twice after each of the first, once
# after each of the others. OUT/results.txt gets a line for each moment: begin|prove NUMBER, then of each boot
# the state of the trial and whether the device was bound. The case's commands see the boot's part in $part
# (cmdline): arm, prove or nothing.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

out=$1 initrd=$2 cmdline=$3
shift 3
points=${POINTS:-10}

# boot NAME PART ARG...: one whole boot, with its files in OUT/NAME.
boot() {
  local name=$1 part=$2
  shift 2
  rm -rf "${out:?}/$name" # the console of the boot before
  UEFI=$out/vars.fd "$vm_dir/boot.sh" "$out/$name" "$out/initrd" "$cmdline passthru-test.part=$part" "$@"
}

# cut NAME PART REGEX DELAY ARG...: one that ends DELAY seconds after the console has a line like REGEX.
cut_boot() {
  local name=$1 part=$2 regex=$3 delay=$4 pid tries
  shift 4
  rm -rf "${out:?}/$name"
  set -m
  boot "$name" "$part" "$@" &
  pid=$!
  set +m
  for ((tries = 0; tries < 3600; tries++)); do
    ! grep -Eqs "$regex" "$out/$name/console.log" || break
    kill -0 "$pid" 2>/dev/null || die "boot $name ended, without a line '$regex'"
    sleep 0.05
  done
  sleep "$delay"
  kill -KILL -- "-$pid"
  wait "$pid" 2>/dev/null || true
}

# state_of NAME: what came of the trial in that boot.
state_of() {
  jq -r '"\(.trial.state) \([.devices[].state] | join(","))"' "$out/$1/report.json" || echo unknown
}

# moment KIND NUMBER PART REGEX STEP ARG...: STEP * NUMBER^2 seconds after that line, so that slow machines get
# behind the write as well.
moment() {
  local kind=$1 number=$2 part=$3 regex=$4 delay
  delay=$(awk -v n="$number" -v step="$5" 'BEGIN { print n * n * step }')
  shift 5
  cp "$out/$kind.fd" "$out/vars.fd"
  cut_boot cut "$part" "$regex" "$delay" "$@"
  boot after none "$@"
  [[ $kind == prove ]] || boot again none "$@"
  echo "$kind $number $(state_of after) $([[ $kind == prove ]] || state_of again)" >>"$out/results.txt"
}

main() {
  local i
  mv "$initrd" "$out/initrd.base"
  cp "$out/initrd.base" "$out/initrd"
  boot arm arm "$@"
  mkdir "$out/into"
  tar -C "$out/into" -xf "$out/arm/into.tar"
  append_files "$out/into" "$out/initrd"
  cp "$out/vars.fd" "$out/begin.fd"
  for ((i = 0; i < points; i++)); do
    moment begin "$i" none 'Give PCI devices to their stub' 0.04 "$@"
  done
  # A host that boots on trial, and proves it.
  cp "$out/begin.fd" "$out/prove.fd"
  for ((i = 0; i < points; i++)); do
    moment prove "$i" prove 'passthru-test: prove' 0.02 "$@"
  done
  cp "$out/after"/*.* "$out/"
}

main "$@"
