#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# survey.sh STACK: makes build/vm/$SUITE/surveys/STACK/needs.txt, the output of `passthru needs` on that
# machine: the needs file that the hook would put into an image made there. This takes a boot without
# rules, and fails if `passthru needs` prints warnings.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/stack.sh
source "$vm_dir/lib/stack.sh"

name=$1
image=$suite_dir/images/systemd-storage.img
survey=$suite_dir/surveys/$name

survey_machine() {
  local new=$survey.new
  rm -rf "$new" "$survey"
  mkdir -p "$new/files"
  stack "$name"
  stack_files "$new/files" "$name"
  cp "$image" "$new/initrd"
  append_files "$new/files" "$new/initrd"
  "$vm_dir/boot.sh" "$new" "$new/initrd" "$stack_cmdline" "${devices[@]}" "${stack_devices[@]}" ||
    return 1
  [[ -s $new/needs.txt && ! -s $new/needs-errors.txt ]] || return 1
  rm "$new/initrd"
  mv "$new" "$survey"
}

main() {
  local key
  "$vm_dir/images/stacks.sh"
  "$vm_dir/images/image.sh" systemd-storage "$(digest_of_installed)"
  mkdir -p "$suite_dir/surveys"
  lock "$survey"
  key=$(digest "$(<"$stacks_dir.key")" "$(<"$image.key")" <"$0")
  is_current "$survey" "$key" && return
  survey_machine || die "no record of what stack $name needs, see $survey.new"
  printf '%s\n' "$key" >"$survey.key"
  say "surveyed the stack $name"
}

main
