# SPDX-License-Identifier: GPL-2.0-or-later
# The only rule is for the USB controller: the agent loads vfio-pci for it, which by its own ids= would bind
# to the disk that / is on. Without the needs file only the rescue returns the disk.
title="/ is on a disk that modprobe.d names in ids=: it is the host's in the end, what nobody needs is taken"
images=(systemd-storage classic-storage)
variants=(record rescue)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

conf() {
  [[ $variant == record ]] || printf '%s\n' "[passthru]" "root-grace = 3"
  printf '%s\n' "[device usb]" "class = 0c0330"
}

# The list is continued on a second line, and overrides that of an earlier file.
overlay() {
  mkdir -p "$1"/{etc,usr/lib}/modprobe.d
  "$vm_dir/images/stacks.sh"
  printf '%s\n' "# as so many have it" "options vfio-pci ids=1b36:0010,\\" 8086:10d3 \
    >"$1/usr/lib/modprobe.d/vfio.conf"
  echo "options vfio_pci ids=1b36:000d" >"$1/etc/modprobe.d/old.conf"
  [[ $variant == rescue ]] || record "$1"
}

commands() {
  printf '%s\n' "cat /run/passthru/image/usr/lib/modprobe.d/vfio.conf" \
    "modprobe vfio-pci ids=1b36:0010" "passthru check --cmdline ''; echo \"check: \$?\""
}

expect() {
  of_device 0000:00:04.0 "rule usb" '.rule == "usb"'
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "rule vfio-pci.ids" '.rule == "vfio-pci.ids"'
  finding - option-overridden
  logged '/etc/modprobe.d/old.conf:1: vfio-pci.ids=1b36:000d has no effect.* from /usr/lib/modprobe.d/vfio.conf:2'
  says '^options vfio-pci ids=1b36:0010,'
  if [[ $variant == record ]]; then
    refused "$address" guard-storage nvme
    taken 0000:00:03.0 vfio-pci
    taken 0000:00:04.0 vfio-pci
  else
    # / could have been on a disk of any of these.
    returned 0000:00:04.0 xhci_hcd 3
    returned "$address" nvme 3
    returned 0000:00:03.0 nvme 3
  fi
  ! grep -q 'vfio_pci: add \[' "$out/dmesg.txt" || fail "vfio-pci got ids of its own"
  status_is 1
}
