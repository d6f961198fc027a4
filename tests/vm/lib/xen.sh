# SPDX-License-Identifier: GPL-2.0-or-later
# How QEMU boots Xen. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

# The hypervisor of the Debian root, decompressed, because QEMU loads multiboot kernels only as ELF.
# Boots run in parallel, so the file is replaced atomically.
xen_elf() {
  local packed elf=$suite_dir/xen
  packed=$(find "$root_dir/boot" -name 'xen-*.gz' -print -quit)
  [[ $packed ]] || die "no hypervisor in $root_dir/boot"
  if [[ ! $elf -nt $packed ]]; then
    gunzip -c "$packed" >"$elf.$$"
    mv "$elf.$$" "$elf"
  fi
  printf '%s\n' "$elf"
}

# xen_load VMLINUZ INITRD CMDLINE: sets load to the options with which QEMU boots Xen, with the command
# line $XEN, and Linux as dom0. Xen owns the first serial port, to which dom0 writes through hvc0; dom0
# owns the second. QEMU requires commas to be doubled.
xen_load() {
  local dom0="$1 $3"
  load=(
    -m 1024 -kernel "$(xen_elf)" -initrd "${dom0//,/,,},$2"
    -append "console=com1 com1=115200,8n1 dom0_mem=700M,max:700M $XEN"
  )
}
