#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# in-root.sh ROOT CONF WORK COMMAND...
# Runs a command in the Debian root, in a mount namespace of its own: nothing stays mounted,
# and commands with different configurations can run side by side. CONF is /etc/passthru.conf
# for this command, or - for none. WORK is /mnt for it; temporary files go there too.
# Called as root by `as_root unshare --mount`.
set -euo pipefail

root=$1 conf=$2 work=$3
shift 3

# A private copy of /etc, since a file cannot be hidden by a mount.
cp -a "$root/etc" "$work/etc"
rm -rf "$work/etc/passthru.conf" "$work/etc/passthru.conf.d"
if [[ $conf != - ]]; then
  install -m 644 "$conf" "$work/etc/passthru.conf"
fi
mount --bind "$work/etc" "$root/etc"
mount --bind "$work" "$root/mnt"
mount -t proc proc "$root/proc"
mkdir -p "$work/tmp"
mount --bind "$work/tmp" "$root/var/tmp"

# A machine without any PCI device, whatever the real one has: no image may depend on it.
mount -t tmpfs tmpfs "$root/sys"
mkdir -p "$root/sys/bus/pci/devices"

exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 "$@"
