#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tour.sh BUILD <docs/tour.md >NEW: the page with the output of its commands made anew. In a block of code, a line
# # that begins with "$ " is a command, and what follows up to the next one is its output. The machine is that of the
# demo; its terminal has 80 columns and no colours.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
# shellcheck source=tests/demo-tree.sh
source tests/demo-tree.sh

build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The commands of the page.
passthru() {
  case $1 in
    help | explain | -*) (cd "$work" && "$build/passthru" "$@") ;;
    *) (cd "$work" && "$build/passthru" "$1" --root "$work/tree" "${@:2}") ;;
  esac
}

cat() {
  command cat "$work/tree$1"
}

dracut() {
  :
}

reboot() {
  demo_boot "$build" "$work/tree"
}

# page: standard input with the output of its commands.
page() {
  local line in_block="" is_output=""
  while IFS= read -r line; do
    case $line in
      '```'*)
        [[ $in_block ]] && in_block="" || in_block=yes
        is_output=""
        ;;
      '$ '*) [[ ! $in_block ]] || is_output=yes ;;
      *) [[ ! $is_output ]] || continue ;;
    esac
    echo "$line"
    [[ ! $is_output ]] || eval "${line#??}" 2>&1 </dev/null || true
  done
}

mkdir "$work/tree"
demo_tree "$build" "$work/tree"
demo_modules "$work/tree"
command cat >"$work/page"
# shellcheck disable=SC2016 # the shell's of the terminal
env -u COLUMNS SHELL="$BASH" TERM=xterm NO_COLOR=1 SYSTEMD_PAGER='' PAGER='' script -qec "stty cols 80; $(declare -f passthru cat dracut reboot page demo_boot demo_bind); build=$build work=$work; page <$work/page" \
  /dev/null </dev/null | sed 's/\r$//'
