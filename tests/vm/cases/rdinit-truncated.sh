# SPDX-License-Identifier: GPL-2.0-or-later
# If the archive is cut off inside the agent, the kernel has no rdinit= program and runs /init. If it is cut
# off after the agent, only the stub drivers are missing.
title="rdinit= and an archive that is cut off: with the agent in it, all is claimed; /init runs"
images=(systemd-rdinit classic-rdinit initramfs-rdinit)
variants=(configuration agent stubs)
cmdline="rdinit=/passthru-init"
boot=(boot_truncated)

# boot_truncated OUT INITRD...
boot_truncated() {
  local end
  case $variant in
    configuration) end=$(entry_in "$2" etc/passthru.conf) ;;
    agent) end=$(($(entry_in "$2" usr/lib/passthru/passthru-init) + 100000)) ;;
    stubs) end=$(entry_in "$2" 'usr/lib/passthru/modules/.*/modules\.dep\.bin') ;;
  esac
  truncate -s "$end" "$2"
  "$vm_dir/boot.sh" "$@"
}

nothing_done() {
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  host_has 0000:00:04.0 xhci_hcd
  status_is 3
}

all_claimed() {
  local address
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    fenced "$address" claimed vfio-pci
    finding "$address" stub-missing
  done
  status_is 1
}

expect() {
  if [[ $variant == stubs ]]; then
    all_claimed
  else
    nothing_done
  fi
}
