# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs-tools has no such parameters.
title="/ on NBD through a bond, a bridge or a VLAN: the card below it stays the host's, or comes back"
# shellcheck source=tests/vm/lib/network-case.sh
source "$vm_dir/lib/network-case.sh"
whole=${variant-}
links=${whole%-*} variant=${whole#*-}
network_case nbd
images=(classic-network) variants=({bond,bridge,vlan}-{guarded,rescued})
[[ $suite == bookworm ]] || images=(systemd-network)
case $links in
  bond) link=bond0 create=bond=bond0:lan0:mode=active-backup ;;
  bridge) link=br0 create=bridge=br0:lan0 ;;
  vlan)
    link=lan0.5 create=vlan=lan0.5:lan0
    # Outside the VLAN is no router, for whose word systemd-networkd would wait until it gives up.
    [[ ${image-} != systemd-* ]] || create+=" ip=lan0:link6"
    devices=("${network_vlan[@]}" "${devices[@]:2}")
    boot=(env VLAN=5 "${boot[@]:1}")
    ;;
esac
cmdline=${cmdline/ip=lan0:/${create-} ip=${link-}:}
