# SPDX-License-Identifier: GPL-2.0-or-later
title="a whole Debian: what the host uses is not assigned, the rest is and goes back"
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
devices+=(
  -drive "if=none,id=ext,file=${out-}/ext.img,format=raw"
  -device nvme,drive=ext,serial=ext,addr=6
)

overlay() {
  golden_overlay "$1"
  mke2fs -q -t ext4 -d "$vm_dir/cases" "$out/ext.img" 8M >/dev/null
}

commands() {
  cat "$vm_dir/inside/assign-lib.sh"
  cat <<'END'
run root assign 00:10.0
driver root 0000:00:10.0
ip link set enp0s2 up
run up assign 00:02.0
driver up 0000:00:02.0
ip link set enp0s2 down
disk=/dev/$(basename /sys/bus/pci/devices/0000:00:06.0/nvme/nvme*/nvme*n1)
mount "$disk" /mnt
run mounted assign 00:06.0
driver mounted 0000:00:06.0
umount /mnt

for device in 00:02.0 00:06.0 00:04.0; do
  run "assign-$device" assign $device
done
for device in 00:02.0 00:06.0 00:04.0; do
  driver assigned "0000:$device"
done
cp /run/passthru/report.json assigned.json
udevadm trigger --action=add --subsystem-match=pci
udevadm settle --timeout=120
for device in 00:02.0 00:06.0 00:04.0; do
  driver triggered "0000:$device"
done
run status status
systemctl restart passthru-verify.service
echo "verified: $(systemctl show -p Result passthru-verify.service)"

for device in 00:02.0 00:06.0 00:04.0; do
  run "release-$device" release $device
done
udevadm settle --timeout=120
for device in 00:02.0 00:06.0 00:04.0; do
  driver released "0000:$device"
done
ip link show enp0s2 && echo "the interface is back"
# The driver finds the disk some time after it is bound.
for _ in 1 2 3 4 5 6 7 8 9; do [ -b "$disk" ] || sleep 1; done
udevadm settle --timeout=120
mount "$disk" /mnt && echo "the disk is back: $(ls /mnt/assign.sh)"
END
}

expect() {
  local device driver
  says 'guard-storage: .*/dev/vda'
  says '^root: exit 1'
  says '^root: 0000:00:10.0 has virtio-pci'
  says 'in-use: interface enp0s2 is up'
  says '^up: exit 1'
  says '^up: 0000:00:02.0 has e1000e, override \(null\)'
  says 'in-use: /dev/nvme[01]n1 is in use: mounted'
  says '^mounted: exit 1'
  says '^mounted: 0000:00:06.0 has nvme, override \(null\)'
  for device in 00:02.0/e1000e 00:06.0/nvme 00:04.0/xhci_hcd; do
    driver=${device#*/} device=${device%/*}
    says "^assign-$device: exit 0"
    says "^assigned: 0000:$device has vfio-pci, override vfio-pci"
    says "^triggered: 0000:$device has vfio-pci, override vfio-pci"
    says "^release-$device: exit 0"
    says "^released: 0000:$device has $driver, override \(null\)"
    not_in_report "0000:$device"
  done
  says '^status: exit 0'
  says '^verified: Result=success'
  says '^the interface is back'
  says '^the disk is back: /mnt/assign.sh'
  host_is_well
}
