#!/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# PID 1 of a root on a storage stack. Its /usr is that of the Debian disk, so it can be small. What
# goes on from there is as in any other boot, or the program that stack-init= names.
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
