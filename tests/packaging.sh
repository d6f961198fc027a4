#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# packaging.sh [--quick] [BUILD]: tests of what distributions do with this tree: the tarball, installing and
# uninstalling, and the files of packaging/. Nothing is installed on this machine. Prints TAP.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

quick=no
[[ ${1-} != --quick ]] || {
  quick=yes
  shift
}
build=$(realpath "${1:-build}")
version=$(<VERSION)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A make that called this must not pass on its options or its job server.
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD

ran=0 failed=0
# t WHAT FUNCTION [ARG...]: one test, which passes if FUNCTION succeeds. If it fails, its output is shown.
t() {
  local what=$1
  shift
  ran=$((ran + 1))
  # Not as a condition, in which set -e counts for nothing.
  (
    set -e
    "$@"
  ) >"$work/log" 2>&1
  if (($? == 0)); then
    echo "ok $ran - packaging: $what"
  else
    echo "not ok $ran - packaging: $what"
    tail -n 40 "$work/log" | cat -v | sed 's/^/#   /'
    failed=$((failed + 1))
  fi
}

# skip WHAT WHY
skip() {
  ran=$((ran + 1))
  echo "ok $ran - packaging: $1 # SKIP $2"
}

# --- make dist

tarball=passthru-$version.tar.gz

# dist FOLDER: makes the tarball of the tree FOLDER in FOLDER/build.
dist() {
  make -s -C "$1" dist BUILD=build
}

# A clone that was made at another time by a user with another umask.
dist_of_clones() {
  (umask 022 && git clone -q . "$work/one" && dist "$work/one")
  sleep 1
  (umask 077 && git clone -q . "$work/two" && dist "$work/two")
  cmp "$work/one/build/$tarball" "$work/two/build/$tarball"
}

dist_of_dist() {
  local time
  tar -C "$work" -xf "$work/one/build/$tarball"
  dist "$work/passthru-$version"
  cmp "$work/one/build/$tarball" "$work/passthru-$version/build/$tarball"
  time=$(git log -1 --format=%ct)
  [[ $(stat -c %Y "$work/passthru-$version/VERSION") == "$time" ]]
}

# --- make install, make uninstall

# in_stage TARGET [VARIABLE...]
in_stage() {
  make -s BUILD="$build" DESTDIR="$work/stage" "$@"
}

leaves_nothing() {
  rm -rf "$work/stage"
  in_stage install "$@"
  [[ -x $work/stage/usr/bin/passthru ]]
  in_stage uninstall "$@"
  [[ ! $(find "$work/stage" \( ! -type d -o -name '*passthru*' \) -print | tee /dev/stderr) ]]
}

keeps_configuration() {
  rm -rf "$work/stage"
  in_stage install
  echo '# mine' >>"$work/stage/etc/passthru.conf"
  in_stage install
  in_stage uninstall
  [[ $(tail -n 1 "$work/stage/etc/passthru.conf") == '# mine' ]]
}

# Where each variable says, and nothing elsewhere.
goes_where_it_should() {
  local variables=(PREFIX=/p BINDIR=/bin SYSCONFDIR=/sysconf MANDIR=/man DOCDIR=/doc COMPLETIONSDIR=/bash
    ZSH_COMPLETIONSDIR=/zsh FISH_COMPLETIONSDIR=/fish UNITDIR=/units PRESETDIR=/presets DRACUTDIR=/dracut
    INITRAMFSDIR=/initramfs INITCPIODIR=/initcpio)
  rm -rf "$work/stage"
  in_stage -o all "${variables[@]}" install
  [[ $(cd "$work/stage" && echo *) == "bash bin doc dracut fish initcpio initramfs man p presets sysconf units zsh" ]]
  [[ $(cd "$work/stage/p" && find . ! -type d | sort | tr '\n' ' ') == "./lib/passthru/contents.sh ./lib/passthru/passthru-init " ]]
  grep -q '^passthru_command=/bin/passthru$' "$work/stage/p/lib/passthru/contents.sh"
  grep -q '^ExecStart=/p/lib/passthru/passthru-init$' "$work/stage/units/passthru-init.service"
  ! grep -rn '/usr/lib/passthru/passthru-init\|/usr/bin/passthru' "$work/stage" --include='*.sh' --include='*.service'
}

only_one_adapter() {
  rm -rf "$work/stage"
  in_stage install ADAPTERS=dracut PRESETDIR=
  [[ -e $work/stage/usr/lib/dracut/modules.d/50passthru/module-setup.sh ]]
  [[ ! -e $work/stage/usr/share/initramfs-tools && ! -e $work/stage/usr/lib/initcpio ]]
  [[ ! -e $work/stage/usr/lib/systemd/system-preset && ! -e $work/stage/etc/initramfs ]]
  ! in_stage install ADAPTERS=booster
}

# Symbols are the distribution's to take away; by hand they go with INSTALL_STRIP=1.
strips_on_request() {
  rm -rf "$work/stage"
  in_stage install
  cmp "$build/passthru-init" "$work/stage/usr/lib/passthru/passthru-init"
  in_stage install INSTALL_STRIP=1
  ! readelf -SW "$work/stage/usr/lib/passthru/passthru-init" | grep -q ' \.symtab '
}

if [[ -e .git ]]; then
  t "make dist: two clones, another umask: the same bits" dist_of_clones
  t "make dist: of what it packed: the same bits, the commit's time" dist_of_dist
else
  skip "make dist" "not a clone"
fi
t "make uninstall leaves nothing" leaves_nothing
t "make uninstall leaves nothing of one adapter" leaves_nothing ADAPTERS=dracut
t "a changed configuration stays" keeps_configuration
t "each variable has its folder" goes_where_it_should
t "ADAPTERS" only_one_adapter
t "INSTALL_STRIP" strips_on_request

echo "1..$ran"
exit $((failed > 0))
