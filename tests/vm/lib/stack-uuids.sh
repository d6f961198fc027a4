# SPDX-License-Identifier: GPL-2.0-or-later
# The same on every stack: of the root's file system, and of the LUKS volume or the array (as mdadm
# writes it) that it is in. Sourced, by bash here and by POSIX sh in a VM.
# shellcheck shell=sh disable=SC2034

root_uuid=5f0a1c36-77c2-4c1e-9d58-0d2f6f1b8a01
luks_uuid=5f0a1c36-77c2-4c1e-9d58-0d2f6f1b8a02
array_uuid=5f0a1c36:77c24c1e:9d580d2f:6f1b8a03
