#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# in-root.sh ROOT WORK COMMAND...: runs COMMAND, as root and without a network, in the folder WORK of a
# Debian root, where WORK is /build. What it writes elsewhere is gone afterwards. Called by
# `as_root unshare --mount --net --pid --fork`.
set -euo pipefail

root=$1 work=$2
shift 2

layers=$work/layers
merged=$work/root
mkdir -p "$layers" "$merged"
mount -t tmpfs tmpfs "$layers"
mkdir "$layers"/{upper,work}
mount -t overlay overlay -o "lowerdir=$root,upperdir=$layers/upper,workdir=$layers/work" "$merged"
mkdir -p "$merged/build"
mount --bind "$work" "$merged/build"
mount -t proc proc "$merged/proc"
mount -t tmpfs tmpfs "$merged/tmp"
mount --rbind /dev "$merged/dev" # with its pseudo-terminals

exec chroot "$merged" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 \
  sh -c 'cd /build && exec "$@"' - "$@"
