#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut adapter: contents.sh says what goes into an image, the agent decides what is bound.
# shellcheck disable=SC2154 # initdir, moddir, systemdsystemunitdir are dracut's

# called by dracut
check() {
  # Without any configuration too: the kernel command line may bring it.
  require_binaries /usr/lib/passthru/passthru-init || return 1
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

# Each line of the checker with a name before it, among all that dracut prints. Only told: what is in the
# way of an image, passthru_fill decides.
show_plan() {
  local report line log=dinfo
  report=$(passthru_check 2>&1) || log=dfatal
  while read -r line; do
    $log "passthru: $line"
  done <<<"$report"
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

# install_unit UNIT
install_unit() {
  local unit=$1
  install_file "/usr/lib/systemd/system/$unit" "$systemdsystemunitdir/$unit"
  $SYSTEMCTL -q --root "$initdir" add-wants sysinit.target "$unit" ||
    no_image "$unit cannot be enabled"
}

fill_image() {
  local said line status=0
  # shellcheck disable=SC2034 # read by contents.sh; an image for any host is not on trial on this one
  [[ ${hostonly-} ]] || passthru_no_trial=yes
  said=$(passthru_fill "$initdir" "${kernel-}" 2>&1) || status=$?
  while read -r line; do
    [[ ! $line ]] || dwarn "$line"
  done <<<"$said"
  return "$status"
}

# called by dracut
install() {
  load_contents
  show_plan
  fill_image || no_image "the configuration has errors, or a file cannot be copied"
  inst_binary "${dracutsysrootdir-}/usr/lib/passthru/passthru-init" /usr/lib/passthru/passthru-init ||
    no_image "the agent cannot be installed"
  if dracut_module_included "systemd"; then
    install_unit passthru-init.service
    install_unit passthru-rescue.service
  else
    inst_hook cmdline 00 "$moddir/passthru-hook.sh"
    inst_hook initqueue/settled 50 "$moddir/passthru-rescue.sh"
  fi
}
