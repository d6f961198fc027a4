#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# picture.sh BUILD FILE: writes the picture of the demo's machine in README.md: FILE.dot, and FILE.svg where
# there is Graphviz. The machine is the recorded one, with the rules of README.md.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

build=$1 file=$2
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

"$build/unit/lay-out" tests/hosts/intel.host "$tree"
mkdir -p "$tree"/{etc,proc/self,sys/dev/block,usr/share/misc}
echo "1 0 253:0 / / rw - ext4 /dev/vda rw" >"$tree/proc/self/mountinfo"
ln -sfn ../../devices/pci0000:00/0000:00:10.0/virtio0/block/vda "$tree/sys/dev/block/253:0"
awk '/^\[device nic\]/ { on = 1 } /^```/ { on = 0 } on' README.md >"$tree/etc/passthru.conf"
# Names that are the same with each release of pci.ids.
printf '%s\n' '1af4  Red Hat, Inc.' $'\t1001  Virtio block device' \
  '1b36  Red Hat, Inc.' $'\t000d  QEMU XHCI Host Controller' $'\t0010  QEMU NVM Express Controller' \
  '8086  Intel Corporation' $'\t10d3  82574L Gigabit Network Connection' $'\t2918  82801IB (ICH9) LPC Interface Controller' \
  $'\t2922  82801IR/IO/IH (ICH9R/DO/DH) 6 port SATA Controller' $'\t2930  82801I (ICH9 Family) SMBus Controller' \
  $'\t29c0  82G33/G31/P35/P31 Express DRAM Controller' >"$tree/usr/share/misc/pci.ids"
"$build/passthru" list --dot --root "$tree" >"$file.dot"
if command -v dot >/dev/null; then
  "$build/passthru" list --svg --root "$tree" >"$file.svg"
fi
