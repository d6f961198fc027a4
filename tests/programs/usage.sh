# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of usage errors, for every command: the exit status, from sysexits.h, and the message. Sourced, bash.
# shellcheck shell=bash disable=SC2154

usage_errors() {
  local other
  agent 64 --nonsense
  says usage:
  agent 64 --root
  agent 64 word
  agent 64 --dry-run --rescue
  says 'is for the run at boot'
  for other in "--watch --verify" "--watch --hotplug 0000:00:02.0" "--verify --rescue" \
    "--await-links --verify"; do
    # shellcheck disable=SC2086 # options
    agent 64 $other
    says 'give one of --rescue, --watch, --verify, --hotplug and --await-links$'
  done
  run 3 "$init" --root "$tree/none"
  says 'none: No such file or directory'
  run 64 "$command"
  run 64 "$command" nonsense
  run 64 "$command" check --nonsense
  run 64 "$command" check one two
  run 64 "$command" status word
  run 64 "$command" list --lenient
  says 'usage: passthru list'
}

# What is written nearly right is named, and nothing where nothing is near.
usage_near() {
  run 64 "$command" lsit
  says "^passthru: unknown command 'lsit'; did you mean 'list'\\?$"
  run 64 "$command" help imgae
  says "unknown command 'imgae'; did you mean 'image'"
  run 64 "$command" nonsense
  says_not 'did you mean'
  run 64 "$command" status --jsno
  says "unknown option '--jsno'; did you mean '--json'"
  run 64 "$command" status --nonsense
  says_not 'did you mean'
  run 64 "$command" trial rest
  says "not 'rest'; did you mean 'reset'"
  device 0000:00:02.0
  passthru 64 guest --format libvrit 00:02.0
  says "no format 'libvrit': .*; did you mean 'libvirt'"
  passthru 64 assign --group hole 00:02.0
  says "'hole' is not listed, whole or refuse; did you mean 'whole'"
  passthru 2 check --cmdline 'passthru.id=8086:10d3 passthru.grop=whole passthru.device=00:02.0,group=hole'
  says 'unknown option passthru.id; it is a key of \[device\] and \[sriov\]'
  says "unknown option passthru.grop; did you mean 'group'"
  says "group=hole: expected listed, whole or refuse; did you mean 'whole'"
  conf "[devices nic]" "adress = 1:00.0" "[device nic]" "address = 1:00.0" "id = 0x8086:0x10d3" \
    "trial = boot" "frobnicate = yes"
  passthru 2 check
  says "conf:1: unknown section \[devices\].*; did you mean 'device'"
  says "conf:2: unknown key 'adress'; did you mean 'address'"
  says "conf:4: address = 1:00.0: .*; did you mean '01:00.0'"
  says "conf:5: id = 0x8086:0x10d3: .*; did you mean '8086:10d3'"
  says "conf:6: unknown key 'trial'; it is a key of \[passthru\]"
  says "conf:7: unknown key 'frobnicate'( |\\(|$)"
  conf "[device nic]" "address = 00:02.0"
  passthru 2 check --cmdline passthru.skip=nix
  says "passthru.skip=nix: no rule has this name; did you mean 'nic'"
}

# Addresses and IDs as other programs print them.
usage_pasted() {
  local operand
  device 0000:00:02.0
  for operand in 0:2.0 pci_0000_00_02_0 pci-0000:00:02.0 /sys/bus/pci/devices/0000:00:02.0 \
    0x8086:0x10d3 '[8086:10d3]'; do
    passthru 0 list "$operand"
    says '^(0000:)?00:02\.0 '
  done
  passthru 66 list 0000:00:02
  says 'did you mean: 0000:00:02.0 \[8086:10d3\]'
}

# usage_wrapped: no line of a usage is longer than 80 characters.
usage_wrapped() {
  local subcommand
  for subcommand in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    run 0 "$command" "$subcommand" -h
    sed -n '1p; 2,${/^ /!q; p}' "$out" | awk 'length > 80 { exit 1 }' || fail "$subcommand: a longer line"
    cp "$out" "$work/help"
    run 0 "$command" help "$subcommand"
    cmp -s "$out" "$work/help" || fail "$subcommand: help says something else than -h"
  done
  run 0 "$command" help assign
  says '^ +ADDRESS.FILTER.RULE'
  run 0 "$command" image -h
  says '^usage: passthru image \[--root DIR\] -o FILE.--into DIR '
  says '^  -o, --output FILE  '
}

version_and_help() {
  local program subcommand
  for program in "$init" "$command"; do
    run 0 "$program" --version
    says "^${program##*/} $(<VERSION)\$"
    run 0 "$program" --help
    [[ $program == "$init" ]] || {
      run 0 "$program" -V
      says "^passthru $(<VERSION)\$"
      run 0 "$program" help
      cp "$out" "$work/help"
      run 0 "$program" -h
      cmp -s "$out" "$work/help" || fail "help and -h differ"
    }
    says "^usage: ${program##*/}"
    [[ ! -s $err ]] || fail "help on standard error"
  done
  for subcommand in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    run 0 "$command" "$subcommand" --help
    says "^usage: passthru $subcommand"
  done
}

# refuses STATUS TEXT ARG...: that exit status, with TEXT on standard error and nothing on standard output;
# with 64, followed by the usage of the command. The host is that of guest_tree.
refuses() {
  guest_tree
  passthru "$1" "${@:3}"
  grep -Eq -e "$2" "$err" || fail "not said on standard error: $2"
  [[ ! -s $out ]] || fail "something is printed all the same"
  (($1 != 64)) || grep -q "^usage: passthru $3 " "$err" || fail "not said how it is called"
}

# Without root, it fails before anything else, with a message that says why root is needed.
status_not_root() {
  local unprivileged=()
  ((EUID)) || unprivileged=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  run 77 "${unprivileged[@]}" "$command" "$@"
  says 'root'
  [[ ! -s $out ]] || fail "something is printed all the same"
}

status_image_not_root() {
  local image
  image=$(mktemp "$work/image.XXXX")
  chmod 0 "$image"
  status_not_root check --image "$image"
}

test_usage() {
  t "both programs: usage errors" usage_errors
  t "both programs: --version and --help" version_and_help
  t "usage: what may have been meant" usage_near
  t "usage: addresses and IDs as they are pasted" usage_pasted
  t "usage: wrapped, and required options" usage_wrapped
}

test_statuses() {
  local name operand
  for name in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    t "$name: an unknown option" refuses 64 "$name: unknown option '--nonsense'" "$name" --nonsense
    t "$name: an unknown letter" refuses 64 "$name: unknown option '-x'" "$name" -xy
    t "$name: a byte that is no letter" refuses 64 "$name: unknown option '-" "$name" $'-\xff'
    t "$name: one that is no option's number either" refuses 64 "$name: unknown option '-" "$name" $'-\x05'
    t "$name: no argument behind an option" refuses 64 "option '--root' needs an argument" "$name" --root
    t "$name: an argument that is none" refuses 64 "option '--help' takes no argument" "$name" --help=1
  done
  for name in needs status record image import; do
    t "$name: an operand" refuses 64 "$name: unexpected argument 'word'" "$name" word
  done
  t "check: two operands" refuses 64 "unexpected argument 'two'" check one two
  for name in list guest assign release; do
    for operand in 01:00.8 a:b:c 'no/address' ''; do
      t "$name: '$operand'" refuses 64 "'$operand' is no address .*, no filter .* and no rule" \
        "$name" "$operand"
    done
    t "$name: no such address" refuses 66 'did you mean: .*0000:01:00.3 \[10de:1aed\]' "$name" 01:00.4
    t "$name: no such id" refuses 66 'did you mean: 0000:01:00.1 \[10de:1aeb\], ' "$name" 10de:1aea
    t "$name: a slot alone" refuses 66 'did you mean: .*0000:01:00.3 \[10de:1aed\]' "$name" 01:00
    t "$name: no such rule" refuses 66 'did you mean: gpu$' "$name" gpo
    t "$name: nothing near" refuses 66 "no such device: '1234:5678'$" "$name" 1234:5678
    t "$name: of two, one is not there" refuses 66 "no such device: '02:00.0'" "$name" 01:00.0 02:00.0
  done
  for name in guest assign release; do
    t "$name: no operand" refuses 64 'missing argument: ADDRESS' "$name"
  done
  t "list: two forms" refuses 64 '--tree and --json exclude each other' list --json --tree
  t "status: two forms" refuses 64 '--json and --metrics exclude each other' status --json --metrics
  t "check: two forms" refuses 64 '--modules and --json exclude each other' check --modules --json
  t "check: two lists" refuses 64 '--modules and --files exclude each other' check --files --modules
  t "image: no file" refuses 64 'missing -o FILE' image
  t "check: no such image" refuses 66 '/no/image: No such file' check --image /no/image
  t "guest: no such format" refuses 64 "no format 'vmx': there are xl," guest --format vmx gpu
  t "guest: no such slot" refuses 64 "bad slot '32': expected 1 to 31" guest --slot 32 gpu
  t "assign: no such driver" refuses 64 "--driver: 'x' is not auto," assign --driver x gpu
  t "assign: no such word" refuses 64 "--allow: 'x' is not" assign --allow x gpu
  t "assign: no rule's name" refuses 64 "--name: 'a b': 1 to 64 of" assign --name 'a b' gpu
  t "assign: not root" status_not_root assign 00:00.0
  t "release: not root" status_not_root release 00:00.0
  t "record: not root" status_not_root record
  t "check: not root" status_image_not_root
}
