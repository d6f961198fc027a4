#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--quick] [NAME...]: the tests on a real kernel with real images, as TAP.
# Makes what is missing: the Debian root, the images, the root disk. NAME is a file of cases/ without
# .sh, one variant of it as NAME.VARIANT, or a file of builds/ without .sh, for the tests of an image
# build or of another architecture; default: all. --quick runs only what a case declares as quick, by
# quick=yes for all of its boots or by a list of IMAGE or VARIANT@IMAGE, and the image builds of Debian's
# frameworks. JOBS= is the number of parallel
# boots, SUITE= the Debian release. The files of each boot are kept in build/vm/$SUITE/boots/.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"

jobs=${JOBS:-$(nproc)}
quick_only=no
[[ ${1-} != --quick ]] || {
  quick_only=yes
  shift
}

# is_wanted IMAGE VARIANT ONLY: whether to run that boot of the current case; ONLY is the variant given
# on the command line, or empty.
is_wanted() {
  [[ ! $3 || $3 == "$2" ]] || return 1
  [[ $quick_only == no || $quick == yes || " $quick " == *" $1 "* || " $quick " == *" $2@$1 "* ]]
}

# boots_of NAME[.VARIANT]: prints the boots that a case declares, as lines `NAME IMAGE VARIANT`; without
# VARIANT for a case that has none.
boots_of() (
  name=${1%%.*} only=${1#"${1%%.*}"}
  quick=no images=() variants=("") suites=("$suite")
  # shellcheck source=/dev/null
  source "$vm_dir/cases/$name.sh"
  [[ " ${suites[*]} " == *" $suite "* ]] || return 0
  for image in "${images[@]}"; do
    for variant in "${variants[@]}"; do
      ! is_wanted "$image" "$variant" "${only#.}" || echo "$name $image${variant:+ $variant}"
    done
  done
)

# builds_images NAME: whether NAME is not a case but a framework's tests of the image build.
builds_images() {
  [[ -e $vm_dir/builds/$1.sh ]]
}

list_boots() {
  local name
  for name in "$@"; do
    builds_images "$name" || boots_of "$name"
  done
}

list_builds() {
  local name
  for name in "$@"; do
    ! builds_images "$name" || echo "$name"
  done
}

# list_images NAME...: the images that these tests and the boots in $boots need.
list_images() {
  [[ " $* " != *" dracut "* ]] || printf '%s\n' systemd systemd-bare classic
  [[ " $* " != *" initramfs-tools "* ]] || echo initramfs
  [[ " $* " != *" mkinitcpio "* ]] || printf '%s\n' mkinitcpio mkinitcpio-systemd
  ((!${#boots[@]})) || printf '%s\n' "${boots[@]}" | cut -d' ' -f2
}

# for_each COMMAND... <LINES: runs COMMAND with the words of each line as arguments, JOBS in parallel.
for_each() {
  xargs -r -P "$jobs" -L 1 "$@"
}

# prepare INSTALLED <IMAGES: makes the images and the disk in parallel.
prepare() {
  {
    echo "$vm_dir/images/disk.sh $1"
    sort -u | sed "s|.*|$vm_dir/images/image.sh & $1|"
  } | for_each env
}

# run_boot OUT NAME IMAGE [VARIANT]: prints a line of progress; the TAP is kept in a file for later.
run_boot() {
  local out=$1/$2${4:+.$4}@$3
  "$vm_dir/case.sh" "$2" "$3" "$out" "${4-}" >"$out.tap" ||
    echo "not ok - ${out##*/}: died" >>"$out.tap"
  say "$(head -n 1 "$out.tap")"
}

# run_build_tests OUT NAME
run_build_tests() {
  QUICK=$quick_only "$vm_dir/builds/$2.sh" >"$1/$2.tap" ||
    echo "not ok - $2: the tests of the image build died" >>"$1/$2.tap"
  say "tests of $2 done"
}

run_one() {
  if builds_images "$2"; then
    run_build_tests "$@"
  else
    run_boot "$@"
  fi
}

# run_all LINE...: those of the image builds first, which take longest.
run_all() {
  say "running $# tests, $jobs at a time"
  export -f run_one run_boot run_build_tests builds_images say
  export vm_dir quick_only
  printf '%s\n' "$@" | for_each bash -c 'run_one "$@"' - "$out"
}

# Adds the numbers and the plan to TAP. Fails if a test failed or none was run.
number() {
  awk '/^not ok / { bad = 1 }
    /^(not )?ok / { sub(/ok /, "ok " ++n " ") }
    { print }
    END { print "1.." n + 0; exit bad || !n }'
}

# Of the image builds, --quick has those of the frameworks that Debian has.
all_names() {
  printf '%s\n' dracut initramfs-tools kernel-install
  [[ $quick_only == yes ]] || printf '%s\n' mkinitcpio arm64 try
  basename -s .sh "$vm_dir"/cases/*.sh
}

main() {
  local names=("$@") name boots builds installed out=$suite_dir/boots
  (($#)) || mapfile -t names < <(all_names)
  for name in "${names[@]}"; do
    builds_images "$name" || [[ -e $vm_dir/cases/${name%%.*}.sh ]] || die "no such case: $name"
  done
  mapfile -t boots < <(list_boots "${names[@]}")
  mapfile -t builds < <(list_builds "${names[@]}")
  "$vm_dir/images/debian-root.sh"
  installed=$("$vm_dir/images/install.sh")
  say "making the images and the root disk"
  list_images "${names[@]}" | prepare "$installed"
  mkdir -p "$out"
  rm -f "$out"/*.tap
  run_all "${builds[@]}" "${boots[@]}"
  cat "$out"/*.tap | number
}

main "$@"
