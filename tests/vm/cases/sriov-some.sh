# SPDX-License-Identifier: GPL-2.0-or-later
title="of four virtual functions two are taken, one by another rule, and so when they are made or found again"
images=(systemd)
cmdline="init=/usr/lib/passthru-test/hotplug-init"
cmdline+=" passthru-test.hotplug=vfs:0000:01:00.0=0,call:0000:01:00.0,vfs:0000:01:00.0=0,again:0000:01:00.0"
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "path = pci0000:00/08.0/00.0" "vfs = 4" "vf = 0, 2" \
    "[device one]" "path = pci0000:00/08.0/00.0" "vf = 3" "driver = pci-stub"
}

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
run physical assign 01:00.0
run function assign 01:00.2
driver function 0000:01:00.2
run back release 01:00.2
run taken release 01:00.1
udevadm trigger --action=add --settle /sys/bus/pci/devices/0000:01:00.[01]
driver taken 0000:01:00.1
run again assign 01:00.1
END
}

expect() {
  says 'in-use: 4 VFs are enabled'
  says '^physical: exit 1'
  says '^function: exit 0'
  says '^function: 0000:01:00.2 has vfio-pci, override vfio-pci'
  says '^back: exit 0'
  says '^taken: exit 0'
  says '^taken: 0000:01:00.1 has .*, override \(null\)'
  says '^again: exit 0'
  sysfs 0000:01:00.1 vfio-pci vfio-pci
  of_device 0000:01:00.1 "bound" '.state == "bound"'
  taken 0000:01:00.3 vfio-pci
  host_has 0000:01:00.0 nvme
  taken 0000:01:00.4 pci-stub
  host_tried 0000:01:00.2
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 4 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  came 0000:01:00.3 3
  status_is 0
}
