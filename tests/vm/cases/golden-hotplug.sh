# SPDX-License-Identifier: GPL-2.0-or-later
# Two processors, so that udev's workers run in parallel. For a rule by id, with or without an address, the
# stub driver binds to the device before udev sees it; for one by path or class alone, systemd-udevd has to
# call the agent.
title="a whole Debian: what is plugged in, or removed and found again, is taken under its own udevd"
quick=golden-dracut
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
boot=("$vm_dir/boots/hotplug.sh" "e1000e,bus=port1,romfile=")
# shellcheck disable=SC2054 # the commas are QEMU's
devices+=("${empty_ports[@]}" -device "e1000,addr=5,romfile=" -smp 2)

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" \
    "[device disk]" "id = 1b36:0010" \
    "[device usb]" "class = 0c0330" \
    "[device second]" "path = pci0000:00/05.0" \
    "[device plugged]" "path = pci0000:00/08.0/00.0"
}

# The host's drivers are loaded before the devices are added.
commands() {
  cat "$vm_dir/inside/assign-lib.sh"
  cat <<'END'
modprobe -a e1000e nvme xhci_pci e1000
echo "hotplug-init: plug 0000:01:00.0" >/dev/console
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  [ -e /sys/bus/pci/devices/0000:01:00.0 ] || sleep 1
done
udevadm settle --timeout=120
driver plugged 0000:01:00.0
for device in 00:02.0 00:03.0 00:04.0 00:05.0 01:00.0; do
  found_again "0000:$device"
  driver again "0000:$device"
done
systemctl restart passthru-verify.service
echo "verified: exit $?"
END
}

expect() {
  local device
  says '^plugged: 0000:01:00.0 has vfio-pci, override vfio-pci'
  for device in 00:02.0 00:03.0 00:04.0 00:05.0 01:00.0; do
    says "^again: 0000:$device has vfio-pci, override vfio-pci"
    sysfs "0000:$device" vfio-pci vfio-pci
    of_device "0000:$device" "bound" '.state == "bound" and .driver == "vfio-pci"'
    came "0000:$device" 2
  done
  says '^verified: exit 0'
  status_is 0
  # The finding was about the device that was absent at boot.
  host_is_well passthru-init.service
}
