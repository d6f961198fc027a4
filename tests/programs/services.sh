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

# capabilities_of UNIT
capabilities_of() {
  sed -n 's/^CapabilityBoundingSet=//p' "hook/$1"
}

# initramfs_is_light: its units have capabilities and nothing that systemd makes a namespace or a filter for, which
# took tens of milliseconds of every boot.
initramfs_is_light() {
  local unit
  for unit in passthru-init.service passthru-rescue.service; do
    sandbox_of "$unit" | cut -d= -f1 >"$out"
    [[ $(xargs <"$out") == "NoNewPrivileges CapabilityBoundingSet" ]] || fail "more, in $unit"
  done
}

# capabilities_alike: but for what only a trial needs, which begins in the initramfs and nowhere else.
capabilities_alike() {
  local all
  all=$(capabilities_of passthru-init.service)
  [[ $(capabilities_of passthru-rescue.service) == "$all" ]] || fail "passthru-rescue.service has others"
  [[ $(capabilities_of passthru-verify.service) == "${all/ CAP_LINUX_IMMUTABLE/}" ]] ||
    fail "passthru-verify.service has others"
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

# modes_traced MODE...: runs these modes in a tree, --boot for the one without an option. What they do on a host alone
# is for the boots.
modes_traced() {
  local mode
  one_of_two
  agent 1
  for mode in "$@"; do
    case $mode in
      --boot) traced ;;
      --hotplug) traced --hotplug 0000:00:02.0 ;;
      --verify) traced --verify ;;
      --watch)
        cmdline "root=/dev/nfs ip=dhcp"
        echo "due 1" >"$tree/run/passthru/rescue"
        traced --watch
        ;;
    esac
  done
}

# services_calls MODES WORD...: a SystemCallFilter= of these words allows all system calls that the modes make.
services_calls() {
  local modes excess
  read -ra modes <<<"$1"
  shift
  modes_traced "${modes[@]}"
  sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$tree.trace" | sort -u >"$tree.calls"
  grep -qx openat2 "$tree.calls" || fail "not traced"
  excess=$(comm -23 "$tree.calls" <(calls_of @default "$@" | sort -u))
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
  t "services: those of the initramfs have no sandbox that takes time" initramfs_is_light
  t "services: all have the same capabilities, but for trials" capabilities_alike
  t "services: passthru-confirm.service, in emergency mode" confirm_waits_anywhere
  if systemd-analyze security --offline=true --help >/dev/null 2>&1; then
    t "services: passthru-verify.service, as systemd-analyze security sees it" exposed passthru-verify.service
  else
    echo "ok - services: as systemd-analyze security sees them # SKIP no systemd-analyze"
  fi
  if command -v systemd-analyze >/dev/null && strace -o /dev/null true 2>/dev/null; then
    mapfile -t filter < <(sed -n 's/^SystemCallFilter=//p' hook/passthru-verify.service | xargs -n 1)
    t "passthru-verify.service: the system calls that are used" services_calls --verify "${filter[@]}"
    # As in systemd 252 to 257: https://github.com/systemd/systemd/blob/v257/units/systemd-udevd.service.in
    t "systemd-udevd.service: the system calls that are used" \
      services_calls "--boot --hotplug --verify --watch" @system-service @module
  else
    echo "ok - services: the system calls that are used # SKIP no strace or no systemd-analyze"
  fi
}
