# SPDX-License-Identifier: GPL-2.0-or-later
# In initramfs and real root only systemd-udevd.service calls the agent, in its sandbox: every device that
# is taken was taken from there.
title="under systemd-udevd.service: virtual functions, and what is found again by path or class alone"
images=(systemd)
boot=(env LIMIT=300 "$vm_dir/boot.sh")
cmdline="init=/usr/lib/systemd/systemd systemd.wants=passthru-test.service"
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[device nic]" "class = 020000" "[device usb]" "path = pci0000:00/04.0" \
    "[sriov fast]" "address = 0000:01:00.0" "vfs = 3"
}

commands() {
  cat <<'END'
. /usr/lib/passthru-test/assign-lib.sh
systemctl show -p ActiveState,RestrictSUIDSGID systemd-udevd
lsmod | grep -E '^(e1000e|xhci_pci|nvme) '
for device in 0000:00:02.0 0000:00:04.0; do
  echo 1 >/sys/bus/pci/devices/$device/remove
done
echo 1 >/sys/bus/pci/rescan
udevadm settle --timeout=60
driver again 0000:00:02.0
driver again 0000:00:04.0
journalctl -b --no-pager | grep 'failed with exit code'
END
}

expect() {
  local function
  says '^ActiveState=active'
  says '^RestrictSUIDSGID=yes'
  says '^e1000e '
  for function in 1 2 3; do
    taken "0000:01:00.$function" vfio-pci
  done
  host_has 0000:01:00.0 nvme
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:04.0 vfio-pci
  says '^again: 0000:00:02.0 has vfio-pci, override vfio-pci'
  says '^again: 0000:00:04.0 has vfio-pci, override vfio-pci'
  ! grep 'failed with exit code' "$out/commands.txt" >/dev/null || fail "udev: $(grep -m1 failed "$out/commands.txt")"
  status_is 0
}
