# SPDX-License-Identifier: GPL-2.0-or-later
# A guest to which a device is assigned: this kernel, busybox and some modules. Sourced in the real root
# of a test VM, POSIX sh.
# shellcheck shell=sh

# Waits for a device with a network interface and prints its driver.
guest_init() {
  cat <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
for module in /modules/*; do insmod "$module"; done
for try in 1 2 3 4 5 6 7 8 9 10; do
  device=$(echo /sys/bus/pci/devices/*/net)
  [ ! -d "$device" ] || break
  sleep 1
done
driver=$(readlink "${device%/net}/driver")
echo "guest: driver ${driver##*/}, interface $(ls "$device")"
poweroff -f
END
}

# make_guest MODULE...: makes ./guest.img, an initramfs.
make_guest() {
  mkdir -p initrd/bin initrd/modules initrd/proc initrd/sys
  cp /usr/bin/busybox initrd/bin/
  guest_init >initrd/init
  chmod 755 initrd/init
  number=10
  modprobe --show-depends -a "$@" | while read -r _ module _; do
    case $module in
      *.xz) xz -dc "$module" ;;
      *) cat "$module" ;;
    esac >"initrd/modules/$number.ko"
    number=$((number + 1))
  done
  (cd initrd && find . | cpio --quiet -o -H newc) >guest.img
}
