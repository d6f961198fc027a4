#!/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# PID 1 of a root on a storage stack. The root is small, since it mounts /usr from the Debian disk. Runs
# the same program as any other boot, or the one given by stack-init=.
# shellcheck shell=dash

program=/usr/lib/passthru-test/init
read -r cmdline </proc/cmdline
for word in $cmdline; do
  case $word in
    stack-init=*) program=${word#*=} ;;
  esac
done
/busybox mount -t ext4 -o ro /dev/vda /mnt
/busybox mount -o bind /mnt/usr /usr
exec "$program"
