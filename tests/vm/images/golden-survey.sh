#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# golden-survey.sh MACHINE: makes build/vm/$SUITE/surveys/golden-MACHINE/needs.txt, the needs file that the
# hook would put into an image made on that machine. It depends only on the disk that / is on, so the
# small root is booted, which is faster; golden-status checks that the golden host gets the same file.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
golden_machine "$1"

image=$suite_dir/images/systemd-bare.img
survey=$suite_dir/surveys/golden-$machine_name

survey_machine() {
  local new=$survey.new
  rm -rf "$new" "$survey"
  APPEND="root=$root_node ro init=/usr/lib/passthru-test/init $golden_append" \
    "$vm_dir/boot.sh" "$new" "$image" "" "${devices[@]}" || return 1
  [[ -s $new/needs.txt && ! -s $new/needs-errors.txt ]] || return 1
  mv "$new" "$survey"
}

main() {
  local key
  "$vm_dir/images/image.sh" systemd-bare "$(digest_of_installed)"
  "$vm_dir/images/disk.sh" "$(digest_of_installed)"
  mkdir -p "$suite_dir/surveys"
  lock "$survey"
  key=$(digest "$(<"$image.key")" < <(cat "$0" "$vm_dir/lib/golden.sh"))
  is_current "$survey" "$key" && return
  survey_machine || die "no record of what the machine $machine_name needs, see $survey.new"
  printf '%s\n' "$key" >"$survey.key"
  say "surveyed the golden machine $machine_name"
}

main
