# SPDX-License-Identifier: GPL-2.0-or-later
# How QEMU boots GRUB. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2054,SC2154

# grub_load VMLINUZ INITRD CMDLINE: sets load to the options with which QEMU starts GRUB like a kernel,
# with a disk that has the files: GRUB reads a tar archive as a file system. $GRUB is the second initrd.
grub_load() {
  local dir=$out/grub from=/usr/lib/grub/i386-pc
  mkdir -p "$dir"
  cp "$1" "$dir/vmlinuz"
  cp "$2" "$dir/initrd.img"
  cp "$GRUB" "$dir/passthru.cpio"
  tar -C "$dir" -cf "$out/files.img" vmlinuz initrd.img passthru.cpio
  printf '%s\n' "search --file --set=root /passthru.cpio" "linux /vmlinuz $3" \
    "initrd /initrd.img /passthru.cpio" boot >"$dir/grub.cfg"
  grub-mkimage -d "$from" -O i386-pc -p / -c "$dir/grub.cfg" -o "$dir/core.img" \
    biosdisk tar linux search search_fs_file
  cat "$from/lnxboot.img" "$dir/core.img" >"$out/grub.lnx"
  rm -r "$dir"
  load=(
    -m 1024 -kernel "$out/grub.lnx"
    -drive "if=none,id=files,file=$out/files.img,format=raw" -device ide-hd,drive=files,bus=ide.0
  )
}

# grub_from_disk [MODULE...]: the same with the first disk's /boot/grub/grub.cfg, as grub-install leaves it: GRUB can
# write there. MODULEs are those that it would load from a disk that has none.
grub_from_disk() {
  local from=/usr/lib/grub/i386-pc
  echo 'normal (hd0)/boot/grub/grub.cfg' >"$out/grub.cfg"
  grub-mkimage -d "$from" -O i386-pc -p '(hd0)/boot/grub' -c "$out/grub.cfg" -o "$out/core.img" \
    biosdisk ext2 normal "$@"
  cat "$from/lnxboot.img" "$out/core.img" >"$out/grub.lnx"
  load=(-kernel "$out/grub.lnx")
}
