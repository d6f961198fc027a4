# SPDX-License-Identifier: GPL-2.0-or-later
# What the benchmarks share, on top of tests/vm/lib/common.sh. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/vm/lib/common.sh
source "$bench_dir/../vm/lib/common.sh"
agent=$build_dir/passthru-init # of the build, not stripped: that makes no difference to what runs

# add_modules DIR MODULE...: these and what they need, of the Debian root, and the kernel's indexes.
add_modules() {
  local dir=$1 kernel module
  shift
  kernel=$(kernel_version)
  mkdir -p "$dir/usr/lib/modules/$kernel"
  ln -sfn usr/lib "$dir/lib"
  cp "$root_dir/usr/lib/modules/$kernel"/modules.* "$dir/usr/lib/modules/$kernel/"
  for module in "$@"; do
    modprobe -d "$root_dir" -S "$kernel" --show-depends "$module"
  done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r module; do
    install -D -m 644 "$module" "$dir/usr/lib/modules/${module##*/lib/modules/}"
  done
}

# add_programs DIR ROOT PATH...: programs of ROOT with the libraries that they are linked with.
add_programs() {
  local dir=$1 root=$2 file
  shift 2
  {
    printf '%s\n' "$@"
    as_root chroot "$root" ldd "$@" | grep -o '/[^ ]*\.so[^ :]*'
  } | sort -u | while read -r file; do
    install -D "$root/$file" "$dir/$file"
  done
}

# make_initrd DIR FILE: with busybox, the agent, and DIR/init as PID 1.
make_initrd() {
  local dir=$1
  mkdir -p "$dir/bin"
  ln -sf busybox "$dir/bin/sh"
  cp "$root_dir/usr/bin/busybox" "$dir/bin/"
  install -D "$agent" "$dir/usr/lib/passthru/passthru-init"
  (cd "$dir" && find . | cpio --quiet -o -H newc -R 0:0) >"$2"
}

# build_programs DIR NAME...: the programs of this folder, into DIR/bench.
build_programs() {
  local dir=$1 program
  shift
  mkdir -p "$dir/bench"
  for program in "$@"; do
    "${CC:-cc}" -O2 -static -Wall -o "$dir/bench/$program" "$bench_dir/$program.c"
  done
}

# function_at NUMBER: QEMU's words for the place of the NUMBERth function of a bus, from slot 1.
function_at() {
  printf 'addr=%x.%x' $(($1 / 8 + 1)) $(($1 % 8))
  if (($1 % 8 == 0)); then printf ',multifunction=on'; fi
}
