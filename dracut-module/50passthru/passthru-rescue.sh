#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In an image without systemd. Runs each time that udev has settled and the root device is still
# missing. The agent decides whether a device that it took is the reason. dracut sources this file.

if [ -e /run/passthru/rescue ]; then
  /usr/lib/passthru/passthru-init --rescue
fi
