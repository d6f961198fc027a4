# SPDX-License-Identifier: GPL-2.0-or-later
# No device of QEMU has a driver that wants its interface up. So a file stands in the place of sriov_numvfs for as long
# as that is down; what the kernel tells of the interface, udev and the VFs are real. Kinder than a card: it is
# replaced before the interface comes up, not by that. unit: systemd's path unit; forked: there is no systemd.
title="a PF whose driver makes no VFs while its interface is down is tried again when that comes up"
images=(systemd)
variants=(forked unit)
boot=(env QEMU="$vm_dir/boots/newer-qemu.sh" LIMIT="${LIMIT:-600}" "$vm_dir/boot.sh")
devices+=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8"
  -device "igb,bus=port1,romfile="
)
[[ ${variant-} != unit ]] ||
  cmdline="init=/usr/lib/systemd/systemd systemd.wants=passthru-vfs.path systemd.wants=passthru-test.service"

conf() {
  printf '%s\n' "[sriov card]" "address = 0000:01:00.0" "id = 8086:10c9" "vfs = 2" "vlan = 100"
}

# Adds no file to the image, but makes the QEMU that has such a card.
overlay() {
  "$vm_dir/images/newer-qemu-root.sh"
}

commands() {
  # The systemd of the initramfs has left it.
  [[ $variant == unit ]] || echo "rm -r /run/systemd/system"
  cat <<'END'
pf=/sys/bus/pci/devices/0000:01:00.0
# Forked, it has the command line of the agent that udev ran.
waiters() {
  echo "$1: $(grep -l 'passthru-ini[t]' /proc/[0-9]*/cmdline 2>/dev/null | wc -l) waiting"
}
# state WHEN: prints the number of VFs, and what the report has of the PF.
state() {
  echo "$1: $(cat $pf/sriov_numvfs) VFs, $(passthru status | sed -n 's/^card  *0000:01:00.0 \([a-z]*\) .*/\1/p')"
}
waiters booted
state booted
echo 0000:01:00.0 >$pf/driver/unbind
echo 00 >/run/numvfs
mount --bind /run/numvfs $pf/sriov_numvfs
echo 0000:01:00.0 >/sys/bus/pci/drivers/igb/bind
udevadm settle --timeout=60
sleep 3
state down
waiters down
cp /run/passthru/report.json down.json
umount $pf/sriov_numvfs
sleep 3
state still-down
busybox ip link set "$(ls $pf/net)" up
tries=0
while [ "$(cat $pf/sriov_numvfs)" = 0 ] && [ $tries -lt 20 ]; do
  sleep 1
  tries=$((tries + 1))
done
udevadm settle --timeout=60
state up
ls /run/passthru
# It ends when it looks again.
sleep 35
waiters up
END
}

expect() {
  says '^booted: 2 VFs, ready'
  says '^booted: 0 waiting'
  says '^down: 00 VFs, waiting'
  says '^down: 1 waiting'
  jq -e '.devices | map(select(.address == "0000:01:00.0"))[0] | .state == "waiting" and
    (.findings | any(.code == "pf-down") and any(.code == "sriov-failed"))' "$out/down.json" >/dev/null ||
    fail "it is not on record as waiting"
  says '^still-down: 0 VFs, waiting'
  logged '0000:01:00.0: interface eth[0-9] is up, so VFs are tried again'
  says '^up: 2 VFs, ready'
  says '^up: 0 waiting'
  of_device 0000:01:00.0 "without what is out of date" '.state == "ready" and .findings == []'
  taken 0000:01:10.0 vfio-pci
  taken 0000:01:10.2 vfio-pci
  status_is 0
}
