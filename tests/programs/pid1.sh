# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init as PID 1 of a namespace, where it can mount and see less than in an initramfs.
# Sourced, bash.
# shellcheck shell=bash disable=SC2154

# compile_init PATH: an init that prints its PID and arguments, and whether /proc and /run are there.
compile_init() {
  "${CC:-cc}" -static -o "$tree/${1#/}" -x c - <<'END'
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	printf("init %d:", getpid());
	for (int i = 0; i < argc; i++)
		printf(" %s", argv[i]);
	printf(", proc %d, run %d\n", access("/proc/self", F_OK), access("/run/passthru", F_OK));
}
END
}

run_pid1() {
  local status=$1
  shift
  cp "$init" "$tree/passthru-init"
  rm "$tree/proc/cmdline"
  run "$status" unshare -rmpf chroot "$tree" /passthru-init "$@"
}

# pid1 PATH: the init of the tree is at PATH.
pid1() {
  mkdir -p "$tree/bin"
  compile_init "$1"
  run_pid1 0 single --verify
  says "^init 1: $1 single --verify, proc -1, run -1\$"
}

pid1_without_init() {
  run_pid1 3
  says 'the image has no /init'
}

test_pid1() {
  if ! unshare -rmpf true 2>/dev/null; then
    echo "ok - PID 1 # SKIP no namespaces"
    return
  fi
  t "PID 1: becomes /init, with its arguments" pid1 /init
  t "PID 1: becomes what else there is" pid1 /bin/init
  t "PID 1: no init at all" pid1_without_init
}
