# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the cases with / on a storage stack: a rule matches the stack's first controller, by each
# kind of selector, and the image has the needs file. Sourced by them, bash.
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/vm/lib/stack.sh
source "$vm_dir/lib/stack.sh"

# storage_case NAME: sets the machine and the command line for that stack.
storage_case() {
  stack_name=$1
  stack "$1"
  devices+=("${stack_devices[@]}")
  cmdline=$stack_cmdline
  IFS=, read -r address id class driver <<<"${stack_chain[0]}"
}

# Half of the variants say on-failure = hold, which must not keep the device from the host either.
rules() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "[device hit]"
  case $variant in
    address) printf '%s\n' "address = $address" "on-failure = hold" ;;
    id) printf '%s\n' "id = $id" ;;
    class) printf '%s\n' "class = $class" "on-failure = hold" ;;
    group) printf '%s\n' "address = $stack_mate" "group = whole" ;;
  esac
}

conf() {
  rules
}

# record FOLDER: adds the needs file, as the hook would on that machine.
record() {
  "$vm_dir/images/survey.sh" "$stack_name"
  mkdir -p "$1/usr/lib/passthru"
  cp "$suite_dir/surveys/$stack_name/needs.txt" "$1/usr/lib/passthru/needs"
}

overlay() {
  "$vm_dir/images/stacks.sh"
  stack_files "$1" "$stack_name"
  record "$1"
}

# is_hit ADDRESS ID CLASS: whether the rule matches that controller.
is_hit() {
  case $variant in
    address | group) [[ $1 == "$address" ]] ;;
    id) [[ $2 == "$id" ]] ;;
    class) [[ $3 == "$class" ]] ;;
  esac
}

# What else the rule matches is taken.
expect_innocent() {
  taken 0000:00:02.0 vfio-pci
  case $variant in
    group) taken "$stack_mate" vfio-pci ;;
    id | class) [[ $driver != nvme ]] || taken 0000:00:03.0 vfio-pci ;;
  esac
}

expect() {
  local controller a i c d
  expect_innocent
  for controller in "${stack_chain[@]}"; do
    IFS=, read -r a i c d <<<"$controller"
    if is_hit "$a" "$i" "$c"; then
      refused "$a" guard-storage "$d"
    else
      sysfs "$a" "$d" '(null)'
    fi
  done
  status_is 1
}
