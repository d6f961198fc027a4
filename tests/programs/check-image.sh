# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru check --image. Images that dracut itself makes and unpacks are for tests/vm. Sourced, bash.
# shellcheck shell=bash disable=SC2154,SC2016

# A complete image of dracut, unpacked into a folder.
check_image_tree() {
  plan_tree
  image=$tree/image
  mkdir -p "$image"/{etc,usr/lib/{passthru/modules,systemd/system/sysinit.target.wants},lib/modules/6.1/kernel}
  touch "$image"/{init,usr/lib/passthru/passthru-init} \
    "$image"/lib/modules/6.1/kernel/vfio{,-pci}.ko \
    "$image/usr/lib/systemd/system/sysinit.target.wants/passthru-init.service"
  echo "kernel/vfio-pci.ko: kernel/vfio.ko" >"$image/lib/modules/6.1/modules.dep"
  list=$image/usr/lib/passthru/modules/6.1.list
  printf '%s\n' "# passthru module list 1" "module vfio-pci" "file kernel/vfio.ko.xz" \
    "soft kernel/none.ko" "file kernel/vfio-pci.ko" >"$list"
  cp "$tree/etc/passthru.conf" "$image/etc/"
}

# pack FOLDER: prints it as an archive.
pack() {
  (cd "$1" && find . | cpio --quiet -o -H newc)
}

# look STATUS FILE [ARG...]: runs check --image on FILE.
look() {
  run "$1" "$command" check --root "$tree" --image "${@:2}"
}

# check_image STATUS [ARG...]: runs it on $image.
check_image() {
  pack "$image" >"$tree/initrd.img"
  look "$1" "$tree/initrd.img" "${@:2}"
}

# A program that unpacks takes two seconds.
slow_image() {
  check_image_tree
  mkdir "$tree/bin"
  printf '%s\n' '#!/bin/sh' 'sleep 2' 'cat' >"$tree/bin/zstd"
  chmod +x "$tree/bin/zstd"
  printf '\x28\xb5\x2f\xfd' >"$tree/initrd.img"
  PATH=$tree/bin:$PATH
  look 2 "$tree/initrd.img"
  says_not 'unpacking'
  run 0 env TERM=dumb script -qec "'$command' check --root '$tree' --image '$tree/initrd.img'; true" /dev/null
  says_not 'unpacking'
  run 0 env TERM=xterm script -qec "'$command' check --root '$tree' --image '$tree/initrd.img'; true" /dev/null
  says 'unpacking [^ ]*/initrd.img'
  says 'could not unpack'
}

# lacks CODE COMMAND...: after COMMAND, the image has the finding CODE and no other.
lacks() {
  check_image_tree
  (cd "$image" && "${@:2}")
  check_image 2
  [[ $(grep -o 'image-[a-z-]*' "$out" | sort -u) == "$1" ]] || fail "not just $1"
  says "^error: $1: "
  says "^  what to do: .*dracut -f, update-initramfs -u or mkinitcpio -P"
  says " Next: fix the errors, then run .passthru check. again\.$"
}

image_good() {
  check_image_tree
  check_image 1 # the plan's own warnings
  says_not 'image-'
  says 'Nothing is missing in .*/initrd.img'
  says ' Next: boot this image\.$'
  check_image 1 --json
  jq -e '.findings | any(.code | startswith("image-")) | not' "$out" >/dev/null || fail "findings"
}

image_builtin() {
  check_image_tree
  rm -r "$image/lib/modules/6.1/kernel" "$image/lib/modules/6.1/modules.dep"
  printf '%s\n' "# passthru module list 1" "module vfio-pci" >"$list"
  check_image 1
  says_not 'image-|module-list'
  # As an older release made it.
  echo kernel/drivers/vfio/pci/vfio-pci.ko >"$image/lib/modules/6.1/modules.builtin"
  rm "$list"
  check_image 1
  says_not 'image-'
  says 'warning: module-list: .*/initrd.img has no module list for kernel 6.1; the agent would use modules.dep'
}

# Decompressed by us, since the kernel cannot.
image_plain() {
  check_image_tree
  mkdir -p "$image/usr/lib/passthru/modules/6.1/kernel"
  mv "$image/lib/modules/6.1/kernel/vfio.ko" "$image/usr/lib/passthru/modules/6.1/kernel/"
  check_image 1
  says_not 'image-|module-list'
}

# The agent goes by modules.dep then, and so does the check.
image_list_damaged() {
  check_image_tree
  echo "module" >>"$list"
  check_image 1
  says 'warning: module-list: .*initrd.img: could not use /usr/lib/passthru/modules/6.1.list: line 6 is malformed; the agent would'
  says_not 'image-'
  mv "$list" "${list%6.1.list}6.2.list"
  check_image 1
  says 'warning: module-list: .*initrd.img: could not find /.*/6.1.list: there is 6.2.list, of another kernel; the agent would'
  says_not 'image-'
  rm "$image/lib/modules/6.1/kernel/vfio.ko"
  check_image 2
  says 'error: image-module: .*has no kernel/vfio.ko, which vfio-pci needs'
}

# The file ORDER has the order of the scripts.
image_initramfs_tools() {
  check_image_tree
  rm -r "$image/usr/lib/systemd"
  mkdir -p "$image/scripts/init-top"
  printf '%s "$@"\n[ -e /conf/param.conf ] && . /conf/param.conf\n' \
    /scripts/init-top/00-passthru /scripts/init-top/udev >"$image/scripts/init-top/ORDER"
  check_image 1
  says_not 'image-'
  sed -i '1,2d' "$image/scripts/init-top/ORDER"
  check_image 2
  says image-late
}

image_unreadable() {
  check_image_tree
  look 66 "$tree/nothing"
  says 'nothing: No such file'
  echo "no image" >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says 'could not unpack .*/initrd.img: what it has at byte 0 is no initramfs, or a truncated one'
  pack "$image/etc" >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says 'could not unpack .*: it has neither /init nor /passthru-init'
  pack "$image" | head -c 2000 >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says 'could not unpack .* is no initramfs, or a truncated one'
  pack "$image" | gzip >"$tree/initrd.img"
  run 2 env PATH=/nowhere "$command" check --root "$tree" --image "$tree/initrd.img"
  says 'could not unpack'
  ! compgen -G '/var/tmp/passthru-image-*' >/dev/null || fail "something is left in /var/tmp"
}

# Microcode, the image, and an archive that somebody has appended: all that the kernel unpacks.
image_several() {
  local program
  check_image_tree
  mkdir -p "$tree/early/kernel/x86" "$tree/late/etc"
  cp "$image/etc/passthru.conf" "$tree/late/etc/"
  echo "# another" >>"$image/etc/passthru.conf"
  for program in cat gzip xz "xz --format=lzma" zstd lz4 "lz4 -l" bzip2; do
    command -v "${program%% *}" >/dev/null || continue
    { pack "$tree/early" && pack "$image" | $program; } >"$tree/initrd.img"
    look 2 "$tree/initrd.img"
    says image-config
    truncate -s %4 "$tree/initrd.img"
    pack "$tree/late" >>"$tree/initrd.img"
    look 1 "$tree/initrd.img"
    says 'Nothing is missing in' || fail "$program"
    { pack "$image" | $program && printf x && pack "$tree/late"; } >"$tree/initrd.img"
    [[ $program != cat ]] || look 2 "$tree/initrd.img"
  done
  { pack "$image" && zeros 1 && pack "$tree/late"; } >"$tree/initrd.img"
  look 2 "$tree/initrd.img"
  says 'its archive at byte [0-9]*[13579] is not at a multiple of 4 bytes: the kernel does not find it'
}

# Files with several names have their bytes with the last one, as dracut's hardlink(1) makes them; and a link that
# leads out of the image is one inside it.
image_links() {
  check_image_tree
  ln "$image/etc/passthru.conf" "$image/zzz"
  ln "$image/etc/passthru.conf" "$image/0"
  check_image 1
  says_not image-
  check_image_tree
  mv "$image/usr/lib" "$image/real"
  ln -s /real "$image/usr/lib"
  check_image 1
  says_not image-
  ln -s ../../../../../etc "$image/out"
  mkdir "$tree/late"
  mkdir "$tree/late/out"
  echo "# no" >"$tree/late/out/passthru-escaped"
  { pack "$image" && (cd "$tree/late" && echo out/passthru-escaped | cpio --quiet -o -H newc); } >"$tree/initrd.img"
  look 1 "$tree/initrd.img"
  [[ ! -e /etc/passthru-escaped ]] || fail "written outside"
}

# An image without passthru, and what passthru image writes.
archive_tree() {
  image_tree
  check_image_tree
  rm -r "${image:?}"/{etc,usr}
  put usr/lib/passthru/passthru-init <<<agent
  passthru 0 image -o "$tree/passthru.cpio" --kernel 1.2
  rm -rf "$image/lib/modules"
  pack "$image" >"$tree/initrd.img"
  echo "root=/dev/sda rdinit=/passthru-init" >"$tree/cmdline"
  echo "root=/dev/sda" >"$tree/plain"
  echo 1.2 >"$tree/uname"
  stub 257
}

# stub RELEASE: the sections by which a stub says what it is.
stub() {
  echo "#### LoaderInfo: systemd-stub $1.8-1~deb13u1 ####" >"$tree/magic"
  printf '%s\n' "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim" \
    "systemd-stub,1,The systemd Developers,systemd,$1,https://systemd.io/" >"$tree/sbat"
}

# uki CMDLINE INITRD...: makes $tree/a.efi.
uki() {
  cat "$tree/${1}" >"$tree/its-cmdline"
  cat "${@:2}" >"$tree/its-initrd"
  make_pe "$tree/a.efi" .sdmagic="$tree/magic" .sbat="$tree/sbat" .uname="$tree/uname" .cmdline="$tree/its-cmdline" \
    .initrd="$tree/its-initrd" .linux="$tree/uname"
}

# addon CMDLINE [INITRD]: makes an addon of it.
addon() {
  mkdir -p "$tree/a.efi.extra.d"
  make_pe "$tree/a.efi.extra.d/x.addon.efi" .cmdline="$tree/$1" ${2:+.initrd="$2"}
}

image_archive() {
  archive_tree
  look 1 "$tree/passthru.cpio"
  says_not image-
  says '^Nothing is missing in .*passthru.cpio'
  says '^It starts with rdinit=/passthru-init on the kernel command line'
  cat "$tree/initrd.img" "$tree/passthru.cpio" >"$tree/both"
  look 1 "$tree/both"
  says_not image-
  echo "# changed" >>"$tree/etc/passthru.conf"
  look 2 "$tree/passthru.cpio"
  says '^error: image-config: .*passthru.cpio has another configuration than /etc$'
  says '^  what to do: .*an archive: .passthru image.'
}

image_uki() {
  archive_tree
  uki cmdline "$tree/initrd.img" "$tree/passthru.cpio"
  look 1 "$tree/a.efi"
  says_not 'image-|rdinit'
  says 'Nothing is missing in .*a.efi'
  uki plain "$tree/initrd.img" "$tree/passthru.cpio"
  look 2 "$tree/a.efi"
  says 'error: image-rdinit: the command line of .*a.efi has no rdinit=/passthru-init: nothing runs the agent'
  uki cmdline "$tree/initrd.img"
  look 2 "$tree/a.efi"
  says 'image-no-agent: .*a.efi has no /passthru-init, but its command line has rdinit=/passthru-init: the kernel would panic'
  echo 6.9 >"$tree/uname"
  uki cmdline "$tree/initrd.img" "$tree/passthru.cpio"
  look 2 "$tree/a.efi"
  says 'image-module: .*a.efi has modules for kernel 1.2, but boots kernel 6.9'
}

# With the hook of a framework in its initrd.
image_uki_hook() {
  check_image_tree
  pack "$image" >"$tree/initrd.img"
  echo "quiet" >"$tree/plain"
  echo 6.1 >"$tree/uname"
  stub 252
  uki plain "$tree/initrd.img"
  look 1 "$tree/a.efi"
  says_not image-
  truncate -s 600 "$tree/a.efi"
  look 2 "$tree/a.efi"
  says 'could not unpack .*a.efi: it is a damaged program for UEFI'
  make_pe "$tree/a.efi" .text="$tree/plain"
  look 2 "$tree/a.efi"
  says 'could not unpack .*: it is a program for UEFI, but neither a unified kernel image nor an addon'
}

# image_addon STUB STATUS TEXT: an image with that stub, the addon beside it.
image_addon() {
  archive_tree
  stub "$1"
  uki plain "$tree/initrd.img"
  addon cmdline "$tree/passthru.cpio"
  look "$2" "$tree/a.efi"
  says "$3"
  look "$2" "$tree/a.efi.extra.d/x.addon.efi"
  says "${3/a.efi/x.addon.efi}"
}

# image_counted NAME STUB FOUND STATUS TEXT: boot counting has called the image NAME; its addon is in the folder of
# a.efi. FOUND: the stub loads it from there.
image_counted() {
  archive_tree
  stub "$2"
  uki plain "$tree/initrd.img"
  addon cmdline "$tree/passthru.cpio"
  mv "$tree/a.efi" "$tree/$1"
  look "$4" "$tree/$1"
  says "$5"
  [[ $3 == yes ]] || says_not 'x.addon.efi'
}

# The addon itself: its image is beside it, under whatever name.
image_counted_addon() {
  archive_tree
  uki plain "$tree/initrd.img"
  addon cmdline "$tree/passthru.cpio"
  mv "$tree/a.efi" "$tree/a+2-1.efi"
  look 1 "$tree/a.efi.extra.d/x.addon.efi"
  says 'Nothing is missing in .*x.addon.efi'
  stub 255
  uki plain "$tree/initrd.img"
  mv "$tree/a.efi" "$tree/a+2-1.efi"
  look 2 "$tree/a.efi.extra.d/x.addon.efi"
  says 'image-stub: .*systemd-stub 255, loads only the command line of an addon'
  (cd "$tree" && run 2 "$command" check --root "$tree" --image a.efi.extra.d/x.addon.efi)
  says 'image-stub: '
  mv "$tree/a+2-1.efi" "$tree/a+b.efi"
  look 2 "$tree/a.efi.extra.d/x.addon.efi"
  says 'could not read the image of the addon, .*/a.efi: No such file'
}

image_addon_alone() {
  archive_tree
  addon cmdline "$tree/passthru.cpio"
  cp "$tree/a.efi.extra.d/x.addon.efi" "$tree/"
  look 1 "$tree/x.addon.efi"
  says_not image-
  addon plain "$tree/passthru.cpio"
  uki plain "$tree/initrd.img"
  look 2 "$tree/a.efi"
  says image-rdinit
  echo damaged >"$tree/a.efi.extra.d/x.addon.efi"
  look 2 "$tree/a.efi"
  says 'could not unpack .*a.efi: could not read its addon .*x.addon.efi: it is damaged'
}

# off_cmdline TEXT: an image and its addon, of which the one or the other has it on its command line.
off_cmdline() {
  check_image_tree
  pack "$image" >"$tree/initrd.img"
  echo "quiet $1" >"$tree/off"
  echo "quiet" >"$tree/plain"
  echo 6.1 >"$tree/uname"
  stub 257
  uki off "$tree/initrd.img"
  look 1 "$tree/a.efi"
  says "info: off: the kernel command line of .*/a.efi switches passthru off: no device would be touched$"
  says '^  what to do: .*remove passthru=off'
  says_not Next
  says_not 'image-|Nothing is missing'
  look 1 "$tree/a.efi" --json
  jq -e '.findings | any(.code == "off")' "$out" >/dev/null || fail "not in JSON"
  uki plain "$tree/initrd.img"
  look 1 "$tree/a.efi"
  says_not ' off: '
  addon off
  look 1 "$tree/a.efi"
  says "info: off: the kernel command line of .*/a.efi"
  look 1 "$tree/a.efi.extra.d/x.addon.efi"
  says "info: off: the kernel command line of .*/x.addon.efi"
  says_not image-
}

off_not() {
  check_image_tree
  pack "$image" >"$tree/initrd.img"
  echo "passthru=on rd.passthru=1 xpassthru=off -- passthru=off" >"$tree/plain"
  echo 6.1 >"$tree/uname"
  stub 257
  uki plain "$tree/initrd.img"
  look 1 "$tree/a.efi"
  says_not ' off: |image-'
  says 'Nothing is missing in'
}

# What `passthru image --off` writes: alone, after an initramfs, and in an addon.
off_written() {
  check_image_tree
  passthru 0 image --off -o "$tree/off.cpio"
  look 1 "$tree/off.cpio"
  says 'info: off: .*/off.cpio has /usr/lib/passthru/off, which switches passthru off'
  says_not image-
  pack "$image" >"$tree/initrd.img"
  cat "$tree/initrd.img" "$tree/off.cpio" >"$tree/both"
  look 1 "$tree/both"
  says 'info: off: .*/both has /usr/lib/passthru/off'
  says_not image-
  rm "$image/usr/lib/passthru/passthru-init"
  { pack "$image" && cat "$tree/off.cpio"; } >"$tree/both"
  look 2 "$tree/both"
  says 'info: off: .*/both has'
  says 'image-no-agent'
  echo 6.1 >"$tree/uname"
  echo quiet >"$tree/plain"
  stub 257
  uki plain "$tree/initrd.img"
  addon plain "$tree/off.cpio"
  look 1 "$tree/a.efi"
  says 'info: off: .*/a.efi has /usr/lib/passthru/off'
}

# off_ignored STUB STATUS ADDON TEXT: a switch that the stub does not load switches nothing off.
off_ignored() {
  check_image_tree
  pack "$image" >"$tree/initrd.img"
  passthru 0 image --off -o "$tree/off.cpio"
  echo 6.1 >"$tree/uname"
  echo quiet >"$tree/plain"
  echo passthru=off >"$tree/off"
  stub "$1"
  uki plain "$tree/initrd.img"
  if [[ $3 == cmdline ]]; then addon off; else addon plain "$tree/off.cpio"; fi
  look "$2" "$tree/a.efi.extra.d/x.addon.efi"
  says "$4"
  [[ $2 == 1 ]] || says_not 'info: off'
  says_not image-no-agent
}

test_check_image() {
  t "image: all there" image_good
  t "image: the driver is built in" image_builtin
  t "image: of initramfs-tools" image_initramfs_tools
  t_with script "image: a terminal shows what takes long" slow_image
  t "image: no agent" lacks image-no-agent rm usr/lib/passthru/passthru-init
  t "image: no configuration" lacks image-config rm etc/passthru.conf
  t "image: another configuration" lacks image-config sed -i "1i#" etc/passthru.conf
  t "image: no modules" lacks image-module rm -r lib/modules/6.1
  t "image: no module" lacks image-module rm lib/modules/6.1/kernel/vfio-pci.ko
  t "image: no module that it needs" lacks image-module rm lib/modules/6.1/kernel/vfio.ko
  t "image: the module is not listed" lacks image-module sed -i 2,5d usr/lib/passthru/modules/6.1.list
  t "image: a module that was decompressed" image_plain
  t "image: a damaged list of modules" image_list_damaged
  t "image: nothing runs the agent" lacks image-late rm -r usr/lib/systemd
  t "image: cannot be read or unpacked" image_unreadable
  t "image: several archives, compressed and not" image_several
  t "image: links" image_links
  t "image: an archive of passthru image, alone and appended" image_archive
  t "image: a unified kernel image with an archive" image_uki
  t "image: a unified kernel image with a hook" image_uki_hook
  t "image: an addon, systemd-stub 257" image_addon 257 1 'Nothing is missing in .*a.efi'
  t "image: an addon, systemd-stub 255" image_addon 255 2 'image-stub: .*systemd-stub 255, loads only the command line of an addon'
  t "image: an addon, systemd-stub 252" image_addon 252 2 'image-stub: .*systemd-stub 252, ignores an addon: the agent would not run'
  t "image: an addon, a stub that says nothing of its release" image_addon x 2 'image-stub: .*could not find the release of its image'
  t "image: an addon alone, and others" image_addon_alone
  t "image: passthru=off on its command line" off_cmdline passthru=off
  t "image: rd.passthru=0 on its command line" off_cmdline "rd.passthru=0"
  t "image: nothing on its command line switches it off" off_not
  t "image: what passthru image --off writes" off_written
  t "image: an addon with passthru=off, systemd-stub 254" off_ignored 254 1 cmdline 'info: off: '
  t "image: an addon with passthru=off, systemd-stub 252" off_ignored 252 2 cmdline 'image-stub: .*x.addon.efi does not switch passthru off'
  t "image: an addon with the switch, systemd-stub 255" off_ignored 255 2 archive 'image-stub: .*x.addon.efi does not switch passthru off'
  t "image: boot counting, tries left" image_counted a+3.efi 257 yes 1 'Nothing is missing in .*/a[+]3.efi'
  t "image: boot counting, tries left and done" image_counted a+2-1.efi 257 yes 1 'Nothing is missing in .*/a[+]2-1.efi'
  t "image: boot counting, systemd-stub 256" image_counted a+3.efi 256 yes 2 'image-stub: .*/a.efi.extra.d/x.addon.efi: .*systemd-stub 256'
  t "image: boot counting, a stub that keeps to the name" image_counted a+3.efi 254 no 2 'image-late: nothing in .*/a[+]3.efi runs'
  t "image: a plus that is no counter" image_counted a+b.efi 257 no 2 'image-late: nothing in .*/a[+]b.efi runs'
  t "image: boot counting, the addon" image_counted_addon
}
