#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In pre-mount of an image with systemd: the root device is there. A file system check, which comes
# next, can take long. dracut sources this file.

systemctl stop passthru-rescue.service
