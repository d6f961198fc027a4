# SPDX-License-Identifier: GPL-2.0-or-later
title="no disk with a mounted file system and no interface that is up is assigned"
images=(systemd-bare)
devices+=(
  -drive "if=none,id=ext,file=${out-}/ext.img,format=raw"
  -device nvme,drive=ext,serial=ext,addr=6
)

# Adds no file to the image, but makes the disk.
overlay() {
  mke2fs -q -t ext2 -d "$vm_dir/cases" "$out/ext.img" 8M >/dev/null
}

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run root assign 00:10.0
busybox ip link set eth0 up
run up assign 00:02.0
driver up 0000:00:02.0
run up-allowed assign 00:02.0 --allow network
driver up-allowed 0000:00:02.0
disk=/dev/$(basename /sys/bus/pci/devices/0000:00:06.0/nvme/nvme*/nvme*n1)
mount -t ext2 "$disk" /mnt
run mounted assign 00:06.0 --allow storage
driver mounted 0000:00:06.0
umount /mnt
run unmounted assign 00:06.0
driver unmounted 0000:00:06.0
run returned release 00:06.0
# The driver finds the disk some time after it is bound.
for _ in 1 2 3 4 5 6 7 8 9; do [ -b "$disk" ] || sleep 1; done
mount -t ext2 "$disk" /mnt && echo "again: $(ls /mnt/assign.sh)"
END
}

expect() {
  says '^root: exit 1'
  says 'guard-storage: .*/dev/vda'
  says 'in-use: /dev/vda is in use'
  says 'in-use: interface eth0 is up'
  says '^up: exit 1'
  says '^up: 0000:00:02.0 has e1000e, override \(null\)'
  says '^up-allowed: exit 0'
  says '^up-allowed: 0000:00:02.0 has vfio-pci'
  says 'in-use: /dev/nvme[01]n1 is in use: mounted'
  says '^mounted: exit 1'
  says '^mounted: 0000:00:06.0 has nvme, override \(null\)'
  says '^unmounted: exit 0'
  says '^unmounted: 0000:00:06.0 has vfio-pci'
  says '^returned: exit 0'
  says '^again: /mnt/assign.sh'
}
