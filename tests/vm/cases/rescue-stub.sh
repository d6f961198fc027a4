# SPDX-License-Identifier: GPL-2.0-or-later
title="/ is on a disk that vfio-pci took though no rule matches it: given back, the boot goes on by itself"
images=(systemd-storage classic-storage)
variants=(ids new_id)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme

# The agent loads vfio-pci for the network card.
conf() {
  printf '%s\n' "[passthru]" "root-grace = 3" "[device nic]" "address = 0000:00:02.0"
}

# vfio-pci gets the ID of the disk by its own option, or by new_id from a script that runs after the agent
# and before any host driver is loaded. Where dracut has its hooks depends on its version.
record() {
  local hooks
  if [[ $variant == ids ]]; then
    mkdir -p "$1/etc/modprobe.d"
    echo "options vfio-pci ids=$id" >"$1/etc/modprobe.d/stub.conf"
    return
  fi
  for hooks in usr/lib/dracut/hooks var/lib/dracut/hooks; do
    mkdir -p "$1/$hooks/cmdline"
    echo "echo ${id/:/ } >/sys/bus/pci/drivers/vfio-pci/new_id" >"$1/$hooks/cmdline/00-zz-stub.sh"
    chmod +x "$1/$hooks/cmdline/00-zz-stub.sh"
  done
}

expect() {
  local disk
  taken 0000:00:02.0 vfio-pci
  for disk in "$address" 0000:00:03.0; do
    of_device "$disk" "state returned" '.state == "returned"'
    finding "$disk" returned
    sysfs "$disk" nvme '(null)'
  done
  [[ ! -e $out/rescue ]] || fail "/run/passthru/rescue is still there"
  status_is 1
}
