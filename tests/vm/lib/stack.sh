# SPDX-License-Identifier: GPL-2.0-or-later
# Machines with / on a storage stack. They have the virtio disk of every boot as well, for /usr
# (inside/stack-init.sh); its drivers are loaded first, so that it is there in time. Sourced, bash, after
# common.sh.
# shellcheck shell=bash disable=SC2034,SC2054,SC2154
# shellcheck source=tests/vm/lib/stack-uuids.sh
source "$vm_dir/lib/stack-uuids.sh"

stacks_dir=$suite_dir/stacks

# stack_drive DISK: a disk that images/stacks.sh made, as a drive of that name. Writes are discarded, so
# that boots can share it.
stack_drive() {
  stack_devices+=(-drive "if=none,id=$1,file=$stacks_dir/$1.img,format=raw,snapshot=on")
}

# nvme_disk DISK ADDRESS PLACE: an NVMe controller with that disk. PLACE is QEMU's form of ADDRESS.
nvme_disk() {
  stack_drive "$1"
  stack_devices+=(-device "nvme,drive=$1,serial=$1,$3")
  stack_chain+=("$2,1b36:0010,0108,nvme")
}

ahci_disk() {
  stack_drive "$1"
  stack_devices+=(-device "ich9-ahci,id=ahci,$3" -device "ide-hd,bus=ahci.0,drive=$1")
  stack_chain+=("$2,8086:2922,0106,ahci")
}

# mate_at ADDRESS PLACE: a NIC that shares an IOMMU group with the other functions of its slot. Not an
# e1000e, whose functions the kernel considers isolated (a quirk for Intel).
mate_at() {
  stack_mate=$1
  stack_devices+=(-device "e1000,romfile=,$2")
}

stack_virtio() {
  stack_cmdline=""
  mate_at 0000:00:10.1 addr=0x10.1
}

stack_nvme() {
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  nvme_disk nvme 0000:00:05.1 addr=5.1
}

# With a NIC behind a second root port.
stack_port() {
  stack_devices=(
    -device "pcie-root-port,id=port1,chassis=1,addr=5"
    -device "pcie-root-port,id=port2,chassis=2,addr=6" -device "e1000e,romfile=,bus=port2"
  )
  nvme_disk nvme 0000:01:00.0 bus=port1,addr=0.0,multifunction=on
  mate_at 0000:01:00.1 bus=port1,addr=0.1
}

stack_luks() {
  stack_cmdline+=" rd.luks.uuid=$luks_uuid"
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  nvme_disk luks 0000:00:05.1 addr=5.1
}

stack_lvm() {
  stack_cmdline+=" rd.lvm.vg=stack"
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  nvme_disk lvm-a 0000:00:05.1 addr=5.1
  nvme_disk lvm-b 0000:00:06.0 addr=6
}

stack_md() {
  stack_cmdline+=" rd.md.uuid=$array_uuid"
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  ahci_disk md-a 0000:00:05.1 addr=5.1
  nvme_disk md-b 0000:00:06.0 addr=6
}

stack_btrfs() {
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  nvme_disk btrfs-a 0000:00:05.1 addr=5.1
  nvme_disk btrfs-b 0000:00:06.0 addr=6
}

# Two controllers of one NVMe subsystem and one namespace: in sysfs, the disk is below neither of them.
stack_multipath() {
  mate_at 0000:00:05.0 addr=5.0,multifunction=on
  stack_drive nvme
  stack_devices+=(
    -device nvme-subsys,id=subsystem
    -device "nvme,id=first,serial=multipath,subsys=subsystem,addr=5.1"
    -device "nvme,id=second,serial=multipath,subsys=subsystem,addr=6"
    -device "nvme-ns,bus=first,drive=nvme,nsid=1,shared=on"
  )
  stack_chain=(0000:00:05.1,1b36:0010,0108,nvme 0000:00:06.0,1b36:0010,0108,nvme)
}

# stack NAME: sets the machine with / on that stack:
#   stack_devices  options for QEMU, on top of those of every boot
#   stack_cmdline  how the kernel command line says where / is
#   stack_chain    the controllers: address, id, class and driver of each, in one word
#   stack_mate     a NIC in the IOMMU group of the first of these
stack() {
  stack_devices=() stack_chain=()
  stack_cmdline="root=UUID=$root_uuid init=/stack-init.sh"
  stack_cmdline+=" rd.driver.pre=virtio_pci rd.driver.pre=virtio_blk rd.driver.pre=ext4"
  "stack_$1"
  # The disk with /usr is needed as well.
  stack_chain+=(0000:00:10.0,1af4:1001,0100,virtio-pci)
}

# stack_files FOLDER NAME: adds the files that an image made on a host with that stack has.
stack_files() {
  [[ $2 == luks ]] || return 0
  mkdir -p "$1/etc"
  cp "$vm_dir/images/luks.key" "$1/etc/"
  echo "root UUID=$luks_uuid /etc/luks.key" >"$1/etc/crypttab"
}
