#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# try.sh [--new]: a virtual machine to try passthru in: a whole Debian with passthru installed, an IOMMU, and a
# graphics card with an audio function at 01:00; its console is this terminal, with root logged in. GRUB starts it
# from its disk, as an installation: what is configured there holds at its next boot. The disk is kept in
# build/vm/$SUITE/try; --new makes it anew. Ends with `poweroff`, or Ctrl-A X at once.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
# shellcheck source=tests/vm/lib/grub.sh
source "$vm_dir/lib/grub.sh"
golden_host initramfs-tools

out=$suite_dir/try
disk=$out/disk.img

# An emulated machine on a busy one is slow.
append="console=ttyS0,115200 intel_iommu=on quiet no_timer_check systemd.default_device_timeout_sec=600"

# What an installer and grub-mkconfig would write, with the script of ours among it.
grub_configuration() {
  local version
  version=$(kernel_version)
  cat <<CFG
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
if [ -s \$prefix/grubenv ]; then
  load_env
fi
set timeout=3
$(sh "$top_dir/hook/grub/01_passthru")
menuentry "Debian GNU/Linux" {
  linux /boot/vmlinuz-$version root=UUID=$golden_uuid ro $append \$passthru_trial
  initrd /boot/initrd.img-$version
}
CFG
}

login_as_root() {
  printf '%s\n' "[Service]" "ExecStart=" \
    "ExecStart=-/sbin/agetty --autologin root --noclear --keep-baud 115200,57600,38400,9600 - \$TERM"
}

greeting() {
  printf '%s\n' "" "passthru is installed in this virtual machine. Start with: passthru list" \
    "README.md, quick start, has the other commands. To end: poweroff"
}

# An emulated processor takes minutes for an image with all drivers.
small_images() {
  printf '%s\n' MODULES=dep COMPRESS=gzip COMPRESSLEVEL=1
}

# The size of the terminal, which a serial line does not tell.
terminal_size() {
  local rows=24 columns=80
  [[ ! -t 0 ]] || read -r rows columns < <(stty size)
  echo "stty rows $rows columns $columns"
}

# put FILE PATH: replaces a file on the disk.
put() {
  printf '%s\n' "rm $2" "write $1 $2"
}

write_files() {
  local files=$out/files
  mkdir -p "$files"
  grub_configuration >"$files/grub.cfg"
  grub-editenv "$files/grubenv" create
  login_as_root >"$files/autologin.conf"
  greeting >"$files/motd"
  small_images >"$files/small"
  {
    printf 'mkdir %s\n' /boot/grub /etc/systemd/system/serial-getty@ttyS0.service.d
    put "$files/grub.cfg" /boot/grub/grub.cfg
    put "$files/grubenv" /boot/grub/grubenv
    put "$files/autologin.conf" /etc/systemd/system/serial-getty@ttyS0.service.d/autologin.conf
    put "$files/motd" /etc/motd
    put "$files/small" /etc/initramfs-tools/conf.d/small
    echo "rm /etc/systemd/system/multi-user.target.wants/passthru-test-report.service"
  } | change_disk
}

change_disk() {
  /sbin/debugfs -w -f /dev/stdin "$disk" >>"$out/debugfs.log" 2>&1
}

make_disk() {
  "$vm_dir/images/golden-image.sh" initramfs-tools
  cp --sparse=always "$golden_dir/disk.img" "$disk.new"
  mv "$disk.new" "$disk"
  write_files
}

# As in boot.sh, but with a card, and a terminal.
# shellcheck disable=SC2054 # the commas are QEMU's
machine=(
  -M "q35,kernel-irqchip=split,accel=${ACCEL:-tcg}" -cpu max -smp 2 -m 1024
  -nodefaults -display none -serial mon:stdio
  -device intel-iommu,intremap=on
  -drive "if=none,id=root,file=$disk,format=raw,cache=unsafe"
  -device virtio-blk-pci,drive=root,addr=0x10
  -device e1000e,addr=2,romfile=
  -device pcie-root-port,id=port1,chassis=1,addr=8
  -device virtio-gpu-pci,bus=port1,addr=0.0,multifunction=on
  -device intel-hda,bus=port1,addr=0.1
)

main() {
  mkdir -p "$out"
  lock "$disk"
  [[ ${1-} != --new ]] || rm -f "$disk"
  [[ -e $disk ]] || make_disk
  terminal_size >"$out/size.sh"
  put "$out/size.sh" /etc/profile.d/size.sh | change_disk
  grub_from_disk linux serial terminal loadenv test
  say "starting the machine: a minute or two, mostly silent; Ctrl-A X ends it at once"
  exec qemu-system-x86_64 "${machine[@]}" "${load[@]}"
}

main "$@"
