# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the tests of the programs: trees, and assertions. Sourced, bash. $init and $command are the
# programs, $work is a directory for temporary files.
#
# Arguments come in one order: exit status, expected text, what the test is about, the call.
# shellcheck shell=bash disable=SC2154

# Seconds; less than the agent's own limit, so that a hang is noticed. Slow and busy machines need more.
limit=${TEST_LIMIT:-8}
trees=0 # so many were made by this shell
failures=()
fail() {
  failures+=("$*")
}

# t WHAT FUNCTION [ARG...]: one test, in a new tree. If it fails, the last output is shown.
t() {
  local what=$1
  shift
  failures=()
  tree=$work/tree.$BASHPID.$((++trees))
  out=$tree.out err=$tree.err
  : >"$out"
  : >"$err"
  plain_tree
  "$@"
  if ((!${#failures[@]})); then
    echo "ok - $what"
    return
  fi
  echo "not ok - $what"
  printf '%s\n' "${failures[@]}" | sed 's/^/#   /'
  head -n 20 "$out" "$err" | cat -v | sed 's/^/#   /'
}

# t_with TOOL WHAT FUNCTION [ARG...]: one test, skipped where there is no TOOL.
t_with() {
  if command -v "$1" >/dev/null; then
    t "${@:2}"
  else
    echo "ok - $2 # SKIP no $1"
  fi
}

# t_with_python MODULE WHAT FUNCTION [ARG...]: one test with a $python that has the module; skipped without one.
t_with_python() {
  for python in /usr/bin/python3 python3; do
    if "$python" -c "import $1" 2>/dev/null; then
      t "${@:2}"
      return
    fi
  done
  echo "ok - $2 # SKIP no Python with $1"
}

# --- trees. A process takes longer than what most of the tests are about: these start one only where they must.

# Debian's bash-builtins has these; without it they are the programs, and the tests take longer.
for name in mkdir ln; do
  [[ ! -e /usr/lib/bash/$name ]] || enable -f "/usr/lib/bash/$name" "$name"
done
unset name

make_folder() {
  [[ -d $1 ]] || mkdir -p "$1"
}

# put FILE <TEXT: what is large goes another way, since this reads single bytes of a pipe.
put() {
  local text
  make_folder "$tree/${1%/*}"
  if IFS= read -r -d '' text; then
    { printf '%s\0' "$text" && cat; } >"$tree/$1"
  else
    printf '%s' "$text" >"$tree/$1"
  fi
}

plain_tree() {
  mkdir -p "$tree"/{etc/passthru.conf.d,run,proc,sys/bus/pci/{devices,drivers}}
  cmdline ""
}

cmdline() {
  printf '%s\n' "$1" >"$tree/proc/cmdline"
}

conf() {
  printf '%s\n' "$@" >"$tree/etc/passthru.conf"
}

# set_link TARGET NAME: makes a symbolic link in the place of what is there, if anything is.
set_link() {
  [[ ! -L $2 && ! -e $2 ]] || rm -f "$2"
  ln -s "$1" "$2"
}

# set_driver ADDRESS DRIVER: binds the device; "" for no driver.
set_driver() {
  local link=$tree/sys/bus/pci/devices/$1/driver
  [[ ! -e $link && ! -L $link ]] || rm -f "$link" "$tree"/sys/bus/pci/drivers/*/"$1"
  [[ ! $2 ]] || {
    make_folder "$tree/sys/bus/pci/drivers/$2"
    ln -s "../../../bus/pci/drivers/$2" "$link"
    ln -s "../../../../devices/pci0000:00/$1" "$tree/sys/bus/pci/drivers/$2/$1"
  }
}

set_override() {
  printf '%s\n' "$2" >"$tree/sys/bus/pci/devices/$1/driver_override"
}

# device ADDRESS [DRIVER]: adds an e1000e as sysfs shows it.
device() {
  local folder=$tree/sys/devices/pci0000:00/$1
  make_folder "$folder"
  printf '%s\n' ${2:+"DRIVER=$2"} PCI_CLASS=20000 PCI_ID=8086:10D3 >"$folder/uevent"
  set_link "../../../devices/pci0000:00/$1" "$tree/sys/bus/pci/devices/$1"
  set_driver "$1" "${2-}"
  set_override "$1" '(null)'
}

# unread ADDRESS driver|device: the driver link, or the whole device, is there but cannot be read.
unread() {
  local link=$tree/sys/bus/pci/devices/$1
  if [[ $2 == driver ]]; then
    rm -f "$link/driver"
    echo >"$link/driver"
  else
    rm -f "$link"
    ln -s "$1" "$link" # a loop
  fi
}

# One device in the configured state and one that is absent: exit status 1, without the help of a kernel.
one_of_two() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn" \
    "[device gone]" "address = 0000:00:09.0"
}

# So much to read, 1 MB for each link, that a worker is busy for long.
much_to_read() {
  local i
  yes '#' | head -c 1000000 >"$tree/etc/much"
  for ((i = 0; i < 400; i++)); do
    ln -s ../much "$tree/etc/passthru.conf.d/$i.conf"
  done
}

# host NAME: lays out tests/hosts/NAME.host, with a pci.ids.
host() {
  "$build/unit/lay-out" "tests/hosts/$1.host" "$tree" || fail "no host $1"
  printf '%s\n' '8086  Vendor I' '10de  Vendor N' $'\t2184  Card 1' \
    'C 03  Display controller' $'\t00  VGA compatible controller' | put usr/share/misc/pci.ids
}

# --- running the programs, and assertions

# run STATUS COMMAND...: runs COMMAND, which must exit with STATUS.
run() {
  local wanted=$1 status=0
  shift
  timeout -s KILL "$limit" "$@" </dev/null >"$out" 2>"$err" || status=$?
  ((status == wanted)) || fail "exit status $status, not $wanted: $*"
}

# agent STATUS [OPTION...]: runs passthru-init. No failure may be silent.
agent() {
  local status=$1
  shift
  run "$status" "$init" --root "$tree" "$@"
  case $status in
    [123]) says "^passthru: (error|warning): passthru-init.*: exit status $status: " ;;
  esac
}

# passthru STATUS SUBCOMMAND [ARG...]: runs passthru.
passthru() {
  local status=$1 subcommand=$2
  shift 2
  run "$status" "$command" "$subcommand" --root "$tree" "$@"
}

# said REGEX: whether a line that it printed has the extended regular expression, as grep -E.
said() {
  local line lines
  mapfile -t lines <"$out"
  mapfile -t -O "${#lines[@]}" lines <"$err"
  for line in "${lines[@]}"; do
    [[ $line =~ $1 ]] && return 0
    # shellcheck disable=SC2319 # 2 for what is no regular expression
    (($? == 1)) || fail "no regular expression: $1"
  done
  return 1
}

says() {
  said "$1" || fail "not said: $1"
}

says_not() {
  ! said "$1" || fail "said: $1"
}

lines_are() {
  local have
  have=$(cat "$out" "$err" | wc -l)
  ((have == $1)) || fail "$have lines, not $1"
}

# output_is FILE: standard output is the same as in tests/programs/expected/
output_is() {
  local difference
  difference=$(diff "tests/programs/expected/$1" "$out") || fail "not as in $1:" "$difference"
}

# recorded FILTER: the jq filter holds for report.json.
recorded() {
  jq -e "$1" "$tree/run/passthru/report.json" >/dev/null 2>&1 || fail "not in the record: $1"
}

# finding ADDRESS CODE: report.json has it; finding - CODE for one that is not about a device.
finding() {
  if [[ $1 == - ]]; then
    recorded ".findings | any(.code == \"$2\")"
  else
    recorded ".devices | any(.address == \"$1\" and (.findings | any(.code == \"$2\")))"
  fi
}

# wait_until COMMAND...: waits until COMMAND succeeds, for at most 5 seconds.
wait_until() {
  local i
  for ((i = 0; i < 500; i++)); do
    "$@" && return
    sleep 0.01
  done
  fail "never true: $*"
  return 1
}
