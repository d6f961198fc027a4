# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration and needs file are those of the stack "port": / is on an NVMe disk at 0000:01:00.0, and
# the rule is for a NIC at 0000:02:00.0.
title="buses or slots have moved: the disk is at the NIC's address, and stays the host's"
images=(systemd-storage)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case port
variants=(address id moved)

# A card was put into the first slot, so that the devices in the other slots have other bus numbers; or the
# disk was moved to another slot.
extra_card=(-device "pcie-root-port,id=port0,chassis=3,addr=1" -device "e1000,romfile=,bus=port0")
if [[ ${variant-} == moved ]]; then
  devices=("${devices[@]/chassis=1,addr=5/chassis=1,addr=7}")
else
  devices+=("${extra_card[@]}")
fi

conf() {
  printf '%s\n' "[device nic]" "address = 0000:02:00.0" "on-failure = hold"
  [[ $variant != id ]] || echo "id = 8086:10d3"
}

expect() {
  refused 0000:02:00.0 guard-storage nvme
  in_report "what was found" '.devices[0] | .rule == "nic" and .id == "1b36:0010"'
  case $variant in
    address) logged 'nic 0000:02:00\.0 .*guard-storage: the host needs it' ;;
    id) finding 0000:02:00.0 id-mismatch ;;
    moved) logged 'nic 0000:02:00\.0 .*guard-storage: .*no longer at its address' ;;
  esac
  status_is 1
}
