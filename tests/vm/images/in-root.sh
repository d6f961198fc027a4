#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# in-root.sh ROOT CONF WORK COMMAND...
# Runs a command in the Debian root, in a mount namespace of its own: nothing stays mounted, and
# commands with different configurations can run at the same time. The command sees CONF (- for none)
# as /etc/passthru.conf and WORK as /mnt; its temporary files are in WORK. Called as root by
# `as_root unshare --mount`.
set -euo pipefail

root=$1 conf=$2 work=$3
shift 3

# A private copy of /etc, because a mount cannot hide a file.
cp -a "$root/etc" "$work/etc"
rm -rf "$work/etc/passthru.conf" "$work/etc/passthru.conf.d"
if [[ $conf != - ]]; then
  install -m 644 "$conf" "$work/etc/passthru.conf"
fi
mount --bind "$work/etc" "$root/etc"
mount --bind "$work" "$root/mnt"
# Builds keep the last good configuration here: that of other commands is not theirs.
mkdir -p "$work/kept" "$root/var/lib/passthru"
mount --bind "$work/kept" "$root/var/lib/passthru"
mount -t proc proc "$root/proc"
mkdir -p "$work/tmp"
mount --bind "$work/tmp" "$root/var/tmp"

# Images must not depend on the PCI devices of the machine that makes them: hide them.
mount -t tmpfs tmpfs "$root/sys"
mkdir -p "$root/sys/bus/pci/devices"

exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 "$@"
