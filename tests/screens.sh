#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# screens.sh BUILD DIRECTORY: writes what each command of passthru prints to DIRECTORY, a file NAME.txt for each row
# of tests/programs/screens: in a pipe, and on terminals of 80 and of 120 columns. The machine is that of the demo.
# It is the same for everybody, so tests/programs/screens.sh compares it with what is in the tree.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
# shellcheck source=tests/demo-tree.sh
source tests/demo-tree.sh

build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- the machines, which the second column names

machine_bare() {
  demo_tree "$build" "$1"
}

# With the rules of README.md.
machine_rules() {
  demo_tree "$build" "$1"
  demo_rules "$1"
}

# And booted with them.
machine_booted() {
  machine_rules "$1"
  demo_boot "$build" "$1"
}

# After that the network card was given to its driver, and a line was added.
machine_changed() {
  machine_booted "$1"
  demo_bind "$1" 0000:00:02.0 e1000e
}

machine_stale() {
  machine_booted "$1"
  echo "iommu = warn" >>"$1/etc/passthru.conf"
}

machine_errors() {
  demo_tree "$build" "$1"
  printf '%s\n' "[device nic]" "adress = 00:02.0" >"$1/etc/passthru.conf"
}

# Rules for a device that is not there, for one that the host needs, and for a bridge.
machine_refused() {
  demo_tree "$build" "$1"
  printf '%s\n' "[device gone]" "address = 00:09.0" "[device disk]" "class = 01" "[device lpc]" "class = 06" \
    >"$1/etc/passthru.conf"
}

machine_off() {
  machine_rules "$1"
  echo "ro intel_iommu=off" >"$1/proc/cmdline"
  rm -r "$1"/sys/class/iommu "$1"/sys/devices/pci0000:00/*/iommu{,_group}
}

# --- the screens

# rows: "NAME MACHINE COMMAND..." for each row of the table.
rows() {
  sed '/^#/d; /^$/d' tests/programs/screens
}

# What one terminal shows: all rows, a line "=== NAME" before each. $1 is a folder with the machines.
show_all() {
  local name machine line words
  while read -r name machine line; do
    echo "=== $name"
    read -ra words <<<"$line"
    case ${words[0]} in
      help | explain | -*) ;;
      *) words=("${words[0]}" --root "$1/$machine" "${words[@]:1}") ;;
    esac
    "$build/passthru" "${words[@]}" 2>&1 </dev/null || echo "(exit status $?)"
  done < <(rows)
}

# shown COLUMNS: all rows on a terminal; "" is a pipe.
shown() {
  cp -a "$work/machines" "$work/here"
  if [[ $1 ]]; then
    # script starts $SHELL, where there is none /bin/sh.
    env -u NO_COLOR -u COLUMNS SHELL="$BASH" TERM=xterm SYSTEMD_PAGER='' PAGER='' script -qec "stty cols $1 -onlcr; $(declare -f rows show_all); build=$build; show_all $work/here" /dev/null </dev/null
  else
    show_all "$work/here"
  fi | sed "s/\r\$//; s/\x1b/\\\\e/g; s|$work/here/[a-z]*||g; s/passthru\\(-init\\)\\? $(<VERSION)/passthru\\1 VERSION/g"
  rm -r "$work/here"
}

# screen NAME FILE: what the row NAME shows in FILE.
screen() {
  awk -v name="$1" '/^=== / { on = $2 == name; next } on' "$2"
}

for machine in $(rows | awk '{ print $2 }' | sort -u); do
  mkdir -p "$work/machines/$machine"
  "machine_$machine" "$work/machines/$machine"
done
for columns in "" 80 120; do
  shown "$columns" >"$work/$columns.shown"
done
mkdir -p "$2"
while read -r name machine line; do
  screen "$name" "$work/.shown" >"$work/pipe"
  {
    echo "\$ passthru $line"
    cat "$work/pipe"
    for columns in 80 120; do
      screen "$name" "$work/$columns.shown" >"$work/terminal"
      if cmp -s "$work/pipe" "$work/terminal"; then
        echo "--- $columns columns: the same"
      else
        echo "--- $columns columns"
        cat "$work/terminal"
      fi
    done
  } >"$2/$name.txt"
done < <(rows)
