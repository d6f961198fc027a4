# SPDX-License-Identifier: GPL-2.0-or-later
title="what assign --persist wrote takes the device at the next boot, until it is released"
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
driver released 0000:00:02.0
udevadm trigger --action=add --settle /sys/bus/pci/devices/0000:00:02.0
driver triggered 0000:00:02.0
found_again 0000:00:02.0
driver found-again 0000:00:02.0
END
}

# boot_twice OUT INITRD CMDLINE [QEMU-OPTION...]: the second image has the file that the first boot wrote.
boot_twice() {
  local first=$1/first dir=$1/overlay/etc/passthru.conf.d
  "$vm_dir/boot.sh" "$first" "${@:2}" || return
  mkdir "$dir"
  cp "$first/persisted.conf" "$dir/"
  (cd "$1/overlay" && find . | cpio --quiet -o -H newc -R 0:0) >>"$2"
  "$vm_dir/boot.sh" "$@"
}

expect() {
  local what dir=$out
  for out in "$dir/first" "$dir"; do
    says 'pci-0000-00-02.0.conf: written$'
    says '^1 device assigned.* Next: for the next boot rebuild the image: update-initramfs -u'
    says '^persist: exit 0'
    says '^pci-0000-00-02.0 0000:00:02.0 .* would be bound to vfio-pci'
    says 'pci-0000-00-02.0.conf: removed'
    says '^remove: exit 0'
    says '^left: $'
    for what in released triggered found-again; do
      says "^$what: 0000:00:02.0 has e1000e, override \(null\)"
    done
  done
  # Only the rules of the second boot match it, whatever is in /etc.
  jq -e '.devices == []' "$out/first/report.json" >/dev/null || fail "not forgotten"
  of_device 0000:00:02.0 "returned" '.state == "returned"'
  logged 'pci-0000-00-02.0 0000:00:02.0 .* bound to vfio-pci'
}
