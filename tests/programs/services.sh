# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the units' sandboxes, as far as possible without systemd as PID 1. That the agent works in them
# is for tests/vm. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# The highest exposure that `systemd-analyze security` may report, in tenths.
exposure_max=33

# exposed UNIT: its exposure is low enough.
exposed() {
  run 0 systemd-analyze security --offline=true --no-pager --threshold="$exposure_max" "hook/$1"
}

# sandbox_of UNIT: its lines from NoNewPrivileges on.
sandbox_of() {
  sed -n '/^NoNewPrivileges=/,/^$/p' "hook/$1"
}

# without_trials: the sandbox without what only a trial needs, which begins in the initramfs and nowhere else.
without_trials() {
  sed '/^# mount: /d; /^CapabilityBoundingSet=/s/ CAP_LINUX_IMMUTABLE//; /^SystemCallFilter=/s/ mount / /'
}

services_alike() {
  [[ $(sandbox_of passthru-init.service) ]] || fail "no sandbox"
  diff <(sandbox_of passthru-init.service) <(sandbox_of passthru-rescue.service) >"$out" || fail "they differ"
  diff <(sandbox_of passthru-init.service | without_trials) \
    <(sandbox_of passthru-verify.service | sed '/^$/d') >"$out" || fail "they differ"
}

# calls_of SET: the system calls in it and in the sets that it includes, one per line.
calls_of() {
  local word
  for word in "$@"; do
    if [[ $word == @* ]]; then
      # shellcheck disable=SC2046 # many words
      calls_of $(systemd-analyze syscall-filter "$word" | sed '1d; /^ *#/d')
    else
      echo "$word"
    fi
  done
}

traced() {
  strace -f -qq -A -o "$tree.trace" "$init" --root "$tree" "$@" >>"$out" 2>&1
}

# services_calls WORD...: a SystemCallFilter= of these words allows all system calls that the modes make in
# a tree. Those that they make on a host alone are for the boots.
services_calls() {
  local excess
  one_of_two
  traced
  [[ -e $tree/run/passthru/report.json ]] || fail "not traced"
  traced --hotplug 0000:00:02.0
  traced --verify
  cmdline "root=/dev/nfs ip=dhcp"
  echo "due 1" >"$tree/run/passthru/rescue"
  traced --watch
  excess=$(sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$tree.trace" | sort -u |
    comm -23 - <(calls_of @default "$@" | sort -u))
  [[ ! $excess ]] || fail "not in SystemCallFilter=: $(xargs <<<"$excess")"
}

# confirm_waits_anywhere: the unit that undoes trial = confirm is started in boots that get no further than
# emergency mode: it waits for none of the units that do not start there, nor for what they leave.
confirm_waits_anywhere() {
  local unit=hook/passthru-confirm.service
  grep -qx 'DefaultDependencies=no' "$unit" || fail "it waits for basic.target"
  grep -qx 'WantedBy=sysinit.target' "$unit" || fail "it is not wanted before basic.target"
  ! grep -Eq '^(After|Requires|BindsTo|Requisite)=|^ConditionPathExists=.*/trial$' "$unit" || fail "it waits for another"
  grep -qx 'IgnoreOnIsolate=yes' "$unit" || fail "systemctl rescue ends it"
}

test_services() {
  local filter
  t "services: all have the same sandbox, but for trials" services_alike
  t "services: passthru-confirm.service, in emergency mode" confirm_waits_anywhere
  if systemd-analyze security --offline=true --help >/dev/null 2>&1; then
    t "services: passthru-init.service, as systemd-analyze security sees it" exposed passthru-init.service
    t "services: passthru-verify.service, as systemd-analyze security sees it" exposed passthru-verify.service
  else
    echo "ok - services: as systemd-analyze security sees them # SKIP no systemd-analyze"
  fi
  if command -v systemd-analyze >/dev/null && strace -o /dev/null true 2>/dev/null; then
    mapfile -t filter < <(sed -n 's/^SystemCallFilter=//p' hook/passthru-init.service | xargs -n 1)
    t "services: the system calls that are used" services_calls "${filter[@]}"
    # As in systemd 252 to 257: https://github.com/systemd/systemd/blob/v257/units/systemd-udevd.service.in
    t "systemd-udevd.service: the system calls that are used" services_calls @system-service @module
  else
    echo "ok - services: the system calls that are used # SKIP no strace or no systemd-analyze"
  fi
}
