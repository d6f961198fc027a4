#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# whole-boot.sh OUT: measures a boot from the kernel's start to the first unit of the real root, in instructions as in
# bind.sh. Dracut's image with systemd, on a machine with eight functions: without passthru; with the kernel's own
# options, vfio-pci.ids= and rd.driver.pre=vfio-pci, for all eight; with passthru and no rule, one, and eight. Writes
# to OUT/whole.txt lines
#   whole WAY MICROSECONDS IDLE
# the time in which the processor was not idle, and that in which it was: five for each way. A second boot of the same
# takes the same time to the nanosecond, but any change, such as one more word on the kernel command line, has systemd
# and udev do things in another order, which is up to 25 ms more or less. To OUT/phases.txt, from one more boot of
# some of them in which systemd's messages are in the kernel's log,
#   phase WAY MICROSECONDS MESSAGE
# JOBS= is the number of boots at a time.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"

out=$1
functions=8
boots=5
# A disk would answer when it does, while guest time jumps from timer to timer.
# shellcheck disable=SC2054 # the commas are QEMU's
root_in_memory=(-M nvdimm=on -m 1024,slots=1,maxmem=4G
  -object "memory-backend-file,id=root,mem-path=$suite_dir/disk.img,size=1G,readonly=on,share=on"
  -device nvdimm,memdev=root,unarmed=on)
# Of each way: the image, how many functions a rule is for, how many are to be bound, and the kernel's options.
way_of() {
  case $1 in
    none) image=systemd-bench-none rules=0 bound=0 options="" ;;
    ids) image=systemd-bench-ids rules=0 bound=$functions options="vfio-pci.ids=1b36:0005 rd.driver.pre=vfio-pci" ;;
    passthru-0) image=systemd-bench rules=0 bound=0 options="" ;;
    passthru-1) image=systemd-bench rules=1 bound=1 options="" ;;
    passthru-8) image=systemd-bench rules=8 bound=$functions options="" ;;
  esac
}

# make_image WAY: OUT/whole/WAY.img, the image with the rules.
make_image() {
  local way=$1 dir=$out/whole/$1 number
  way_of "$way"
  rm -rf "$dir"
  mkdir -p "$dir/etc"
  for ((number = 0; number < rules; number++)); do
    printf '[device test%d]\naddress = 0000:01:%02x.0\nid = 1b36:0005\n' "$number" "$number"
  done >"$dir/etc/passthru.conf"
  cp "$suite_dir/images/$image.img" "$dir.img"
  ((!rules)) || append_files "$dir" "$dir.img"
}

# boot WAY NUMBER|phases: OUT/whole/WAY-NUMBER.txt or WAY-phases.txt is what passthru-bench.service sends.
boot() {
  local way=$1 what=$2 number devices name=$out/whole/$1-$2 log=""
  way_of "$way"
  devices=(-device "pci-bridge,id=bridge,chassis_nr=1,shpc=off,addr=2" "${root_in_memory[@]}")
  for ((number = 0; number < functions; number++)); do
    devices+=(-device "pci-testdev,bus=bridge,addr=$(printf %x "$number")")
  done
  [[ $what != phases ]] || log="systemd.log_target=kmsg systemd.log_level=info printk.devkmsg=on"
  boot_counting 900 "$out/whole/$way.img" "root=/dev/pmem0 ro rd.skipfsck rd.shell=0 rd.emergency=poweroff net.ifnames=0 \
    init=/usr/lib/systemd/systemd systemd.wants=passthru-bench.service $options $log bench=$what" "$name" "${devices[@]}" ||
    true
  if ! grep -qx end "$name.txt" || ! grep -qx "bound=$bound" "$name.txt"; then
    tail -n 20 "$name.log" "$name.txt" >&2
    die "no figure of a boot: $way"
  fi
}

# figure_of WAY NUMBER: a line of whole.txt.
figure_of() {
  awk -F= -v way="$1" '$1 == "now" { now = $2 } $1 ~ /_sleeptime$/ { idle += $2 }
    END { printf "whole %s %.0f %.0f\n", way, (now - idle) / 1000, idle / 1000 }' "$out/whole/$1-$2.txt"
}

# Lines of the kernel's log, "[SECONDS] systemd[1]: MESSAGE".
phases_of() {
  sed -n 's/^\[ *\([0-9]*\)\.\([0-9]*\)\] systemd\[1\]: \(.*\)/\1\2 \3/p' "$out/whole/$1-phases.txt" |
    sed "s/^0*\([0-9]\)/phase $1 \1/"
}

main() {
  local installed way image rules bound options number
  local ways=(none ids passthru-0 passthru-1 passthru-8)
  "$vm_dir/images/debian-root.sh"
  installed=$("$vm_dir/images/install.sh")
  "$vm_dir/images/disk.sh" "$installed"
  mkdir -p "$out/whole"
  rm -f "$out"/whole/*.txt
  for way in "${ways[@]}"; do
    way_of "$way"
    "$vm_dir/images/image.sh" "$image" "$installed"
    make_image "$way"
  done
  say "whole boots: ${#ways[@]} ways, $boots times"
  {
    for ((number = 0; number < boots; number++)); do
      printf "%s $number\\n" "${ways[@]}"
    done
    printf '%s phases\n' none passthru-8
  } | xargs -P "${JOBS:-$(nproc)}" -L 1 "$0" "$out" boot
  for way in "${ways[@]}"; do
    for ((number = 0; number < boots; number++)); do
      figure_of "$way" "$number"
    done
  done >"$out/whole.txt"
  for way in none passthru-8; do
    phases_of "$way"
  done >"$out/phases.txt"
}

if [[ ${2-} == boot ]]; then boot "${@:3}"; else main; fi
