# SPDX-License-Identifier: GPL-2.0-or-later
title="an agent that hangs and cannot be asked to stop: the unit's limits end it, the boot goes on"
images=(systemd)

# sleep inherits the ignored signal.
overlay() {
  mkdir -p "$1/usr/lib/passthru"
  printf '%s\n' "#!/bin/sh" "trap '' TERM" "echo agent-hangs: begins >/dev/kmsg" "exec sleep 3600" \
    >"$1/usr/lib/passthru/passthru-init"
  chmod 755 "$1/usr/lib/passthru/passthru-init"
}

# TimeoutStartSec=20, TimeoutStopSec=2, and the time that systemd takes on an emulated CPU.
expect() {
  local begin end
  begin=$(second_of 'agent-hangs: begins') end=$(second_of 'e1000e 0000:00:02.0')
  if [[ $begin && $end ]]; then
    ((end - begin >= 20 && end - begin <= 35)) || fail "the boot stood for $((end - begin)) s"
  else
    fail "began at '$begin', e1000e came at '$end'"
  fi
  host_has 0000:00:02.0 e1000e
  host_has 0000:00:03.0 nvme
  status_is 3
}
