#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cold.sh OUT: measures the cold start: how long it takes from a boot without modules until PCI functions are bound to
# vfio-pci. Each way in a boot of its own, which counts instructions as in bind.sh: passthru-init; `modprobe vfio-pci`
# and the floor (floor.c); `modprobe vfio-pci ids=`, as dracut's rd.driver.pre and softdeps do it; driverctl. With the
# modules plain, and compressed with xz and zstd. Writes to OUT/cold.txt lines
#   cold MODULES WAY FUNCTIONS MICROSECONDS KIB
# JOBS= is the number of boots at a time.
set -euo pipefail
# shellcheck source=tests/bench/lib.sh
source "$(dirname "$0")/lib.sh"

out=$1

# A tree like the Debian root, in which the modules of vfio-pci are compressed; what the image build makes of them, too:
# Debian 12's kernel decompresses none, so the agent gets them unpacked (passthru(8), IMAGES).
make_tree() {
  local modules=$1 tree=$2 version file
  version=$(kernel_version)
  mkdir -p "$tree"/{etc,boot,usr/lib/modules}
  ln -s usr/lib "$tree/lib"
  cp -al "$root_dir/usr/lib/modules/$version" "$tree/usr/lib/modules/"
  cp "$root_dir/boot/config-$version" "$tree/boot/"
  [[ $modules != plain ]] || return 0
  rm -f "$tree/usr/lib/modules/$version"/modules.{dep,alias,softdep,symbols}*
  modprobe -d "$root_dir" -S "$version" --show-depends vfio-pci | awk '$1 == "insmod" { print $2 }' |
    sed 's|.*/lib/modules|usr/lib/modules|' | sort -u | while read -r file; do
    case $modules in
      xz) xz --check=crc32 --stdout "$tree/$file" >"$tree/$file.xz" ;;
      zstd) zstd --quiet --stdout "$tree/$file" >"$tree/$file.zst" ;;
    esac
    rm "$tree/$file"
  done
  /sbin/depmod -b "$tree" "$version"
}

# make_image MODULES: OUT/cold-MODULES.img, with all that any way needs.
make_image() {
  local modules=$1 tree=$out/cold/tree-$1 dir=$out/cold/$1
  rm -rf "$tree" "$dir"
  mkdir -p "$dir/etc" "$dir/bin"
  make_tree "$modules" "$tree"
  install "$bench_dir/cold-init" "$dir/init"
  install -D -t "$dir/bench" "$bench_dir/driverctl-each"
  build_programs "$dir" floor stopwatch
  add_modules "$dir" "$tree" vfio-pci
  "$build_dir/passthru" image --root "$tree" --into "$dir" --kernel "$(kernel_version)" 2>"$out/cold/$modules.log"
  add_programs "$dir" "$root_dir" /usr/bin/{bash,dash,realpath,cut,mkdir} /usr/sbin/modprobe
  ln -s /usr/bin/bash "$dir/bin/bash"
  ln -s usr/sbin "$dir/sbin"
  add_driverctl "$dir"
  make_initrd "$dir" "$out/cold-$modules.img"
}

# boot MODULES WAY FUNCTIONS: one figure, in a file of its own below OUT/cold. With many devices qboot is sooner done
# than SeaBIOS.
boot() {
  local modules=$1 way=$2 functions=$3 number devices=() name=$out/cold/$1-$2-$3
  for ((number = 0; number < functions; number++)); do
    devices+=(-device "pci-testdev,$(function_at $number)")
  done
  boot_counting 600 "$out/cold-$modules.img" "bench.way=$way" "$name" -bios /usr/share/qemu/qboot.rom \
    "${devices[@]}" || true
  if [[ $(tail -n 1 "$name.txt") != end || $(grep -vc '^cold ' "$name.txt") != 1 ]]; then
    tail -n 20 "$name.log" "$name.txt" >&2
    die "no figure of $way with $modules modules and $functions functions"
  fi
}

# How the module is compressed has nothing to do with how many functions there are.
list_boots() {
  local modules way functions
  for functions in 8 1 64 230; do
    for way in agent floor ids driverctl; do
      echo "plain $way $functions"
    done
  done
  for modules in xz zstd; do
    for way in agent floor ids; do
      echo "$modules $way 8"
    done
  done
}

main() {
  local modules way functions
  "$vm_dir/images/debian-root.sh"
  mkdir -p "$out/cold"
  rm -f "$out"/cold/*.txt
  for modules in plain xz zstd; do
    make_image "$modules"
  done
  say "cold starts: $(list_boots | wc -l) boots"
  list_boots | xargs -P "${JOBS:-$(nproc)}" -L 1 "$0" "$out" boot
  list_boots | while read -r modules way functions; do
    sed -n "s/^cold/cold $modules/p" "$out/cold/$modules-$way-$functions.txt"
  done >"$out/cold.txt"
}

if [[ ${2-} == boot ]]; then boot "${@:3}"; else main; fi
