# SPDX-License-Identifier: GPL-2.0-or-later
title="what assign --persist wrote takes the device at the next boot"
images=(systemd-bare)
boot=(boot_twice)

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
writable_etc
run persist assign 00:02.0 --persist
cp /etc/passthru.conf.d/*.conf persisted.conf
passthru check
run remove release 00:02.0 --persist
echo "left: $(ls /etc/passthru.conf.d)"
END
}

# boot_twice OUT INITRD CMDLINE [QEMU-OPTION...]: the second time with what the first one wrote.
boot_twice() {
  local first=$1/first dir=$1/overlay/etc/passthru.conf.d
  "$vm_dir/boot.sh" "$first" "${@:2}" || return
  mkdir "$dir"
  cp "$first/persisted.conf" "$dir/"
  (cd "$1/overlay" && find . | cpio --quiet -o -H newc -R 0:0) >>"$2"
  "$vm_dir/boot.sh" "$@"
}

expect() {
  for out in "$out/first" "$out"; do
    says 'pci-0000-00-02.0.conf: written; for the next boot rebuild the image: update-initramfs -u'
    says '^persist: exit 0'
    says '^pci-0000-00-02.0 0000:00:02.0 .* would go to vfio-pci'
    says 'pci-0000-00-02.0.conf: removed'
    says '^remove: exit 0'
    says '^left: $'
  done
  logged 'pci-0000-00-02.0 0000:00:02.0 .* bound to vfio-pci'
}
