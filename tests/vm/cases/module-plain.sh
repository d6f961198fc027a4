# SPDX-License-Identifier: GPL-2.0-or-later
# As on RHEL 9: the kernel's modules are compressed, and the kernel decompresses none (Debian 12's does not
# either). In the image the stub drivers' own modules are there as .ko.xz alone; a dangling link replaces each
# that the framework put there, since an archive cannot delete files of the one before it.
title="compressed modules and a kernel that cannot read them: the image build stores the stub drivers' modules unpacked"
images=(systemd initramfs)
suites=(bookworm)

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0"
}

# compress_stubs TREE: of a copy made of links, so the originals stay.
compress_stubs() {
  local file
  find "$1" -name 'vfio*.ko' -o -name 'pci-stub.ko' -o -name 'irqbypass.ko' | while read -r file; do
    xz --check=crc32 -c "$file" >"$file.xz"
    rm "$file"
  done
}

overlay() {
  local version tree=$out/tree file
  version=$(kernel_version)
  mkdir -p "$tree"/{etc,boot,lib/modules}
  cp -al "$root_dir/usr/lib/modules/$version" "$tree/lib/modules/"
  rm -f "$tree/lib/modules/$version"/modules.{dep,alias,softdep,symbols}*
  cp "$root_dir/boot/config-$version" "$tree/boot/"
  conf >"$tree/etc/passthru.conf"
  compress_stubs "$tree/lib/modules/$version"
  /sbin/depmod -b "$tree" "$version"
  "$build_dir/passthru" image --root "$tree" --into "$1" --kernel "$version" 2>"$out/image.log"
  (cd "$tree" && find lib/modules -name '*.ko.xz') | while read -r file; do
    mkdir -p "$1/usr/${file%/*}"
    ln -s gone "$1/usr/${file%.xz}"
    cp "$tree/$file" "$1/usr/$file"
  done
  rm -rf "$tree"
}

expect() {
  taken 0000:00:02.0 vfio-pci
  [[ $(find "$out/overlay/usr/lib/passthru/modules" -name 'vfio*.ko' | wc -l) -gt 1 ]] || fail "no unpacked modules in the image"
}
