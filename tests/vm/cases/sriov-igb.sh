# SPDX-License-Identifier: GPL-2.0-or-later
# A card whose VFs work with their driver, which is not in the image.
title="the host has a network card and one of its virtual functions, vfio-pci the others, whatever happens"
images=(systemd)
boot=(env QEMU="$vm_dir/boots/newer-qemu.sh" "$vm_dir/boot.sh")
devices+=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8"
  -device "igb,bus=port1,romfile="
)

conf() {
  printf '%s\n' "[sriov card]" "address = 0000:01:00.0" "id = 8086:10c9" "vfs = 3" "vf = 0-1"
}

# Adds no file to the image, but makes the QEMU that has such a card.
overlay() {
  "$vm_dir/images/newer-qemu-root.sh"
}

# Once more, with the VFs' driver loaded before the VFs are enabled.
commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
first=/sys/bus/pci/devices/0000:01:10
for function in 0 2 4; do
  driver first "0000:01:10.$function"
done
lsmod | grep '^igbvf '
dmesg -n 4
echo "again" >/dev/kmsg
echo 0 >/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
[ -e $first.0 ] || echo "none is left"
/usr/lib/passthru/passthru-init --hotplug 0000:01:00.0
echo "again: exit $?"
udevadm settle --timeout=60
run back release 01:10.2
driver back 0000:01:10.2
udevadm trigger --action=add --subsystem-match=pci
udevadm settle --timeout=60
driver triggered 0000:01:10.2
run assigned assign 01:10.2
END
}

expect() {
  taken 0000:01:10.0 vfio-pci
  sysfs 0000:01:10.2 vfio-pci vfio-pci
  says '^first: 0000:01:10.0 has vfio-pci'
  says '^igbvf '
  says '^none is left'
  says '^again: exit 0'
  says '^back: exit 0'
  says '^back: 0000:01:10.2 has igbvf, override \(null\)'
  says '^triggered: 0000:01:10.2 has igbvf'
  says '^assigned: exit 0'
  host_has 0000:01:10.4 igbvf
  host_has 0000:01:00.0 igb
  of_device 0000:01:00.0 "ready, with igb" '.state == "ready" and .driver == "igb"'
  grep -Eq '^0000:01:00.0 igb \(null\) eth' "$out/devices.txt" || fail "the host has no interface"
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 3 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  came 0000:01:10.0 2
  vfio_gives 0000:01:10.0
  status_is 0
}
