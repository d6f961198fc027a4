# SPDX-License-Identifier: GPL-2.0-or-later
# 1234 is nobody's number on that host, and vfio-probe runs as that user. No device of QEMU 7.2 has a BAR that
# can be resized.
title="settings: set before drivers and after, opened by an unprivileged user, and set back"
images=(systemd)
boot=(env LIMIT=300 "$vm_dir/boot.sh")
# Alone behind its port, it can be reset with the bus as well.
devices+=(-device pcie-root-port,id=port1,chassis=1,addr=8 -device nvme,serial=alone,bus=port1)
cmdline="init=/usr/lib/systemd/systemd systemd.wants=passthru-test.service"

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "reset-method = flr" "d3cold = no" "power-control = on" \
    "rebar = 0:256M" "owner = 1234:1234" "mode = 0660" \
    "[device disk]" "address = 0000:00:03.0" \
    "[device usb]" "address = 0000:00:04.0" "reset-method = af_flr" "d3cold = no" "owner = 1234" "mode = 0640" \
    "[device alone]" "address = 0000:01:00.0" "reset-method = bus flr"
}

commands() {
  cat "$vm_dir/inside/assign-lib.sh"
  cat <<'END'
pci=/sys/bus/pci/devices
# state WHEN ADDRESS: prints what can be set of it.
state() {
  echo "$1: $2 reset '$(cat $pci/$2/reset_method)', d3cold $(cat $pci/$2/d3cold_allowed), power $(cat $pci/$2/power/control)"
}
# node WHEN ADDRESS: prints who may open it.
node() {
  echo "$1: node of $2 $(stat -c %u:%g:%a "/dev/vfio/$(basename "$(readlink $pci/$2/iommu_group)")")"
}
as_user() {
  setpriv --reuid=1234 --regid=1234 --clear-groups /usr/lib/passthru-test/vfio-probe "$@"
}
udevadm settle --timeout=60
for device in 0000:00:02.0 0000:00:03.0 0000:00:04.0 0000:01:00.0; do
  state booted $device
  node booted $device
done
echo "user: $(as_user 0000:00:02.0 2>&1)"
echo "user: $(as_user 0000:00:03.0 2>&1)"
cat /run/udev/rules.d/60-passthru.rules

# Its node goes and comes with the driver: udev gives it the owner.
group=$(basename "$(readlink $pci/0000:00:02.0/iommu_group)")
echo 0000:00:02.0 >/sys/bus/pci/drivers/vfio-pci/unbind
echo "unbound: $(ls /dev/vfio/$group 2>&1)"
echo 0000:00:02.0 >/sys/bus/pci/drivers/vfio-pci/bind
udevadm settle --timeout=60
node again 0000:00:02.0
echo "again: $(as_user 0000:00:02.0 2>&1)"

run release-alone release 01:00.0
state released 0000:01:00.0
run assign-alone assign 01:00.0 --reset-method bus
state assigned 0000:01:00.0
# The agent does the same for a device that is claimed already: what it had before that stays.
run assign-alone-again assign 01:00.0 --reset-method flr
state assigned-again 0000:01:00.0
run release-alone-again release 01:00.0
state released-again 0000:01:00.0

# It is set back, and so is what `passthru assign` sets.
run release release 00:02.0
state released 0000:00:02.0
run assign assign 00:02.0 --d3cold no --mode 0640 --owner 1234
state assigned 0000:00:02.0
node assigned 0000:00:02.0
run assign-again assign 00:02.0 --d3cold no
run release-again release 00:02.0
state released-again 0000:00:02.0

# Found again, it gets all that its rule says from the agent, which udev calls.
found_again 0000:00:04.0
driver found 0000:00:04.0
state found 0000:00:04.0
node found 0000:00:04.0
echo "found: $(as_user 0000:00:04.0 2>&1)"
END
}

expect() {
  taken 0000:00:03.0 vfio-pci
  # It has no FLR.
  says "^booted: 0000:00:02.0 reset 'pm', d3cold 0, power on"
  logged 'setting-failed: could not set reset-method = flr: .*; it stays pm'
  finding 0000:00:04.0 setting-unsupported
  says "^booted: 0000:01:00.0 reset 'bus flr', "
  says "^released: 0000:01:00.0 reset 'flr bus', "
  says "^assigned: 0000:01:00.0 reset 'bus', "
  says "^assigned-again: 0000:01:00.0 reset 'flr', "
  says "^released-again: 0000:01:00.0 reset 'flr bus', "
  says "^booted: node of 0000:00:02.0 1234:1234:660"
  says "^booted: 0000:00:03.0 reset '.*', d3cold 1, power auto"
  says '^booted: node of 0000:00:03.0 0:0:600'
  says '^user: 0000:00:02.0 yes'
  says '^user: 0000:00:03.0 no group: Permission denied'
  logged 'setting-unsupported: rebar = 0:256M: '
  says '^unbound: .*No such file'
  says '^again: node of 0000:00:02.0 1234:1234:660'
  says '^again: 0000:00:02.0 yes'
  says '^release: exit 0'
  says "^released: 0000:00:02.0 reset 'pm', d3cold 1, power on"
  says '^assign: exit 0'
  says "^assigned: 0000:00:02.0 reset 'pm', d3cold 0, power auto"
  says '^assigned: node of 0000:00:02.0 1234:0:640'
  says '^release-again: exit 0'
  says "^released-again: 0000:00:02.0 reset 'pm', d3cold 1, power on"
  says '^found: 0000:00:04.0 has vfio-pci'
  says "^found: 0000:00:04.0 .*, d3cold 0, "
  says '^found: node of 0000:00:04.0 1234:0:640'
  says '^found: 0000:00:04.0 yes'
}
