# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of `passthru add` and `passthru remove`: the files that they write and remove, the plan that they
# print, and that no device is touched. Sourced, bash.
# shellcheck shell=bash disable=SC2154

added=etc/passthru.conf.d/pci-0000-00-02.0.conf

# add_tree: a card with two functions in one IOMMU group, and a card beside it.
add_tree() {
  assign_tree
  device 0000:00:02.1 snd_hda_intel
  device 0000:00:03.0 nvme
  in_group 0000:00:02.1 1
  in_group 0000:00:03.0 2
}

# no_file: nothing is in the directory.
no_file() {
  [[ ! $(ls "$tree/etc/passthru.conf.d") ]] || fail "a file was written: $(ls "$tree/etc/passthru.conf.d")"
}

# has_line FILE LINE
has_line() {
  grep -qxF -e "$2" "$tree/$1" || fail "$1 does not say: $2"
}

add_writes() {
  add_tree
  mkdir -p "$tree/usr/sbin"
  touch "$tree/usr/sbin/update-initramfs"
  passthru 0 add "$nic"
  says "pci-0000-00-02.0 $nic .* would be bound to vfio-pci"
  says 'group-incomplete: .*0000:00:02.1'
  says "^/$added: written$"
  says "^1 device would be assigned, .* Next: update-initramfs -u, then reboot\.$"
  [[ $(stat -c %a "$tree/$added") == 644 ]] || fail "its mode is not 0644"
  has_line "$added" 'path = pci0000:00/02.0'
  has_line "$added" 'id = 8086:10d3'
  untouched
  passthru 1 check
  says "pci-0000-00-02.0 $nic .* would be bound to vfio-pci"
  passthru 0 add "$nic"
  says "\[device pci-0000-00-02.0\] in /$added:3 matches $nic already"
  passthru 1 add "$nic" --group whole
  says 'change it there'
  passthru 0 remove "$nic"
  says 'No rule is left'
  says "^/$added: removed$"
  says "^No rule is left: .* Next: update-initramfs -u, then reboot\.$"
  no_file
  untouched
}

# Each key of a rule is an option, and a line of the file.
add_keys() {
  add_tree
  passthru 0 add "$nic" --name gpu --group whole --on-failure hold --match-kernel-command-line '!x' \
    --class 02
  says "gpu $nic .* would be bound"
  says "gpu 0000:00:02.1 .* would be bound"
  has_line etc/passthru.conf.d/gpu.conf '[device gpu]'
  has_line etc/passthru.conf.d/gpu.conf 'on-failure = hold'
  has_line etc/passthru.conf.d/gpu.conf 'match-kernel-command-line = !x'
  passthru 0 remove gpu
  no_file
  passthru 64 add "$nic" --group hole
  says "did you mean 'whole'"
  passthru 64 add "$nic" --vfs 2 --vf 3
  says 'the rule takes vf = 3'
  passthru 64 add "$nic" --name 'a b'
  passthru 0 add "$nic" --vfs 2 --dry-run
  says '^\[sriov pci-0000-00-02.0\]$'
  no_file
}

add_all_keys() {
  local key
  run 0 "$command" add --help
  while read -r key; do
    case $key in
      address | path | id | match-host | match-machine-id) ;; # of the device; those that are always an error
      *) says "^      --$key " ;;
    esac
  done < <(sed -n '/ keys\[\] = {$/,/^};/s/^\t{ "\([a-z-]*\)", [^,]*SCOPE_RULE,.*/\1/p' src/want/keys.c)
}

# Several devices: the whole slot, each in a file of its own.
add_slot() {
  add_tree
  passthru 0 add '00:02.*' --name gpu
  says "gpu_network 0000:00:02.1 .* would be bound"
  says_not group-incomplete
  has_line etc/passthru.conf.d/gpu.conf 'path = pci0000:00/02.0'
  has_line etc/passthru.conf.d/gpu_network.conf 'path = pci0000:00/02.1'
  passthru 0 remove gpu --dry-run
  says 'rule gpu_network stays: it has 0000:00:02.1, another function of the same slot'
  passthru 0 remove '00:02.*'
  says_not stays
  no_file
}

add_dry_run() {
  add_tree
  passthru 0 add "$nic" --dry-run
  says "^/$added would be written"
  says '^path = pci0000:00/02.0'
  no_file
  passthru 0 add "$nic" --dry-run --json
  jq -e '.devices[0] | .state == "planned" and .address == "0000:00:02.0"' "$out" >/dev/null || fail "no such JSON"
  passthru 0 assign "$nic" --persist --dry-run
  says "^/$added: would be written"
  no_file
  passthru 0 add "$nic"
  passthru 0 remove pci-0000-00-02.0 --dry-run
  says "^/$added would be removed"
  [[ -e $tree/$added ]] || fail "it was removed"
}

# What the agent would refuse is not written, unless the rule allows it.
add_guards() {
  add_tree
  mkdir -p "$tree/sys/class/tty/console/active" # cannot be read
  mkdir -p "$tree/proc/consoles"
  passthru 1 add "$nic"
  says "passthru add: $nic would be refused at the next boot \(guard-console\)"
  says 'nothing was written'
  no_file
  passthru 0 add "$nic" --allow console
  has_line "$added" 'allow = console'
}

# Another configuration that is wrong already, and names and files in the way.
add_in_the_way() {
  add_tree
  put etc/passthru.conf.d/mine.conf <<<"# mine"
  passthru 1 add "$nic" --name mine
  says '/etc/passthru.conf.d/mine.conf was not written by passthru; choose another --name'
  conf "[device other]" "address = 0000:00:09.0"
  passthru 1 add "$nic" --name other
  says '/etc/passthru.conf:1 has a \[device other\]'
  [[ $(<"$tree/etc/passthru.conf.d/mine.conf") == "# mine" ]] || fail "the file was changed"
  conf "[device other]" "speed = 10"
  passthru 1 add "$nic"
  says '/etc/passthru.conf:2: unknown key'
  [[ ! -e $tree/$added ]] || fail "it was written"
}

# passthru=off is how one boots when a configuration is wrong: it counts for that boot alone.
add_off() {
  add_tree
  cmdline passthru=off
  passthru 0 add "$nic"
  says "pci-0000-00-02.0 $nic .* would be bound to vfio-pci"
  passthru 0 remove "$nic"
  no_file
}

add_usage() {
  add_tree
  passthru 64 add
  says 'missing argument: ADDRESS; on a terminal there is a list'
  passthru 66 add 00:09.0
  passthru 64 add "$nic" --rebuild
  says -- '--rebuild is for this host, not for --root DIR'
  passthru 64 remove
  passthru 66 remove gpu
  says "no such rule: 'gpu'$"
  passthru 66 remove "$nic"
  says "no rule matches '$nic'"
  conf "[device gpu]" "address = $nic"
  passthru 66 remove gpo
  says "no such rule: 'gpo'; did you mean 'gpu'"
}

# A file that a user wrote, or has added to, is named with its line, and stays.
remove_of_others() {
  add_tree
  conf "[device nic]" "address = $nic"
  passthru 1 remove nic
  says '\[device nic\] is from /etc/passthru.conf:1: remove it there, then rebuild the image: passthru image -o FILE'
  conf "#"
  put etc/passthru.conf.d/mine.conf < <(printf '%s\n' '# mine' '[device mine]' "address = $nic")
  passthru 1 remove mine
  says 'mine.conf:2, which passthru did not write: remove it there'
  rm "$tree/etc/passthru.conf.d/mine.conf"
  passthru 0 add "$nic" --name gpu
  printf '%s\n' '[device more]' 'address = 00:09.0' >>"$tree/etc/passthru.conf.d/gpu.conf"
  passthru 0 add 00:03.0 --name disk
  passthru 1 remove disk gpu
  says 'gpu.conf:3, where somebody has added to it: remove it there'
  says 'nothing was removed'
  [[ -e $tree/etc/passthru.conf.d/disk.conf ]] || fail "of two, one was removed"
}

# A rule whose device is gone is found by its name.
remove_absent() {
  add_tree
  passthru 0 add "$nic" --name gpu
  rm "$tree/sys/bus/pci/devices/$nic"
  conf "[device broken]"
  passthru 0 remove gpu
  says 'broken'
  no_file
}

# at_terminal STATUS ANSWERS ARG...: runs passthru at a terminal where ANSWERS are typed.
at_terminal() {
  local status=$1 answers=$2 line
  shift 2
  printf -v line '%q ' "$command" "$1" --root "$tree" "${@:2}"
  printf '%b' "$answers" >"$tree.answers"
  SHELL=$BASH timeout -s KILL "$limit" script -qec "$line" /dev/null <"$tree.answers" 2>"$err" | tr -d '\r' >"$out"
  local is=${PIPESTATUS[0]}
  ((is == status)) || fail "exit status $is, not $status, at a terminal"
}

add_asks() {
  add_tree
  at_terminal 0 '1\ny\ny\n' add
  says '^IOMMU group 1'
  says '^ +1  0000:00:02.0  8086:10d3  network   e1000e '
  says '^ +3  0000:00:03.0 '
  says '0000:00:02.1 \(.*\) is in the same IOMMU group: add it too\? \[Y/n\]'
  says 'pci-0000-00-02.1 0000:00:02.1 .* would be bound'
  says 'Write this to /etc/passthru.conf.d\? \[Y/n\]'
  says "/$added: written"
  has_line etc/passthru.conf.d/pci-0000-00-02.1.conf 'path = pci0000:00/02.1'
  at_terminal 1 '\n' add
  says '^ +-  0000:00:02.0 .*\(rule pci-0000-00-02.0\)'
  says 'nothing was written'
}

add_asks_in_vain() {
  add_tree
  at_terminal 1 '9\n1\nno idea\nperhaps\nn\n' add --name gpu
  says 'Answer y or n'
  says "'9' is no number from 1 to 3"
  says 'group-incomplete'
  says 'nothing was written'
  no_file
  at_terminal 1 '1\n' add
  no_file
}

# The command that rebuilds the image is run: here it is echo.
add_rebuilds() {
  local file
  add_tree
  for file in $(ldd "$command" "$(type -P echo)" | grep -o '/[^ ]*' | grep -v ':$'); do
    install -D "$file" "$tree/$file"
  done
  install -D "$command" "$tree/passthru"
  install -D "$(type -P echo)" "$tree/usr/bin/dracut"
  run 0 env PATH=/usr/bin unshare -rm "$(type -P chroot)" "$tree" /passthru add "$nic" --rebuild
  says '^passthru: running dracut -f$'
  says '^-f$'
  [[ -e $tree/$added ]] || fail "it was not written"
  rm "$tree/usr/bin/dracut"
  run 1 env PATH=/usr/bin unshare -rm "$(type -P chroot)" "$tree" /passthru remove "$nic" --rebuild
  says 'no initramfs framework to run here: write the image with passthru image -o FILE'
  run 1 env PATH=/usr/bin unshare -rm "$(type -P chroot)" "$tree" /passthru add "$nic" --rebuild
  says 'no initramfs framework to run here'
  says_not 'nothing was written'
  [[ -e $tree/$added ]] || fail "it was not written"
}

# Of two files the second cannot be written: what is said of the first is true.
add_half() {
  add_tree
  mkdir -p "$tree/etc/passthru.conf.d/gpu_network.conf.new" # where the second one is prepared
  passthru 1 add '00:02.*' --name gpu
  says '^/etc/passthru.conf.d/gpu.conf: written'
  says '^passthru: /etc/passthru.conf.d/gpu_network.conf: '
  says_not 'nothing was written'
}

test_add() {
  t "add, remove: a rule for the next boot" add_writes
  t "add: keys of the rule" add_keys
  t "add: every key is an option" add_all_keys
  t "add, remove: a slot" add_slot
  t "add, remove, assign --persist: --dry-run names the file; --json" add_dry_run
  t "add: what would be refused, unless it is allowed" add_guards
  t "add: names, files and errors in the way" add_in_the_way
  t "add, remove: passthru=off" add_off
  t "add, remove: usage errors" add_usage
  t "add: of two files one cannot be written" add_half
  t "remove: files of others" remove_of_others
  t "remove: a rule whose device is gone, beside errors" remove_absent
  t_with script "add: asks at a terminal" add_asks
  t_with script "add: asks, and nothing is chosen or confirmed" add_asks_in_vain
  if unshare -rm true 2>/dev/null; then
    t "add, remove: --rebuild" add_rebuilds
  else
    echo "ok - add, remove: --rebuild # SKIP no user namespaces"
  fi
}
