#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut adapter: contents.sh says what goes into an image, the agent decides what is bound.
# shellcheck disable=SC2154 # dracutbasedir, initdir, moddir, systemdsystemunitdir are dracut's

# called by dracut
check() {
  # Without any configuration too: the kernel command line may bring it.
  require_binaries /usr/lib/passthru/passthru-init || return 1
}

# called by dracut
depends() {
  # A module of its own in newer versions, part of base in older ones.
  if compgen -G "$dracutbasedir/modules.d/*initqueue" >/dev/null; then
    echo initqueue
  fi
}

load_contents() {
  # shellcheck disable=SC2034 # read by contents.sh
  passthru_sysroot=${dracutsysrootdir-}
  # shellcheck source=hook/contents.sh
  . /usr/lib/passthru/contents.sh
}

# called by dracut
installkernel() {
  local modules
  load_contents
  mapfile -t modules < <(passthru_modules)
  # Not only what this host uses now, which is what hostonly asks for.
  hostonly='' instmods "${modules[@]}"
}

# Each line of the checker with a name before it, among all that dracut prints.
check_configuration() {
  local report line log=dinfo status=0
  report=$(passthru_check 2>&1) || status=$?
  ((status == 0)) || log=dfatal
  while read -r line; do
    $log "passthru: $line"
  done <<<"$report"
  return "$status"
}

# dracut ignores what install() returns. Only exit prevents an image that would boot without
# the agent, or with a configuration that the agent must refuse.
no_image() {
  dfatal "passthru: $1, no image is made"
  exit 1
}

install_file() {
  inst_simple "${dracutsysrootdir-}$1" "${2-$1}" || no_image "$1 cannot be installed"
}

install_unit() {
  local unit=passthru-init.service
  install_file "/usr/lib/systemd/system/$unit" "$systemdsystemunitdir/$unit"
  $SYSTEMCTL -q --root "$initdir" add-wants sysinit.target "$unit" ||
    no_image "$unit cannot be enabled"
}

install_record() {
  local line
  passthru_record "$initdir" "${kernel-}" 2>&1 | while read -r line; do
    dwarn "$line"
  done
}

# called by dracut
install() {
  local file
  load_contents
  check_configuration || no_image "the configuration has errors"
  while read -r file; do
    install_file "$file"
  done < <(passthru_files)
  install_record
  if dracut_module_included "systemd"; then
    install_unit
  else
    inst_hook cmdline 00 "$moddir/passthru-hook.sh"
  fi
  inst_hook initqueue/settled 50 "$moddir/passthru-rescue.sh"
  dracut_need_initqueue
}
