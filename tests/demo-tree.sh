# SPDX-License-Identifier: GPL-2.0-or-later
# The machine that README.md and docs/tour.md show: the recorded one of the demo. Sourced, bash.
# shellcheck shell=bash

# demo_tree BUILD TREE: lays it out below TREE, with / on the virtio disk, dracut and no configuration.
demo_tree() {
  "$1/unit/lay-out" tests/hosts/intel.host "$2" || return
  mkdir -p "$2"/{etc/passthru.conf.d,proc/self,run/passthru,sys/dev/block,usr/bin,usr/share/misc}
  echo "1 0 253:0 / / rw - ext4 /dev/vda rw" >"$2/proc/self/mountinfo"
  ln -sfn ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$2/sys/dev/block/253:0"
  : >"$2/usr/bin/dracut"
  # Names that are the same with each release of pci.ids.
  printf '%s\n' '1af4  Red Hat, Inc.' $'\t1001  Virtio block device' \
    '1b36  Red Hat, Inc.' $'\t000d  QEMU XHCI Host Controller' $'\t0010  QEMU NVM Express Controller' \
    '8086  Intel Corporation' $'\t10d3  82574L Gigabit Network Connection' \
    $'\t2918  82801IB (ICH9) LPC Interface Controller' \
    $'\t2922  82801IR/IO/IH (ICH9R/DO/DH) 6 port SATA Controller' $'\t2930  82801I (ICH9 Family) SMBus Controller' \
    $'\t29c0  82G33/G31/P35/P31 Express DRAM Controller' >"$2/usr/share/misc/pci.ids"
}

# demo_rules TREE: writes the rules of README.md.
demo_rules() {
  awk '/^\[device nic\]/ { on = 1 } /^```/ { on = 0 } on' README.md >"$1/etc/passthru.conf"
}

# demo_boot BUILD TREE: as after a boot that has carried out the plan.
demo_boot() {
  local address
  { "$1/passthru" check --json --root "$2" || true; } | # 1 says that there are warnings
    jq --arg version "$(<VERSION)" '.program = "passthru-init " + $version | .kernel = "6.1.0-50-amd64" |
      (.devices[] | select(.state == "planned")).state = "bound"' >"$2/report"
  mkdir -p "$2/run/passthru"
  mv "$2/report" "$2/run/passthru/report.json"
  for address in $(jq -r '.devices[] | select(.state == "bound").address' "$2/run/passthru/report.json"); do
    demo_bind "$2" "$address" vfio-pci
  done
}

# demo_bind TREE ADDRESS DRIVER: binds a device on the root bus to the driver.
demo_bind() {
  local device=$1/sys/devices/pci0000:00/$2
  rm -f "$1"/sys/bus/pci/drivers/*/"$2"
  mkdir -p "$1/sys/bus/pci/drivers/$3"
  ln -sfn "../../../bus/pci/drivers/$3" "$device/driver"
  ln -s "../../../../devices/pci0000:00/$2" "$1/sys/bus/pci/drivers/$3/$2"
  sed -i "s/^DRIVER=.*/DRIVER=$3/" "$device/uevent"
}

# demo_modules TREE: a kernel with the stub driver as a module, and an agent for the images that are made there.
demo_modules() {
  local kernel=$1/lib/modules/6.1.0-50-amd64
  mkdir -p "$kernel/kernel/drivers/vfio/pci" "$1/usr/lib/passthru"
  "${CC:-cc}" -x c -c -o "$kernel/kernel/drivers/vfio/pci/vfio-pci.ko" - <<<"int unused;"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "${kernel##*/}" 2>/dev/null
  echo agent >"$1/usr/lib/passthru/passthru-init"
}
