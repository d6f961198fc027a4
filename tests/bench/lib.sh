# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the benchmarks, in addition to tests/vm/lib/common.sh. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/vm/lib/common.sh
source "$bench_dir/../vm/lib/common.sh"
agent=$build_dir/passthru-init # not stripped, which makes no difference at run time

# add_modules DIR MODULE...: adds these modules of the Debian root, their dependencies, and the indexes.
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

# add_programs DIR ROOT PATH...: adds programs of ROOT and the libraries that they are linked with.
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

# make_initrd DIR FILE: packs DIR, with busybox and the agent added, and DIR/init as PID 1.
make_initrd() {
  local dir=$1
  mkdir -p "$dir/bin"
  ln -sf busybox "$dir/bin/sh"
  cp "$root_dir/usr/bin/busybox" "$dir/bin/"
  install -D "$agent" "$dir/usr/lib/passthru/passthru-init"
  (cd "$dir" && find . | cpio --quiet -o -H newc -R 0:0) >"$2"
}

# build_programs DIR NAME...: builds programs of this folder into DIR/bench.
build_programs() {
  local dir=$1 program
  shift
  mkdir -p "$dir/bench"
  for program in "$@"; do
    "${CC:-cc}" -O2 -static -Wall -o "$dir/bench/$program" "$bench_dir/$program.c"
  done
}

# function_at NUMBER: prints QEMU's options for the NUMBERth function of a bus, counting from slot 1.
function_at() {
  printf 'addr=%x.%x' $(($1 / 8 + 1)) $(($1 % 8))
  if (($1 % 8 == 0)); then printf ',multifunction=on'; fi
}
