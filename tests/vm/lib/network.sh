# SPDX-License-Identifier: GPL-2.0-or-later
# Roots on the network, which boots/network-root.sh serves. Sourced, bash, after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154

network_server=192.0.2.1
network_mac=52:54:00:12:34:02
# By its address, since the interfaces have other names when the agent has taken one. Images without systemd have no
# predictable names.
dracut_ip="ifname=lan0:$network_mac ip=lan0:dhcp rd.neednet=1"
iscsi_target=iqn.2026-01.test:root

# network_cmdline SERVER IMAGE: what the kernel command line says, in the form of the framework.
network_cmdline() {
  case $1-$2 in
    nbd-initramfs-*) echo "root=/dev/nbd0 nbdroot=$network_server:10809/root ip=:::::enp0s2:dhcp" ;;
    nbd-*) echo "root=nbd:$network_server:root:ext4 $dracut_ip" ;;
    # klibc's nfsmount has version 3 alone.
    nfs-initramfs-*) echo "root=/dev/nfs boot=nfs nfsroot=$network_server:$root_dir ip=:::::enp0s2:dhcp" ;;
    nfs-*) echo "root=nfs4:$network_server:/nfs:ro,vers=4.1 $dracut_ip" ;;
    iscsi-initramfs-*)
      echo "root=/dev/sda ip=:::::enp0s2:dhcp iscsi_initiator=iqn.2026-01.test:guest iscsi_target_name=$iscsi_target" \
        "iscsi_target_ip=$network_server"
      ;;
    iscsi-*)
      echo "root=/dev/sda netroot=iscsi:$network_server::::$iscsi_target $dracut_ip" \
        "rd.iscsi.initiator=iqn.2026-01.test:guest"
      ;;
  esac
}

# network_mount SERVER: the line of / in /proc/mounts.
network_mount() {
  case $1 in
    nbd) echo '^/dev/(nbd0|root) / ext4 ' ;;
    nfs) echo "^$network_server:.* / nfs" ;;
    iscsi) echo '^/dev/sda / ext4 ' ;;
  esac
}

# In place of "-netdev user,id=lan", where boots/network-root.sh starts a switch.
# shellcheck disable=SC2054 # the commas are QEMU's
network_vlan=(
  -netdev socket,id=lan,udp=127.0.0.1:7001,localaddr=127.0.0.1:7002
  -netdev user,id=user -netdev hubport,id=hub1,hubid=1,netdev=user
  -netdev socket,id=switch,udp=127.0.0.1:7003,localaddr=127.0.0.1:7004 -netdev hubport,id=hub2,hubid=1,netdev=switch
)
