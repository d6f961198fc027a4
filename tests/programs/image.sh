# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru image. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# image_tree [COMPRESS...]: a system with an agent, a configuration and a kernel of two modules, of which the
# stub is compressed with a command.
image_tree() {
  plan_tree
  put usr/lib/passthru/passthru-init <<<agent
  put etc/passthru.conf.d/more.conf <<<"# more"
  rm -rf "$tree/lib/modules/1.2"
  mkdir -p "$tree/lib/modules/1.2"
  [[ -e $build/empty.ko ]] || {
    "${CC:-cc}" -x c -c -o "$tree.ko" - <<<"int unused;"
    mv "$tree.ko" "$build/empty.ko"
  }
  for name in vfio-pci e1000e; do
    cp "$build/empty.ko" "$tree/lib/modules/1.2/$name.ko"
  done
  ((!$#)) || "$@" "$tree/lib/modules/1.2/vfio-pci.ko"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$tree" 1.2 2>/dev/null
}

# unpacked ARCHIVE: unpacks it into $tree.x.
unpacked() {
  rm -rf "$tree.x"
  mkdir "$tree.x"
  (cd "$tree.x" && cpio --quiet -idu <"$1") || fail "cpio cannot read it"
}

image_contents() {
  image_tree
  passthru 0 image -o "$tree.cpio" --kernel 1.2
  unpacked "$tree.cpio"
  [[ -x $tree.x/passthru-init && $(readlink "$tree.x/passthru-init") == usr/lib/passthru/passthru-init ]] ||
    fail "the agent cannot be executed"
  cmp "$tree/etc/passthru.conf" "$tree.x/etc/passthru.conf" || fail "another configuration"
  [[ -e $tree.x/etc/passthru.conf.d/more.conf ]] || fail "no drop-in"
  [[ -e $tree.x/usr/lib/passthru/modules/1.2/vfio-pci.ko ]] || fail "no stub"
  [[ ! -e $tree.x/usr/lib/passthru/modules/1.2/e1000e.ko ]] || fail "what nobody asked for"
  grep -q '^file vfio-pci.ko$' "$tree.x/usr/lib/passthru/modules/1.2.list" || fail "no list"
  [[ ! -e $tree.x/lib ]] || fail "the image's own modules would be hidden"
  passthru 0 image -o "$tree.cpio" --no-stubs
  unpacked "$tree.cpio"
  [[ ! -e $tree.x/usr/lib/passthru/modules ]] || fail "stubs all the same"
}

# Files that set options of the stub drivers are in the image, others are not.
image_options() {
  local files
  image_tree
  put etc/modprobe.d/gpu.conf <<<"options vfio-pci disable_vga=1"
  put usr/lib/modprobe.d/unsafe.conf <<<$'# no\noptions vfio_iommu_type1 allow_unsafe_interrupts=1'
  put etc/modprobe.d/other.conf <<<$'# not vfio-pci\noptions e1000e x=1 # vfio-pci'
  put etc/modprobe.d/xen_pciback.old <<<"options xen-pciback permissive=1"
  ln -s /dev/null "$tree/etc/modprobe.d/masked.conf"
  put usr/local/lib/modprobe.d/local.conf <<<"options pciback hide=(1:02.0)"
  # A file that masks such a file has to be in the image as well.
  put usr/lib/modprobe.d/a.conf <<<"options vfio-pci ids=1:2"
  put etc/modprobe.d/a.conf <<<"# nothing"
  put usr/lib/modprobe.d/b.conf <<<"options vfio-pci ids=1:3"
  ln -s /dev/null "$tree/etc/modprobe.d/b.conf"
  passthru 0 image -o "$tree.cpio" --no-stubs
  unpacked "$tree.cpio"
  cmp "$tree/etc/modprobe.d/gpu.conf" "$tree.x/etc/modprobe.d/gpu.conf" || fail "no options"
  files=$(cd "$tree.x" && echo {etc,usr/local/lib,usr/lib}/modprobe.d/*)
  [[ $files == "etc/modprobe.d/a.conf etc/modprobe.d/b.conf etc/modprobe.d/gpu.conf \
usr/local/lib/modprobe.d/local.conf usr/lib/modprobe.d/unsafe.conf" ]] || fail "other files: $files"
  [[ -f $tree.x/etc/modprobe.d/b.conf && ! -s $tree.x/etc/modprobe.d/b.conf ]] || fail "not hidden"
}

# Cut off at any point: /init comes before the agent, and the agent after its configuration.
image_cut() {
  local order
  image_tree
  passthru 0 image -o "$tree.cpio" --no-stubs
  order=$(cpio --quiet -t <"$tree.cpio" | grep -E '(\.conf|passthru-init)$' | tr '\n' ' ')
  [[ $order == "passthru-init etc/"*.conf" usr/lib/passthru/passthru-init passthru-init " ]] ||
    fail "another order"
  truncate -s "$(grep -abo usr/lib/passthru/passthru-init "$tree.cpio" | sed 's/:.*//; q')" "$tree.cpio"
  rm -rf "$tree.x"
  mkdir "$tree.x"
  (cd "$tree.x" && cpio --quiet -idu <"$tree.cpio" 2>/dev/null)
  [[ $(readlink "$tree.x/passthru-init") == init ]] || fail "without the agent it is not /init"
}

# What libkmod finds out, with the options of modprobe.d, and without those of this boot.
modules_list() {
  image_tree
  put etc/modprobe.d/a.conf <<<$'options vfio-pci disable_vga=1 ids=1:2\nsoftdep vfio-pci pre: e1000e none'
  passthru 0 modules 1.2
  printf '%s\n' "# passthru module list 1" "module vfio-pci" "soft e1000e.ko" \
    "file vfio-pci.ko disable_vga=1 ids=1:2" | cmp - "$out" || fail "another list: $(cat "$out")"
  passthru 1 modules 9.9
  says '/lib/modules/9.9: No such file'
  passthru 64 modules ../1.2
}

# Parameters that the running kernel's command line has are left out; a file of that name where the command is run
# says nothing of them.
modules_elsewhere() {
  image_tree
  put etc/modprobe.d/a.conf <<<"options vfio-pci ids=1:2"
  put proc/cmdline <<<"vfio-pci.ids=1:2"
  # shellcheck disable=SC2016 # the inner shell's
  run 0 sh -c 'cd "$1" && exec "$2" modules --root "$1" 1.2' - "$tree" "$command"
  says '^file vfio-pci.ko ids=1:2$'
}

# plain_is WANTED: whether the image gets the stub decompressed.
plain_is() {
  rm -rf "$tree/image"
  mkdir "$tree/image"
  passthru 0 image --into "$tree/image" --kernel 1.2
  [[ -e $tree/image/usr/lib/passthru/modules/1.2.list ]] || fail "no list"
  [[ -e $tree/image/usr/lib/passthru/modules/1.2/vfio-pci.ko ]] && found=yes || found=no
  [[ $found == "$1" ]] || fail "$2: decompressed: $found"
}

# Where the kernel does it, the module stays as it is; where nothing is known, or it cannot, it does not.
modules_decompressed() {
  local found original
  image_tree
  plain_is no "no compression"
  original=$(sha256sum <"$tree/lib/modules/1.2/vfio-pci.ko")
  image_tree xz --check=crc32
  plain_is yes "no configuration of the kernel"
  [[ $(sha256sum <"$tree/image/usr/lib/passthru/modules/1.2/vfio-pci.ko") == "$original" ]] || fail "other bytes"
  put boot/config-1.2 <<<$'# CONFIG_MODULE_DECOMPRESS is not set\nCONFIG_MODULE_COMPRESS_XZ=y'
  plain_is yes "a kernel that does not"
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_ZSTD=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is yes "a kernel that does, but not this"
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_XZ=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is no "a kernel that does"
  # As newer releases of xz do of their own accord: the sizes stand in the block's header.
  image_tree xz --check=crc32 --threads=2 --block-size=100
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_XZ=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is no "a header with sizes"
  image_tree xz --check=crc64
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_XZ=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is yes "a check that the kernel does not know"
  image_tree xz --check=crc32 --lzma2=dict=64MiB
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_XZ=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is yes "a large dictionary"
  image_tree gzip
  put boot/config-1.2 <<<$'CONFIG_MODULE_COMPRESS_GZIP=y\nCONFIG_MODULE_DECOMPRESS=y'
  plain_is no "gzip"
}

# into STATUS [VARIABLE=VALUE...]: fills the image in $tree/image anew.
into() {
  rm -rf "$tree/image"
  mkdir "$tree/image"
  run "$1" env "${@:2}" "$command" image --root "$tree" --into "$tree/image" --kernel 1.2
}

into_contents() {
  image_tree
  put etc/modprobe.d/gpu.conf <<<"options vfio-pci disable_vga=1"
  into 0
  [[ $(cd "$tree/image" && find . -type f | sort | tr '\n' ' ') == "./etc/modprobe.d/gpu.conf ./etc/passthru.conf \
./etc/passthru.conf.d/more.conf ./usr/lib/passthru/modules/1.2.list " ]] || fail "$(find "$tree/image")"
  cmp "$tree/etc/passthru.conf" "$tree/image/etc/passthru.conf" || fail "another configuration"
  cmp "$tree/etc/passthru.conf" "$tree/var/lib/passthru/good/etc/passthru.conf" || fail "not kept"
  passthru 64 image --into "$tree/image" -o "$tree.cpio"
}

# options_are FILE...: the files of modprobe.d in the image.
options_are() {
  local files
  files=$(cd "$tree/image" && find . -path '*/modprobe.d/*' -type f | sort | sed 's,^\./,,' | tr '\n' ' ')
  [[ $files == "$* " ]] || fail "other files: $files"
}

# What hides a file of modprobe.d hides it in the image as well, also in that of the last good configuration; and
# when it is gone, nothing of it is left there.
into_hidden() {
  image_tree
  put etc/modprobe.d/gpu.conf <<<"options vfio-pci disable_vga=1"
  put usr/lib/modprobe.d/b.conf <<<"options vfio-pci ids=1:3"
  ln -s /dev/null "$tree/etc/modprobe.d/b.conf"
  cp "$tree/etc/passthru.conf" "$tree/good.conf"
  into 0
  options_are etc/modprobe.d/b.conf etc/modprobe.d/gpu.conf
  [[ ! -s $tree/image/etc/modprobe.d/b.conf ]] || fail "not empty"
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "so the image has the last good one"
  options_are etc/modprobe.d/b.conf etc/modprobe.d/gpu.conf
  cmp "$tree/etc/passthru.conf.d/more.conf" "$tree/image/etc/passthru.conf.d/more.conf" || fail "no drop-in"
  cp "$tree/good.conf" "$tree/etc/passthru.conf"
  rm "$tree/etc/modprobe.d/b.conf"
  into 0
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "so the image has the last good one"
  options_are etc/modprobe.d/gpu.conf usr/lib/modprobe.d/b.conf
}

# Without the list the agent goes by modules.dep, and an image is better than none.
into_lacking() {
  image_tree xz
  rm -rf "$tree/image"
  mkdir "$tree/image"
  passthru 0 image --into "$tree/image" --kernel 9.9
  says "^passthru: warning: could not list the modules of /lib/modules/9.9: No such file.*; the agent will use modules.dep"
  [[ -e $tree/image/etc/passthru.conf ]] || fail "no configuration"
  into 0 PATH=/nowhere
  says "warning: could not decompress /lib/modules/1.2/vfio-pci.ko.xz: the program for its suffix .* is not installed; the kernel"
  [[ -s $tree/image/usr/lib/passthru/modules/1.2.list ]] || fail "no list"
  run 1 env PATH=/nowhere "$command" image --root "$tree" -o "$tree.cpio" --kernel 1.2
  says "^passthru: could not decompress /lib/modules/1.2/vfio-pci.ko.xz: "
  echo garbage >"$tree/lib/modules/1.2/vfio-pci.ko.xz"
  into 0
  says "warning: could not decompress /lib/modules/1.2/vfio-pci.ko.xz: Input/output error"
}

# blocked STATUS FILE: fills an image that has FILE where a directory must be.
blocked() {
  rm -rf "$tree/image"
  mkdir -p "$tree/image/$(dirname "$2")"
  : >"$tree/image/$2"
  passthru "$1" image --into "$tree/image" --kernel 1.2
}

into_unwritable() {
  image_tree
  blocked 0 usr/lib/passthru/modules
  says "warning: could not write the image's /usr/lib/passthru/modules/1.2.list: Not a directory; the agent will use modules.dep"
  blocked 1 etc
  says "^passthru: could not write the image's /etc/passthru.conf: Not a directory"
  rm -rf "${tree:?}/var"
  : >"$tree/var"
  into 0
  says "^passthru: warning: could not keep the configuration in /var/lib/passthru/good: .*; after an error in it"
}

# What the next boot says of it.
fallback_is_told() {
  cp -r "$tree/image/." "$tree"
  conf "[device nic]" "address = 0000:00:02.0"
  agent "$1"
  says "error: config-fallback: the configuration had an error .*/etc/passthru.conf:2: .*speed"
}

into_fallback() {
  local sign
  image_tree
  into 0
  cp "$tree/etc/passthru.conf" "$tree/good.conf"
  conf "[device nic]" "speed = 10"
  into 2
  says "error: config-error: /etc/passthru.conf:2: .*what to do"
  into 2 DPKG_MAINTSCRIPT_NAME=postinst PASSTHRU_STRICT=yes
  [[ ! -e $tree/image/etc/passthru.conf ]] || fail "filled all the same"
  for sign in DPKG_MAINTSCRIPT_NAME=postinst KERNEL_INSTALL_LAYOUT=other PASSTHRU_STRICT=no; do
    into 0 "$sign"
    says "error: config-error: /etc/passthru.conf:2: "
    says "warning: the configuration had an error when .* so the image has the last good one: /etc/passthru.conf:2: "
    cmp "$tree/good.conf" "$tree/image/etc/passthru.conf" || fail "another configuration"
    [[ -s $tree/image/usr/lib/passthru/modules/1.2.list ]] || fail "no list"
  done
  fallback_is_told 1
  # With an error from the beginning, there is none to go back to.
  rm -r "${tree:?}/var"
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "warning: .* no good one was kept: the image has no rules: /etc/passthru.conf:2: "
  [[ ! -e $tree/image/etc && -s $tree/image/usr/lib/passthru/modules/1.2.list ]] || fail "$(find "$tree/image")"
}

# What cannot be read of an image is not as if it was not there.
image_unread() {
  mkdir -p "$tree/usr/lib/passthru"
  mkfifo "$tree/usr/lib/passthru/fallback"
  put "usr/lib/passthru/modules/$(uname -r).list" <<<$'# passthru module list 1\nmodule a\nfile /a.ko'
  conf "[device nic]" "address = 0000:00:02.0"
  agent "$1"
  says "error: config-fallback: could not read /usr/lib/passthru/fallback: it is no regular file; the image may have an older"
  says "warning: module-list: could not use /usr/lib/passthru/modules/.*.list: line 3 is malformed; modules.dep is used"
  rm -r "$tree/usr/lib/passthru"
  agent "$2"
  says_not "config-fallback|module-list"
  put usr/lib/passthru/modules/other.list <<<"# passthru module list 1"
  agent "$1"
  says "warning: module-list: could not find /usr/lib/passthru/modules/.*.list: there is other.list, of another kernel"
}

into_damaged() {
  image_tree
  into 0
  echo "# changed" >>"$tree/var/lib/passthru/good/etc/passthru.conf"
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "the good one in /var/lib/passthru/good could not be used \(it was changed\): the image has no rules"
  [[ ! -e $tree/image/etc ]] || fail "it is used all the same"
  # The next good one takes its place, without what is no more.
  conf "[device nic]" "address = 0000:00:02.0"
  rm "$tree/etc/passthru.conf.d/more.conf"
  into 0
  [[ $(cd "$tree/var/lib/passthru/good" && find . -type f) == ./etc/passthru.conf ]] || fail "old files"
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "so the image has the last good one"
}

# kept_anew COMMAND...: after COMMAND has damaged the good one, whose digest is still that of /etc, the next build
# keeps it again.
kept_anew() {
  local good=$tree/var/lib/passthru/good
  image_tree
  mkdir -p "$tree/etc/modprobe.d"
  put usr/lib/modprobe.d/b.conf <<<"options vfio-pci ids=1:3"
  ln -s /dev/null "$tree/etc/modprobe.d/b.conf"
  into 0
  cp -r "$good" "$tree/before"
  (cd "$good" && "$@") || fail "cannot be damaged: $*"
  into 0
  says_not "warning: could not keep"
  diff -r "$tree/before" "$good" >"$out" || fail "it is not as before: $(cat "$out")"
  conf "[device nic]" "speed = 10"
  into 0 PASSTHRU_STRICT=no
  says "so the image has the last good one"
}

# Nothing is written where it is whole.
kept_whole() {
  image_tree
  into 0
  touch -d 2001-01-01 "$tree"/var/lib/passthru/good{.sha256,/etc/passthru.conf}
  into 0
  [[ ! $(find "$tree"/var/lib/passthru/good{.sha256,/etc/passthru.conf} -newermt 2001-01-02) ]] || fail "it is written anew"
}

image_again() {
  image_tree
  passthru 0 image -o "$tree.cpio" --kernel 1.2
  touch -d 2001-01-01 "$tree/etc/passthru.conf"
  passthru 0 image -o "$tree.again" --kernel 1.2
  cmp "$tree.cpio" "$tree.again" || fail "they differ"
}

image_bad_conf() {
  image_tree
  conf "[device nic]" "speed = 10"
  passthru 1 image -o "$tree.cpio" --no-stubs
  says '/etc/passthru.conf:2:'
  [[ ! -e $tree.cpio ]] || fail "an image was written"
}

image_missing() {
  image_tree
  passthru 1 image -o "$tree.cpio" --kernel 9.9
  says 'could not list the modules of /lib/modules/9.9: No such file'
  rm "$tree/usr/lib/passthru/passthru-init"
  passthru 1 image -o "$tree.cpio" --no-stubs
  says 'could not read /usr/lib/passthru/passthru-init: No such file'
  [[ ! -e $tree.cpio ]] || fail "an image was written"
  passthru 64 image
  passthru 64 image -o "$tree.cpio" --kernel ../1.2
  says "no kernel release: '../1.2'"
}

image_dynamic() {
  image_tree
  "${CC:-cc}" -x c -o "$tree/usr/lib/passthru/passthru-init" - <<<"int main(void) { return 0; }"
  passthru 1 image -o "$tree.cpio" --no-stubs
  says 'passthru-init is linked dynamically and could not start from this image: use the hooks'
  [[ ! -e $tree.cpio ]] || fail "an image was written"
  "${CC:-cc}" -static-pie -x c -o "$tree/usr/lib/passthru/passthru-init" - <<<"int main(void) { return 0; }"
  passthru 0 image -o "$tree.cpio" --no-stubs
}

image_unwritable() {
  image_tree
  passthru 1 image --no-stubs -o /dev/full
  passthru 1 image --no-stubs -o "$tree/none/image"
  says "$tree/none/image: No such file"
}

# As the last of several archives it is unpacked over the others.
image_off() {
  one_of_two
  passthru 0 image --off -o "$tree.cpio"
  (cd "$tree" && cpio --quiet -idu <"$tree.cpio") || fail "it cannot be unpacked"
  [[ $(cpio -t --quiet <"$tree.cpio") == $'usr\nusr/lib\nusr/lib/passthru\nusr/lib/passthru/off' ]] || fail "it has more"
  agent 0
  finding - off
  says 'disabled by the image'
  recorded '.devices == [] and .config_sha256 == null'
  passthru 64 image --off --into "$tree"
}

# image_uki_stub RELEASE STATUS TEXT
image_uki_stub() {
  archive_tree
  stub "$1"
  uki plain "$tree/initrd.img"
  passthru "$2" image -o "$tree.cpio" --no-stubs --uki "$tree/a.efi"
  says "$3"
  [[ -e $tree.cpio ]] && found=0 || found=1
  ((found == $2)) || fail "written although it cannot work, or not although it can"
}

# Boot counting has renamed the image: the addon's folder keeps its name.
image_uki_counted() {
  archive_tree
  uki plain "$tree/initrd.img"
  mv "$tree/a.efi" "$tree/a+3.efi"
  passthru 0 image -o "$tree.cpio" --no-stubs --uki "$tree/a+3.efi"
  says '--output=.*/a.efi.extra.d/passthru.addon.efi'
}

image_uki_unread() {
  image_tree
  passthru 1 image -o "$tree.cpio" --no-stubs --uki "$tree/none.efi"
  says 'could not read the unified kernel image .*/none.efi: No such file'
  echo MZ >"$tree/a.efi"
  passthru 1 image -o "$tree.cpio" --no-stubs --uki "$tree/a.efi"
  says 'a.efi: it is no program for UEFI, or damaged'
  [[ ! -e $tree.cpio ]] || fail "an image was written"
  passthru 64 image --into "$tree" --uki "$tree/a.efi"
}

test_image() {
  t "image --uki: systemd-stub 257" image_uki_stub 257 0 '^ukify build --initrd=.* --cmdline=rdinit=/passthru-init --output=.*a.efi.extra.d/'
  t "image --uki: systemd-stub 255" image_uki_stub 255 1 'systemd-stub 255, loads only the command line .* would panic; build the image'
  t "image --uki: systemd-stub 252" image_uki_stub 252 1 'systemd-stub 252, ignores addons: the agent would not run; build'
  t "image --uki: a stub without a release" image_uki_stub x 1 'could not find the release of the stub of .*a.efi'
  t "image --uki: renamed by boot counting" image_uki_counted
  t "image --uki: cannot be read" image_uki_unread
  t "image --off: nothing is done" image_off
  t "image: what is in it" image_contents
  t "image: what modprobe.d says of the stubs" image_options
  t "modules: the list" modules_list
  t "modules: run from the directory of a host" modules_elsewhere
  t "image --into: what is in it" into_contents
  t "image --into: an error, by hand and by a package manager" into_fallback
  t "image --into: files of modprobe.d that hide others" into_hidden
  t "image --into: what lacks of the modules" into_lacking
  t "image --into: what cannot be written" into_unwritable
  t "image --into: what was kept is damaged" into_damaged
  t "image --into: what was kept lacks the configuration" kept_anew rm etc/passthru.conf
  t "image --into: what was kept lacks a drop-in" kept_anew rm etc/passthru.conf.d/more.conf
  t "image --into: what was kept lacks what hides a file" kept_anew rm etc/modprobe.d/b.conf
  t "image --into: what was kept is changed" kept_anew sed -i "1i# changed" etc/passthru.conf
  t "image --into: what was kept is cut off" kept_anew truncate -s 0 etc/passthru.conf
  t "image --into: what was kept has one file more" kept_anew cp etc/passthru.conf etc/passthru.conf.d/z.conf
  t "image --into: what was kept is gone" kept_anew find . -mindepth 1 -delete
  t "image --into: what was kept is whole" kept_whole
  t "image: the agent cannot read its notes" image_unread 1 1
  t "modules: what the kernel cannot decompress" modules_decompressed
  t "image: one that is cut off runs /init" image_cut
  t "image: the same bytes again" image_again
  t "image: errors of the configuration" image_bad_conf
  t "image: no agent, no such kernel" image_missing
  t "image: nowhere to write to" image_unwritable
  t "image: an agent that is linked dynamically" image_dynamic
}
