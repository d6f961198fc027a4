#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The agent in an image without systemd. dracut sources this file: an exit here would end
# /init, and whatever the agent meets, the boot goes on. The agent reports its errors itself;
# one that died could not.

/usr/lib/passthru/passthru-init
passthru_status=$?
if [ "$passthru_status" -gt 127 ]; then
  warn "passthru: the agent died with status $passthru_status, devices may be unprotected"
fi
unset passthru_status
