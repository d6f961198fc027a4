# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by all scripts of tests/vm. Sourced, bash.
# shellcheck shell=bash disable=SC2034

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
top_dir=$(cd "$vm_dir/../.." && pwd)
build_dir=$(cd "$top_dir" && realpath -m "${BUILD:-build}")
suite=${SUITE:-bookworm}
suite_dir=$build_dir/vm/$suite
root_dir=$suite_dir/root

# The devices of every case and of the demo, for each of which the host has a driver: a NIC at
# 00:02.0, an NVMe disk at 00:03.0 and a USB controller at 00:04.0.
# shellcheck disable=SC2054 # the commas are QEMU's
devices=(
  -device "e1000e,addr=2,romfile="
  -blockdev driver=null-co,node-name=null,read-zeroes=on,size=16777216
  -device nvme,drive=null,serial=null,addr=3
  -device qemu-xhci,addr=4
)

# A slot with two functions that the kernel cannot isolate, 00:05.0 and 00:05.1: one IOMMU group.
# shellcheck disable=SC2054 # the commas are QEMU's
two_functions=(
  -blockdev driver=null-co,node-name=null0,read-zeroes=on,size=16777216
  -device "nvme,drive=null0,serial=null0,addr=5.0,multifunction=on"
  -blockdev driver=null-co,node-name=null1,read-zeroes=on,size=16777216
  -device "nvme,drive=null1,serial=null1,addr=5.1"
)

# An NVMe controller with SR-IOV, 01:00.0, and up to seven VFs, 01:00.1 to 01:00.7.
# shellcheck disable=SC2054 # the commas are QEMU's
sriov_nvme=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8" -device nvme-subsys,id=subsystem
  -device "nvme,serial=sriov,subsys=subsystem,bus=port1,sriov_max_vfs=7,sriov_vq_flexible=14,sriov_vi_flexible=7,max_ioqpairs=18,msix_qsize=10"
)

# Two empty hot-plug slots, 01:00.0 and 02:00.0.
empty_ports=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8"
  -device "pcie-root-port,id=port2,chassis=2,addr=9"
)

# Progress goes to stderr, since stdout is TAP. Times count from the start of the first script.
export vm_started=${vm_started:-$EPOCHSECONDS}
say() {
  printf '# %3ds  %s\n' "$((EPOCHSECONDS - vm_started))" "$*" >&2
}

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The Debian root is owned by root. Nothing else needs privileges, not even the boots.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

# The version of the kernel in the Debian root; with FLAVOUR=cloud, of its second kernel.
kernel_version() {
  local vmlinuz
  vmlinuz=$(find "$root_dir/boot" -name "vmlinuz-*[0-9]-${FLAVOUR:+$FLAVOUR-}amd64" -print -quit)
  [[ $vmlinuz ]] || die "no kernel in $root_dir/boot"
  printf '%s\n' "${vmlinuz##*/vmlinuz-}"
}

# lock PRODUCT: until this script ends, only it can make PRODUCT. Boots that need the same product run
# in parallel, and so may `make check` and `make vm`.
lock() {
  exec {lock_fd}>"$1.lock"
  flock "$lock_fd"
}

# For the Debian root and what is installed in it.
lock_suite() {
  mkdir -p "$suite_dir"
  lock "$suite_dir/root"
}

# is_current FILE KEY: FILE is there and was made for KEY, a digest of all that it depends on.
is_current() {
  [[ -e $1 && -e $1.key && $(<"$1.key") == "$2" ]]
}

# stage_passthru FOLDER: makes FOLDER and runs `make install` into it. A make that called this must not
# pass on its job server or its options.
stage_passthru() {
  rm -rf "$1"
  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
    make -s -C "$top_dir" install ${BUILD:+BUILD="$BUILD"} DESTDIR="$1" PREFIX=/usr INSTALL_STRIP=1 >&2
}

# The last output of images/install.sh, for what is made only when a test needs it.
digest_of_installed() {
  cut -d' ' -f1 "$suite_dir/installed.key"
}

# entry_in INITRD PATH: the offset of the first entry PATH in the archives of INITRD.
entry_in() {
  LC_ALL=C grep -abo -m 1 "070701[0-9A-F]\{104\}$2" "$1" | sed 's/:.*//; q'
}

# append_files FOLDER INITRD: appends the files below FOLDER as another archive. The kernel unpacks the
# archives in order, so these files replace earlier ones.
append_files() {
  truncate -s %4 "$2" # where the kernel expects the next archive
  (cd "$1" && find . | cpio --quiet -o -H newc -R 0:0) >>"$2"
}

# digest ARG... <INPUT: a digest of the arguments and standard input.
digest() {
  {
    printf '%s\n' "$@"
    cat
  } | sha256sum | cut -d' ' -f1
}
