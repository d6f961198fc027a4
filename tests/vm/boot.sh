#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# boot.sh OUT INITRD CMDLINE [QEMU-OPTION...]: one boot in QEMU, fully emulated (TCG), with emulated
# VT-d. OUT gets console.log and the files that the real root sends: report.json, status.txt, status.rc,
# devices.txt, dmesg.txt, ... The exit status is 1 if the real root was not reached in time.
# Environment variables:
#   LIMIT        time limit in seconds
#   CONSOLE      the kernel's console
#   IOMMU        QEMU's IOMMU device in place of VT-d; empty for none
#   FLAVOUR      of the kernel
#   GRUB_DISK    if set: GRUB loads what the root disk's own configuration says, in place of INITRD and CMDLINE
#   XEN          if set, even to nothing: boots Xen with this command line, and Linux as dom0
#   UEFI         if set: UEFI starts the kernel, and keeps its variables in this file
#   LOADER       if set: the firmware loads the kernel and INITRD from a partition of its own, as lib/uefi.sh
#                says; SECOND is a second initrd, STUB another systemd-stub than that of the Debian root,
#                SECURE_BOOT if set enforces signatures
#   GRUB         if set: GRUB loads the kernel, INITRD, and this file as a second initrd
#   QEMU         the program
#   DISK         the root disk
# and for another root than the small one:
#   ROOT_DIR     the folder that has the kernel in boot/
#   APPEND       the kernel command line, before CMDLINE
#   DISK_MODE    further properties of QEMU's drive for DISK
#   ROOT_DEVICE  QEMU's device for DISK
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/vm/lib/xen.sh
source "$vm_dir/lib/xen.sh"
# shellcheck source=tests/vm/lib/grub.sh
source "$vm_dir/lib/grub.sh"
# shellcheck source=tests/vm/lib/uefi.sh
source "$vm_dir/lib/uefi.sh"

out=$1 initrd=$2 cmdline=$3
shift 3
limit=${LIMIT:-180}
root_dir=${ROOT_DIR:-$root_dir}
iommu=${IOMMU-intel-iommu,intremap=on}
console=${CONSOLE:-ttyS0,115200}
[[ ! -v XEN ]] || console=hvc0

# The adversaries: host drivers, loaded as early as the command line allows. rd.emergency=poweroff and
# panic=-1 end a broken boot at once; log_buf_len keeps the first lines of the log.
# shellcheck disable=SC2054
append=(
  "console=$console" root=/dev/vda ro init=/usr/lib/passthru-test/init intel_iommu=on
  rd.modules_load=e1000e rd.driver.pre=nvme
  panic=-1 rd.shell=0 rd.emergency=poweroff rd.skipfsck log_buf_len=1M net.ifnames=0 no_timer_check
)
[[ ! -v APPEND ]] || read -ra append <<<"console=$console $APPEND"

# shellcheck disable=SC2054 # the commas are QEMU's
machine=(
  -M "q35,kernel-irqchip=split,accel=tcg" -cpu qemu64 -smp 1 -m 512
  -nodefaults -display none -no-reboot
  ${iommu:+-device "$iommu"}
  -drive "if=none,id=root,file=${DISK:-$suite_dir/disk.img},format=raw,${DISK_MODE:-readonly=on}"
  -device "${ROOT_DEVICE:-virtio-blk-pci,drive=root,addr=0x10,multifunction=on}"
  -serial "file:$out/console.log" -serial "file:$out/sent.tar"
)

# unpack_sent: a firmware may have written to that serial port as well, so the archive is looked for: 257
# bytes before the magic of its first header.
unpack_sent() {
  local magic
  magic=$(grep -abo -m 1 ustar "$out/sent.tar" | head -n 1 | cut -d: -f1)
  tail -c "+$((${magic:-257} - 256))" "$out/sent.tar" | tar -C "$out" -xf -
}

main() {
  local kernel load
  kernel=$root_dir/boot/vmlinuz-$(kernel_version)
  load=(-kernel "$kernel" -initrd "$initrd" -append "${append[*]} $cmdline")
  [[ ! -v XEN ]] || xen_load "$kernel" "$initrd" "${append[*]} $cmdline"
  mkdir -p "$out"
  [[ ! -v UEFI ]] || uefi_load
  [[ ! -v LOADER ]] || esp_load "$kernel" "$initrd" "${append[*]} $cmdline"
  # shellcheck disable=SC2119 # no modules more
  [[ ! -v GRUB_DISK ]] || grub_from_disk
  [[ ! -v GRUB ]] || grub_load "$kernel" "$initrd" "${append[*]} $cmdline"
  timeout --foreground --kill-after=5 "$limit" "${QEMU:-qemu-system-x86_64}" "${machine[@]}" "${load[@]}" "$@" \
    </dev/null >"$out/qemu.log" 2>&1 ||
    echo "QEMU: exit status $? (124: not done after $limit s)" >>"$out/qemu.log"
  unpack_sent 2>>"$out/qemu.log"
}

main "$@"
