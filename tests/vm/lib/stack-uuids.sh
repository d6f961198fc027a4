# SPDX-License-Identifier: GPL-2.0-or-later
# UUIDs, the same for every stack: of the root file system, and of the LUKS volume or the array (in
# mdadm's form) that it is in. Sourced by the scripts, bash, and in the guest, POSIX sh.
# shellcheck shell=sh disable=SC2034

root_uuid=5f0a1c36-77c2-4c1e-9d58-0d2f6f1b8a01
luks_uuid=5f0a1c36-77c2-4c1e-9d58-0d2f6f1b8a02
array_uuid=5f0a1c36:77c24c1e:9d580d2f:6f1b8a03
