# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru image. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# A system with an agent, a configuration and a kernel of two modules.
image_tree() {
  plan_tree
  put usr/lib/passthru/passthru-init <<<agent
  put etc/passthru.conf.d/more.conf <<<"# more"
  mkdir -p "$tree/lib/modules/1.2"
  for name in vfio-pci e1000e; do
    "${CC:-cc}" -x c -c -o "$tree/lib/modules/1.2/$name.ko" - <<<"int unused;"
  done
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
  says '/lib/modules/9.9/modules.dep.bin: No such file'
  rm "$tree/usr/lib/passthru/passthru-init"
  passthru 1 image -o "$tree.cpio" --no-stubs
  says '/usr/lib/passthru/passthru-init: No such file'
  [[ ! -e $tree.cpio ]] || fail "an image was written"
  passthru 64 image
}

image_unwritable() {
  image_tree
  passthru 1 image --no-stubs -o /dev/full
  passthru 1 image --no-stubs -o "$tree/none/image"
  says "$tree/none/image: No such file"
}

test_image() {
  t "image: what is in it" image_contents
  t "image: what modprobe.d says of the stubs" image_options
  t "image: one that is cut off runs /init" image_cut
  t "image: the same bytes again" image_again
  t "image: errors of the configuration" image_bad_conf
  t "image: no agent, no such kernel" image_missing
  t "image: nowhere to write to" image_unwritable
}
