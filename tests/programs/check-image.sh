# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru check --image. Images that dracut itself makes and unpacks are for tests/vm. Sourced, bash.
# shellcheck shell=bash disable=SC2154,SC2016

# A complete image of dracut, unpacked into a folder.
check_image_tree() {
  plan_tree
  image=$tree/image tools=$tree/tools
  mkdir -p "$image"/{etc,usr/lib/{passthru/modules,systemd/system/sysinit.target.wants},lib/modules/6.1/kernel}
  touch "$image"/{init,usr/lib/passthru/passthru-init} \
    "$image"/lib/modules/6.1/kernel/vfio{,-pci}.ko \
    "$image/usr/lib/systemd/system/sysinit.target.wants/passthru-init.service"
  echo "kernel/vfio-pci.ko: kernel/vfio.ko" >"$image/lib/modules/6.1/modules.dep"
  list=$image/usr/lib/passthru/modules/6.1.list
  printf '%s\n' "# passthru module list 1" "module vfio-pci" "file kernel/vfio.ko.xz" \
    "soft kernel/none.ko" "file kernel/vfio-pci.ko" >"$list"
  cp "$tree/etc/passthru.conf" "$image/etc/"
  unpacker lsinitrd 'cpio --quiet -idm <"$2"'
}

# unpacker NAME COMMAND: the only program of the host that unpacks images.
unpacker() {
  rm -rf "$tools"
  mkdir "$tools"
  printf '#!/bin/sh\n%s\n' "$2" >"$tools/$1"
  chmod 755 "$tools/$1"
}

# check_image STATUS [ARG...]: runs check --image.
check_image() {
  (cd "$image" && find . | cpio --quiet -o -H newc) >"$tree/initrd.img"
  run "$1" env PATH="$tools:/usr/bin:/bin" "$command" check --root "$tree" \
    --image "$tree/initrd.img" "${@:2}"
}

# lacks CODE COMMAND...: after COMMAND, the image has the finding CODE and no other.
lacks() {
  check_image_tree
  (cd "$image" && "${@:2}")
  check_image 2
  [[ $(grep -o 'image-[a-z-]*' "$out" | sort -u) == "$1" ]] || fail "not just $1"
  says "error: $1: .*(dracut -f, update-initramfs -u or mkinitcpio -P)"
}

image_good() {
  check_image_tree
  check_image 1 # the plan's own warnings
  says_not 'image-'
  says 'Nothing is missing in .*/initrd.img'
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
  mv "$list" "${list/6.1/6.2}"
  check_image 1
  says 'warning: module-list: .*initrd.img: could not find /.*/6.1.list: there is 6.2.list, of another kernel; the agent would'
  says_not 'image-'
  rm "$image/lib/modules/6.1/kernel/vfio.ko"
  check_image 2
  says 'error: image-module: .*has no kernel/vfio.ko, which vfio-pci needs'
}

# Microcode and image are unpacked into separate folders; the file ORDER has the order of the scripts.
image_initramfs_tools() {
  check_image_tree
  rm -r "$image/usr/lib/systemd"
  mkdir -p "$image/scripts/init-top"
  printf '%s "$@"\n[ -e /conf/param.conf ] && . /conf/param.conf\n' \
    /scripts/init-top/00-passthru /scripts/init-top/udev >"$image/scripts/init-top/ORDER"
  unpacker unmkinitramfs 'mkdir "$2/main" "$2/early" && cd "$2/main" && cpio --quiet -idm <"$1"'
  check_image 1
  says_not 'image-'
  sed -i '1,2d' "$image/scripts/init-top/ORDER"
  check_image 2
  says image-late
}

image_unreadable() {
  check_image_tree
  run 66 "$command" check --root "$tree" --image "$tree/nothing"
  says 'nothing: No such file'
  echo "no image" >"$tree/initrd.img"
  run 2 env PATH="$tools:/usr/bin:/bin" "$command" check --root "$tree" --image "$tree/initrd.img"
  says 'initrd.img cannot be unpacked: is it an initramfs'
  rm -r "$tools"
  check_image 2
  says 'cannot be unpacked'
  ! compgen -G '/var/tmp/passthru-image-*' >/dev/null || fail "something is left in /var/tmp"
}

test_check_image() {
  t "image: all there" image_good
  t "image: the driver is built in" image_builtin
  t "image: of initramfs-tools" image_initramfs_tools
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
}
