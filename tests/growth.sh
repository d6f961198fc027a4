#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# growth.sh [--full] [BUILD]: nothing in the programs grows faster than its input. One boot in QEMU runs them on
# directories with a little of something, with n, and with 4n of it, and counts instructions, those of the kernel too:
# what is above the little must not be more than 4.6 times as much for 4n. Prints TAP. --full: n is a quarter of what
# the programs are made for; prints lines `growth ROW SIZE MICROSECONDS KIB STATUS` for docs/performance.md.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/bench/lib.sh"

full=no
[[ ${1-} != --full ]] || {
  full=yes
  shift
}
[[ ! ${1-} ]] || build_dir=$(realpath "$1")
out=$build_dir/bench/growth
agent=$build_dir/passthru-init

# Row of growth-init; the little, n of `make check`, the full 4n; the row's title.
rows='
lines    1000    8000   100000   lines of configuration
absent   64      256    65536    devices, a rule for an absent one to each 16
fstab    16      500    16000    lines of fstab
kmsg     100     5000   1000000  records of the kernel log
ids      16      500    80000    ids of an option of vfio-pci, at boot
ids-import 16    500    80000    ids of an option of vfio-pci, imported
verify   16      64     4000     claimed devices, --verify
boot     16      128    16384    devices of one rule, at boot
status   16      300    65536    devices in the report, passthru status
record   16      300    65536    devices in the report, --verify
hosts    4       25     1000     recorded hosts, check --host
domains  16      300     16384    PCI domains that a driver made, check --host
bridges  16      300     16384    functions behind bridges that have no reset, check --host
announce 16      250     4096     rules that the stub drivers are told, four devices to each
alike    16      250     16384    devices of a kind that the host needs, planned
divided  16      250     16384    devices on which VFs are to be enabled, planned
'

# sizes: lines `ROW LITTLE N 4N`.
sizes() {
  awk -v full="$full" 'NF { n = full == "yes" ? $4 / 4 : $3; print $1, $2, n, 4 * n }' <<<"$rows"
}

# build_plan_many FILE: with the code of the programs.
build_plan_many() {
  "${CC:-cc}" -O2 -static -Wall -D_GNU_SOURCE -I"$top_dir/src" -o "$1" "$bench_dir/plan-many.c" \
    "$build_dir/obj/libpassthru.a"
}

make_files() {
  local dir=$out/files
  rm -rf "$dir"
  install -D "$bench_dir/growth-init" "$dir/init"
  build_programs "$dir" stopwatch make-tree make-lines
  build_plan_many "$dir/bench/plan-many"
  sizes >"$dir/bench/sizes"
  install -D -m 644 -t "$dir/hosts" "$top_dir"/tests/hosts/*.host
  install -D "$build_dir/passthru" "$dir/usr/bin/passthru"
  add_programs "$dir" / "$(realpath --relative-to=/ "$build_dir/passthru" | sed 's|^|/|')"
  make_initrd "$dir" "$out/image.img"
}

boot() {
  boot_counting 1500 "$out/image.img" "" "$out/boot" -m "$([[ $full == yes ]] && echo 6144 || echo 1024)" || true
  if [[ $(tail -n 1 "$out/boot.txt") != end ]] || grep -v '^growth ' "$out/boot.txt" | grep -qvx end; then
    tail -n 20 "$out/boot.log" "$out/boot.txt" | sed 's/^/# /'
    echo "not ok - growth: not all rows were measured"
    return 1
  fi
}

# Of each row a TAP line, in the order of growth-init.
judge() {
  awk -v limit=4.6 '
    FILENAME != "-" {
      row = $1
      $1 = $2 = $3 = $4 = ""
      titles[row] = substr($0, 5)
      next
    }
    $1 != "growth" { next }
    { us[$2, ++count[$2]] = $4; size[$2, count[$2]] = $3; if (count[$2] == 1) order[++rows] = $2 }
    END {
      for (i = 1; i <= rows; i++) {
        row = order[i]
        few = (us[row, 2] - us[row, 1]) / (size[row, 2] - size[row, 1])
        many = (us[row, 3] - us[row, 1]) / (size[row, 3] - size[row, 1])
        ratio = few > 0 ? 4 * many / few : 99
        good = ratio <= limit
        printf "%sok %d - growth: %d %s: %.2f times the instructions of %d\n", good ? "" : "not ", i, size[row, 3],
          titles[row], ratio, size[row, 2]
        if (!good) {
          for (j = 1; j <= 3; j++)
            printf "#   %d: %d thousand instructions\n", size[row, j], us[row, j]
          bad = 1
        }
      }
      print "1.." rows + 0
      exit bad || !rows
    }' "$1" - <"$out/boot.txt"
}

main() {
  "$vm_dir/images/debian-root.sh"
  mkdir -p "$out"
  make_files
  boot || exit
  if [[ $full == yes ]]; then
    grep '^growth ' "$out/boot.txt"
  else
    echo "$rows" >"$out/titles"
    judge "$out/titles"
  fi
}

main
