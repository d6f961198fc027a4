#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# case.sh NAME IMAGE OUT [VARIANT]: runs one case on one image and prints one TAP line without a
# number. If it fails, this is followed by the failed assertions and by what the boot reported.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/vm/lib/expect.sh
source "$vm_dir/lib/expect.sh"

name=$1 image=$2 out=$3 variant=${4-}
label="$name${variant:+.$variant} on $image"

# What a case can set. conf, overlay and commands are functions, so that they can use $variant, $out, ...
title="" cmdline="" boot=("$vm_dir/boot.sh")
# The image to which the overlay is appended.
base=$suite_dir/images/$image.img
conf() { :; }     # prints an /etc/passthru.conf that replaces that of the image
overlay() { :; }  # overlay DIR: puts files into DIR that replace those of the image
commands() { :; } # prints a POSIX sh script for the real root; its output is in commands.txt
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

# Any of the files may be missing or incomplete.
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
