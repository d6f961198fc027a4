#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# case.sh NAME IMAGE OUT [VARIANT]: runs one case on one image, prints one TAP line without a
# number, and below a failed one what was expected and what there was.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/vm/lib/expect.sh
source "$vm_dir/lib/expect.sh"

name=$1 image=$2 out=$3 variant=${4-}
label="$name${variant:+.$variant} on $image"

# What a case may say. conf and overlay are functions, so that they can use the above.
title="" cmdline="" boot=("$vm_dir/boot.sh")
# What the overlay goes on top of.
base=$suite_dir/images/$image.img
conf() { :; }     # prints an /etc/passthru.conf that takes the place of the image's
overlay() { :; }  # overlay DIR: puts files into DIR that take the place of the image's
commands() { :; } # prints a POSIX sh script, run in the real root: commands.txt is what it says
# shellcheck source=/dev/null
source "$vm_dir/cases/$name.sh"

make_initrd() {
  local dir=$out/overlay
  mkdir -p "$dir/etc"
  conf >"$dir/etc/passthru.conf"
  [[ -s $dir/etc/passthru.conf ]] || rm "$dir/etc/passthru.conf"
  overlay "$dir"
  cp "$base" "$out/initrd"
  append_files "$dir" "$out/initrd"
}

give_commands() {
  commands >"$out/commands"
  [[ ! -s $out/commands ]] || devices+=(-fw_cfg "name=opt/passthru/commands,file=$out/commands")
}

# Tolerates everything: whatever there is may be incomplete.
show_failure() {
  printf '#   %s\n' "${failures[@]}"
  if [[ -e $out/devices.txt ]]; then
    sed 's/^/#   sysfs: /' "$out/devices.txt"
    sed 's/^/#   commands: /' "$out/commands.txt"
    jq -c '.devices[], .findings[]' "$out/report.json" 2>&1 | sed 's/^/#   report: /'
    sed -n 's/.*passthru: /#   log: passthru: /p' "$out/dmesg.txt"
    [[ ! -e $out/journal.txt ]] || sed -n 's/.*\(udev.*Process .*passthru.*\)/#   journal: \1/p' "$out/journal.txt"
  else
    tail -n 30 "$out/qemu.log" "$out/console.log" | tr -d '\r' | sed 's/^/#   /'
  fi
}

main() {
  rm -rf "$out"
  mkdir -p "$out"
  make_initrd
  give_commands
  if "${boot[@]}" "$out" "$out/initrd" "$cmdline" "${devices[@]}"; then
    expect
  else
    fail "the real root was not reached"
  fi
  rm "$out/initrd"
  if ((${#failures[@]})); then
    echo "not ok - $label: $title"
    show_failure || true
  else
    echo "ok - $label: $title"
  fi
}

main
