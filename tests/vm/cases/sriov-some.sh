# SPDX-License-Identifier: GPL-2.0-or-later
title="of four virtual functions two are taken, one by another rule, and so when they are made or found again"
images=(systemd)
cmdline="init=/usr/lib/passthru-test/late-init"
cmdline+=" passthru-test.late=vfs:0000:01:00.0=0,call:0000:01:00.0,vfs:0000:01:00.0=0,again:0000:01:00.0"
devices+=("${sriov_nvme[@]}")

conf() {
  printf '%s\n' "[sriov fast]" "path = pci0000:00/08.0/00.0" "vfs = 4" "vf = 0, 2" \
    "[device one]" "path = pci0000:00/08.0/00.0" "vf = 3" "driver = pci-stub"
}

expect() {
  taken 0000:01:00.1 vfio-pci
  taken 0000:01:00.3 vfio-pci
  host_has 0000:01:00.0 nvme
  taken 0000:01:00.4 pci-stub
  host_tried 0000:01:00.2
  [[ $(<"$out/sriov.txt") == "0000:01:00.0 4 1" ]] || fail "sriov: $(<"$out/sriov.txt")"
  came 0000:01:00.3 3
  status_is 0
}
