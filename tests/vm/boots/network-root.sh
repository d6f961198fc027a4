#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# network-root.sh OUT INITRD CMDLINE [QEMU-OPTION...]: runs boot.sh beside a server of the root file system, $SERVER:
# nbd, nfs or iscsi; with VLAN=ID, beside a switch that passes that VLAN alone. Both are in namespaces of their own,
# which end with the boot; the guest's user network reaches the server at 192.0.2.1.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/network.sh
source "$vm_dir/lib/network.sh"

address=$network_server
# As in boot.sh, but for the root.
append=(
  ro init=/usr/lib/passthru-test/init intel_iommu=on rd.modules_load=e1000e
  panic=-1 rd.shell=0 rd.emergency=poweroff rd.skipfsck log_buf_len=1M no_timer_check
)

# Another address than that of the loopback device, which an iSCSI target would tell its initiators.
make_network() {
  ip link set lo up
  ip address add "$address/32" dev lo
  mount -t tmpfs tmpfs /run
}

# wait_for PORT
wait_for() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    ! (: <"/dev/tcp/$address/$1") 2>/dev/null || return 0
    sleep 0.1
  done
  die "no server at port $1"
}

serve_nbd() {
  qemu-nbd --read-only --format=raw --export-name=root --persistent --shared=8 --bind="$address" --port=10809 \
    "$suite_dir/disk.img" &
  wait_for 10809
}

# /nfs for version 4, the folder for 3, which needs rpcbind. Owners go as numbers: for a name, the kernel would start
# a program of the root that it is about to read.
serve_nfs() {
  cat >"$out/ganesha.conf" <<CONF
NFS_CORE_PARAM { Protocols = 3, 4; mount_path_pseudo = false; Enable_NLM = false; Enable_RQUOTA = false; }
NFSv4 { Only_Numeric_Owners = true; Grace_Period = 1; Lease_Lifetime = 120; Graceless = true; RecoveryBackend = fs; RecoveryRoot = /run/ganesha; }
EXPORT {
  Export_Id = 1; Path = $root_dir; Pseudo = /nfs; Access_Type = RO; Squash = None; SecType = sys; Transports = TCP, UDP;
  FSAL { Name = VFS; }
}
CONF
  mkdir -p /run/rpcbind /run/ganesha
  rpcbind -w
  ganesha.nfsd -F -f "$out/ganesha.conf" -L "$out/ganesha.log" -p /run/ganesha.pid &
  wait_for 2049
}

# The disk is shared: what cannot be opened for writing is served as read-only.
serve_iscsi() {
  mkdir -p /run/tgtd
  mount --bind "$suite_dir/disk.img" "$suite_dir/disk.img"
  mount -o remount,bind,ro "$suite_dir/disk.img"
  tgtd --foreground --iscsi "portal=$address:3260" &
  wait_for 3260
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iscsi_target"
  tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 --backing-store "$suite_dir/disk.img"
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

# The ports of lib/network.sh, network_vlan.
start_switch() {
  "${CC:-cc}" -O2 -Wall -o "$out/vlan-tagger" "$vm_dir/boots/vlan-tagger.c"
  "$out/vlan-tagger" "$VLAN" 7001 7002 7003 7004 &
}

main() {
  local namespaces=(--net --mount --pid --fork --kill-child)
  if [[ ! ${IN_NAMESPACE-} ]]; then
    [[ $(id -u) == 0 ]] || namespaces+=(--user --map-root-user)
    exec env IN_NAMESPACE=yes unshare "${namespaces[@]}" "$0" "$@"
  fi
  out=$1
  make_network
  "serve_$SERVER" >"$out/server.log" 2>&1
  [[ ! ${VLAN-} ]] || start_switch
  APPEND="${append[*]}" "$vm_dir/boot.sh" "$@"
}

main "$@"
