#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-install.sh LAYOUT VERSION CMDLINE, run in the Debian root: has kernel-install(8) install that kernel with
# boot counting, and with /mnt/initrd as what a generator of initrds would have made. What is on the ESP then is
# in /mnt/made. The ESP has to be a mount point.
set -eu
layout=$1 version=$2
mkdir -p /mnt/esp /etc/kernel
mount -t tmpfs -o size=90% tmpfs /mnt/esp
mkdir -p /mnt/esp/EFI/Linux /mnt/esp/loader
echo type1 >/mnt/esp/loader/entries.srel
printf '%s\n' "layout=$layout" initrd_generator=none uki_generator=ukify BOOT_ROOT=/mnt/esp >/etc/kernel/install.conf
echo 3 >/etc/kernel/tries
echo "$3" >/etc/kernel/cmdline
echo test >/etc/kernel/entry-token
systemd-machine-id-setup
export SYSTEMD_RELAX_ESP_CHECKS=1 SYSTEMD_RELAX_XBOOTLDR_CHECKS=1
status=0
kernel-install --verbose add "$version" "/boot/vmlinuz-$version" /mnt/initrd || status=$?
cp -r /mnt/esp /mnt/made
exit $status
