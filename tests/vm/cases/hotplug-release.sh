# SPDX-License-Identifier: GPL-2.0-or-later
title="a device that came late is released for good, assigned again, and gone"
images=(systemd)
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
cmdline="init=/usr/lib/passthru-test/hotplug-init passthru-test.hotplug=plug:0000:01:00.0"
devices=("${empty_ports[@]}")

conf() {
  printf '%s\n' "[device late]" "address = 0000:01:00.0" "id = 8086:10d3"
}

# It must not be taken again, neither at a coldplug nor when the bus is rescanned.
commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
device=/sys/bus/pci/devices/0000:01:00.0
writable_etc
cp /run/passthru/image/etc/passthru.conf /etc
driver plugged 0000:01:00.0
run back release 01:00.0
driver back 0000:01:00.0
udevadm trigger --action=add --subsystem-match=pci
udevadm settle --timeout=60
driver triggered 0000:01:00.0
echo 1 >$device/remove
echo 1 >/sys/bus/pci/rescan
udevadm settle --timeout=60
driver found 0000:01:00.0
run again assign 01:00.0
driver again 0000:01:00.0
echo 1 >$device/remove
passthru status
echo "gone: exit $?"
END
}

expect() {
  says '^plugged: 0000:01:00.0 has vfio-pci, override vfio-pci'
  says '^back: exit 0'
  says '^back: 0000:01:00.0 has e1000e, override \(null\)'
  says '^triggered: 0000:01:00.0 has e1000e'
  says '^found: 0000:01:00.0 has e1000e'
  says '^again: exit 0'
  says '^again: 0000:01:00.0 has vfio-pci'
  says '^late +0000:01:00.0 bound .*now: gone'
  says '^gone: exit 1'
  of_device 0000:01:00.0 "bound" '.state == "bound"'
  status_is 1
}
