#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hotplug.sh DEVICE OUT INITRD CMDLINE [QEMU-OPTION...]: runs boot.sh, or the script $BOOT, and
# hot-plugs DEVICE when inside/hotplug-init asks for it. DEVICE is an argument of device_add in QEMU's
# monitor.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

device=$1 out=$2
shift

plug_when_asked() {
  local line
  while read -r line; do
    if [[ $line == *"hotplug-init: plug "* ]]; then
      echo "device_add $device" >"$out/monitor.in"
      return
    fi
  done < <(tail -n +1 --pid=$$ -F "$out/console.log" 2>/dev/null)
}

main() {
  local status=0 helpers=()
  mkfifo "$out/monitor.in" "$out/monitor.out"
  cat "$out/monitor.out" >"$out/monitor.txt" &
  helpers+=($!)
  plug_when_asked &
  helpers+=($!)
  "${BOOT:-$vm_dir/boot.sh}" "$@" -monitor "pipe:$out/monitor" || status=$?
  kill "${helpers[@]}" 2>/dev/null || true
  rm -f "$out/monitor.in" "$out/monitor.out"
  exit "$status"
}

main "$@"
