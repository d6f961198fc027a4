# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the benchmarks, in addition to tests/vm/lib/common.sh. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/vm/lib/common.sh
source "$bench_dir/../vm/lib/common.sh"
agent=$build_dir/passthru-init # not stripped, which makes no difference at run time

# add_modules DIR TREE MODULE...: adds these modules of the Debian root TREE, their dependencies, and the indexes.
add_modules() {
  local dir=$1 tree=$2 kernel module
  shift 2
  kernel=$(kernel_version)
  mkdir -p "$dir/usr/lib/modules/$kernel"
  ln -sfn usr/lib "$dir/lib"
  cp "$tree/usr/lib/modules/$kernel"/modules.* "$dir/usr/lib/modules/$kernel/"
  for module in "$@"; do
    modprobe -d "$tree" -S "$kernel" --show-depends "$module"
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

# add_driverctl DIR: Debian's, only a shell script: no need to install its dependencies.
add_driverctl() {
  local downloads=$build_dir/cache/driverctl
  mkdir -p "$downloads"
  [[ -n $(find "$downloads" -name '*.deb') ]] || (cd "$downloads" && apt-get -qq download driverctl 2>/dev/null) ||
    die "apt cannot fetch driverctl"
  dpkg-deb -x "$downloads"/driverctl_*.deb "$downloads/files"
  install -D "$downloads/files/usr/sbin/driverctl" "$1/usr/sbin/driverctl"
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

# boot_counting LIMIT IMAGE CMDLINE OUT [QEMU-OPTION...]: one boot that counts instructions: one processor and -icount,
# so guest time is the number of instructions in nanoseconds, the same on any machine, however busy. What the guest
# sends to its second serial port is OUT.txt, its console OUT.log. The kernel's log is large, so that no way is slowed
# down by the lines of those before it.
boot_counting() {
  local status=0
  timeout --kill-after=5 "$1" qemu-system-x86_64 \
    -M "q35,kernel-irqchip=split,accel=tcg" -cpu qemu64 -smp 1 -m 1024 -icount shift=0,sleep=off \
    -seed 1 -rtc base=2026-01-01,clock=vm \
    -nodefaults -display none -no-reboot -device "intel-iommu,intremap=on" "${@:5}" \
    -kernel "$root_dir/boot/vmlinuz-$(kernel_version)" -initrd "$2" \
    -append "console=ttyS0 quiet log_buf_len=16M panic=-1 intel_iommu=on no_timer_check $3" \
    -serial "file:$4.log" -serial "file:$4.raw" </dev/null >"$4.qemu" 2>&1 || status=$?
  tr -d '\r' <"$4.raw" >"$4.txt"
  return "$status"
}
