# SPDX-License-Identifier: GPL-2.0-or-later
# Both when the PF gets its driver (plain), and when udev is done with its interface, which is brought up (up).
# VF 2 is of no rule, so nothing of it is set: the control.
title="two of three virtual functions have their MAC address, VLAN, trust and spoofchk before vfio-pci has them"
images=(systemd)
variants=(plain up)
boot=(env QEMU="$vm_dir/boots/newer-qemu.sh" "$vm_dir/boot.sh")
devices+=(
  -device "pcie-root-port,id=port1,chassis=1,addr=8"
  -device "igb,bus=port1,romfile="
)

conf() {
  printf '%s\n' "[sriov card]" "address = 0000:01:00.0" "id = 8086:10c9" "vfs = 3" "vf = 0-1" \
    "mac = 52:54:00:aa:00:10-52:54:00:aa:00:11" "vlan = 100 101" "trust = yes no" "spoofchk = no yes"
  # The driver takes a rate only while there is a link.
  [[ $variant != up ]] || printf '%s\n' "pf-up = yes" "max-tx-rate = 100"
}

# Adds no file to the image, but makes the QEMU that has such a card.
overlay() {
  "$vm_dir/images/newer-qemu-root.sh"
}

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
settings() {
  /usr/lib/passthru-test/vf-settings "$(ls /sys/bus/pci/devices/0000:01:00.0/net)" | sed "s/^/$1: /"
}
settings boot
pf=$(ls /sys/bus/pci/devices/0000:01:00.0/net)
/usr/lib/passthru-test/vf-settings "$pf" 1 7
run changed status
/usr/lib/passthru-test/vf-settings "$pf" 1 101
run same status
# The host has the same configuration as its image, as real hosts do.
mount --bind /run/passthru/image/etc/passthru.conf /etc/passthru.conf
run back release 01:10.0
driver back 0000:01:10.0
settings back
run again assign 01:10.0
settings again
END
}

# What the kernel has of a VF of which nothing is set; its driver has made up the address.
untouched="mac=[0-9a-f:]* vlan=0 rate=0 spoofchk=1 trust=0"

expect() {
  local rate=0 up=down when
  [[ $variant != up ]] || rate=100 up=up
  says "^boot: eth[0-9] $up"
  for when in boot again; do
    says "^$when: vf 0 mac=52:54:00:aa:00:10 vlan=100 rate=$rate spoofchk=0 trust=1"
    says "^$when: vf 1 mac=52:54:00:aa:00:11 vlan=101 rate=$rate spoofchk=1 trust=0"
    says "^$when: vf 2 $untouched"
  done
  says '0000:01:10.2 .*<-- vlan is 7, not 101$'
  says '^changed: exit 1'
  says '^same: exit 0'
  says '^back: exit 0'
  says '^back: 0000:01:10.0 has igbvf'
  says "^back: vf 0 $untouched"
  must_fail says "^back: vf 0 mac=52:54:00:aa:00:10"
  says '^again: exit 0'
  taken 0000:01:10.2 vfio-pci
  sysfs 0000:01:10.0 vfio-pci vfio-pci
  host_has 0000:01:10.4 igbvf
  host_has 0000:01:00.0 igb
  of_device 0000:01:10.2 "its settings" '.vf_settings.vlan == "101" and .previous_vf_settings.vlan == "0"'
  vfio_gives 0000:01:10.2
  status_is 0
}
