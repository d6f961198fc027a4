#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# trial.sh OUT INITRD CMDLINE [QEMU-OPTION...]: boots the golden host $GOLDEN several times, under UEFI, with
# STORE=grub from the second boot on by GRUB from its own disk, with STORE=none by nothing that keeps a
# variable. Disk and variables last. $BOOTS has a word for each boot:
#   whole       it sends its results
#   reboot      the host reboots by itself
#   cut:REGEX   the power fails as soon as the console has a line like that
# OUT gets the files of the last boot, OUT/1, OUT/2, ... those of each. A boot that leaves /boot/trial.tar
# has made a new image: from then on those files are in it.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
golden_host "$GOLDEN"

out=$1 initrd=$2
shift 2

export ROOT_DIR=$root_dir DISK=$out/disk.img DISK_MODE=cache=unsafe
export APPEND="root=UUID=$golden_uuid ro $golden_append"
limit=${LIMIT:-600}

boot_once() {
  case ${STORE-uefi} in
    uefi) export UEFI=$out/vars.fd ;;
    grub) ((number == 1)) || export GRUB_DISK=yes ;;
  esac
  LIMIT=$limit exec "$vm_dir/boot.sh" "$out/$number" "$out/initrd" "$@" -m 1024 \
    -fw_cfg "name=opt/passthru/report,file=$out/report.sh"
}

# cut REGEX ARG...: the boot's processes are a group of their own, which is killed.
cut_boot() {
  local regex=$1 pid tries
  shift
  set -m
  boot_once "$@" &
  pid=$!
  set +m
  for ((tries = 0; tries < limit * 10; tries++)); do
    ! grep -Eqs "$regex" "$out/$number/console.log" || break
    kill -0 "$pid" 2>/dev/null || die "boot $number ended, without a line '$regex'"
    sleep 0.1
  done
  kill -KILL -- "-$pid"
  wait "$pid" 2>/dev/null || true
  ((tries < limit * 10)) || die "no line '$regex' in boot $number"
}

# take_image: adds what the boot made for its next image.
take_image() {
  local dir=$out/$number/into
  mkdir "$dir"
  # The machine is switched off without an unmount.
  /sbin/e2fsck -fy "$DISK" >"$out/$number/e2fsck.log" 2>&1 || (($? < 4))
  /sbin/debugfs -R "dump /boot/trial.tar $dir.tar" "$DISK" 2>/dev/null
  [[ -s $dir.tar ]] || return 0
  tar -C "$dir" -xf "$dir.tar"
  cp "$base_initrd" "$out/initrd"
  append_files "$dir" "$out/initrd"
}

main() {
  local word number=0
  base_initrd=$out/initrd.base
  mv "$initrd" "$base_initrd"
  cp "$base_initrd" "$out/initrd"
  cp --sparse=always "$golden_dir/disk.img" "$DISK"
  cat "$vm_dir"/inside/{report-lib.sh,golden-report} >"$out/report.sh"
  for word in $BOOTS; do
    number=$((number + 1))
    mkdir -p "$out/$number"
    case $word in
      whole) (boot_once "$@") ;;
      reboot) (boot_once "$@") || ! grep -q 'exit status 124' "$out/$number/qemu.log" ;;
      cut:*) cut_boot "${word#cut:}" "$@" ;;
    esac
    take_image
  done
  cp "$out/$number"/*.* "$out/"
  rm -f "$DISK" "$base_initrd"
}

main "$@"
