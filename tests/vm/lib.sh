# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts of tests/vm share. Sourced, bash.
# shellcheck shell=bash disable=SC2034

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top_dir=$(cd "$vm_dir/../.." && pwd)
build_dir=$(cd "$top_dir" && realpath -m "${BUILD:-build}")
suite=${SUITE:-bookworm}
suite_dir=$build_dir/vm/$suite
root_dir=$suite_dir/root

# The machine of every case and of the demo: three devices that the host's drivers want, a
# NIC at 00:02.0, an NVMe disk at 00:03.0 and a USB controller at 00:04.0.
# shellcheck disable=SC2054 # the commas are QEMU's
devices=(
  -device "e1000e,addr=2,romfile="
  -blockdev driver=null-co,node-name=null,read-zeroes=on,size=16777216
  -device nvme,drive=null,serial=null,addr=3
  -device qemu-xhci,addr=4
)

# A slot with two functions that the kernel cannot keep apart, 00:05.0 and 00:05.1: one group.
# shellcheck disable=SC2054 # the commas are QEMU's
two_functions=(
  -blockdev driver=null-co,node-name=null0,read-zeroes=on,size=16777216
  -device "nvme,drive=null0,serial=null0,addr=5.0,multifunction=on"
  -blockdev driver=null-co,node-name=null1,read-zeroes=on,size=16777216
  -device "nvme,drive=null1,serial=null1,addr=5.1"
)

# Progress goes to stderr: stdout is TAP. The time is that since the first script began.
export vm_started=${vm_started:-$EPOCHSECONDS}
say() {
  printf '# %3ds  %s\n' "$((EPOCHSECONDS - vm_started))" "$*" >&2
}

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The Debian root belongs to root. Everything else, the boots included, needs no privilege.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

# kernel_version [FLAVOUR]: of the Debian root's kernel, or of the second one it has.
kernel_version() {
  local vmlinuz
  vmlinuz=$(find "$root_dir/boot" -name "vmlinuz-*[0-9]-${1:+$1-}amd64" -print -quit)
  [[ $vmlinuz ]] || die "no kernel ${1-} in $root_dir/boot"
  printf '%s\n' "${vmlinuz##*/vmlinuz-}"
}

# One builder at a time: `make check` and `make vm` may run side by side.
lock_suite() {
  mkdir -p "$suite_dir"
  exec {lock_fd}>"$suite_dir/lock"
  flock "$lock_fd"
}

# is_current FILE KEY: FILE was made from what KEY stands for.
is_current() {
  [[ -e $1 && -e $1.key && $(<"$1.key") == "$2" ]]
}

# digest ARG... <INPUT: one word for the arguments and standard input.
digest() {
  {
    printf '%s\n' "$@"
    cat
  } | sha256sum | cut -d' ' -f1
}
