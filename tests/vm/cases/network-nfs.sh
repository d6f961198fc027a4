# SPDX-License-Identifier: GPL-2.0-or-later
title="/ on nfs: its only network card stays the host's, and one that was taken comes back"
# shellcheck source=tests/vm/lib/network-case.sh
source "$vm_dir/lib/network-case.sh"
network_case nfs
images=(initramfs-network classic-network)
[[ $suite == bookworm ]] || images=(initramfs-network systemd-network)
variants=(control guarded recorded rescued)
