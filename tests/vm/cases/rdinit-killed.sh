# SPDX-License-Identifier: GPL-2.0-or-later
title="rdinit= and an agent that is killed: PID 1 is none the worse for it, and /init runs"
images=(systemd-rdinit initramfs-rdinit)
cmdline="rdinit=/killer"

# A child of PID 1 that kills the next child. Some shells start none without /dev/null.
overlay() {
  cat >"$1/killer" <<'END'
#!/bin/sh
mount -t devtmpfs devtmpfs /dev
mkdir /killer.proc
mount -t proc proc /killer.proc
(
  read -r self _ </killer.proc/self/stat
  victim=$self
  while [ "$victim" = "$self" ]; do
    for victim in $(cat /killer.proc/1/task/1/children); do
      [ "$victim" = "$self" ] || kill -KILL "$victim"
    done
  done
  umount -l /killer.proc
) &
exec /passthru-init
END
  chmod 755 "$1/killer"
}

expect() {
  grep -q 'passthru: the agent did not come to its end' "$out/console.log" ||
    fail "nobody said that the agent was killed"
  [[ $(<"$out/devices.txt") ]] || fail "no devices"
}
