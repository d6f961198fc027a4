#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine of `make try`, with the commands of README's quick start typed into its console: the graphics card and
# its audio function are bound after a rebuilt image and a reboot through GRUB. Prints TAP without numbers.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

[[ ${QUICK-no} == no ]] || exit 0
out=$suite_dir/boots/try
limit=${LIMIT:-900}
prompt='root@golden:~# '

# since_login: what the console has of this boot's session.
boot=1
since_login() {
  awk -v boot="$boot" '/\(automatic login\)/ { logins++ } logins >= boot' "$out/console"
}

# enter COMMAND: types it once the shell has prompted for it. Fails after the limit, or when the machine is off.
entered=0
enter() {
  local until=$((EPOCHSECONDS + limit))
  while (($(since_login | grep -cF "$prompt" || true) <= entered)); do
    ((EPOCHSECONDS < until)) && kill -0 "$machine" 2>/dev/null || return 1
    sleep 1
  done
  entered=$((entered + 1))
  printf '%s\n' "$1" >&3
}

type_all() {
  enter "passthru list gpu" &&
    enter "passthru add '01:00.*' --name gpu" &&
    enter "passthru check" &&
    enter "update-initramfs -u" &&
    enter "reboot" || return
  boot=2 entered=0
  enter "passthru status" &&
    enter "poweroff"
}

ok() {
  if grep -q "$2" "$out/console"; then
    echo "ok - try: $1"
  else
    echo "not ok - try: $1"
  fi
}

main() {
  rm -rf "$out"
  mkdir -p "$out"
  mkfifo "$out/keys"
  "$vm_dir/try.sh" --new <"$out/keys" >"$out/console" 2>"$out/log" &
  machine=$!
  exec 3>"$out/keys"
  if type_all; then
    wait "$machine" || true
  else
    echo "not ok - try: the console did not go on, see $out/console"
    kill "$machine" 2>/dev/null || true
  fi
  ok "the card is listed" '01:00.0 *gpu .* Virtio 1.0 GPU'
  ok "the card and its audio function would be assigned" '^2 devices would be assigned'
  ok "both are bound after the reboot" '^2 of 2 devices OK'
}

main
