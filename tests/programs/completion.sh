# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the completion in bash, zsh and fish: all load, and offer what --help lists. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

# in_bash LINE...: prints what bash offers after each LINE.
in_bash() {
  # shellcheck disable=SC2016 # the inner shell's
  run 0 env PATH="$build:$PATH" bash -c 'source conf/completions/passthru.bash
    [[ $(complete -p passthru) == *"-F _passthru passthru" ]] || exit
    for line; do
      COMP_LINE=$line COMP_POINT=${#line}; _passthru; printf "%s\n" "${COMPREPLY[@]}"
    done' - "$@"
}

# in_zsh WORD...: prints what zsh offers for the last WORD.
in_zsh() {
  # shellcheck disable=SC2016 # the inner shell's
  run 0 env PATH="$build:$PATH" zsh -fc 'fpath=($PWD/conf/completions $fpath)
    autoload -U _passthru
    _describe() { print -lr -- "${(@P)2}"; }
    _files() { echo files; }
    words=("$@") CURRENT=$#; _passthru; true' - "$@"
}

# in_zsh_each LINE...: prints what zsh offers after each LINE of words and a space.
in_zsh_each() {
  # shellcheck disable=SC2016 # the inner shell's
  run 0 env PATH="$build:$PATH" zsh -fc 'fpath=($PWD/conf/completions $fpath)
    autoload -U _passthru
    _describe() { print -lr -- "${(@P)2}"; }
    _files() { echo files; }
    for line; do
      words=(${=line} "") CURRENT=$#words; _passthru
    done; true' - "$@"
}

# zsh finds it: compinit, which reads all completions, takes seconds.
zsh_knows() {
  # shellcheck disable=SC2016 # the inner shell's
  run 0 zsh -fc 'fpath=($PWD/conf/completions $fpath)
    autoload -U compinit && compinit -u -D
    [[ $_comps[passthru] == _passthru ]]'
}

# in_fish LINE...: prints what fish offers after each LINE, each with a tab and what it is.
in_fish() {
  # shellcheck disable=SC2016 # the inner shell's
  run 0 env HOME="$work" PATH="$build:$PATH" fish --no-config -c 'source conf/completions/passthru.fish
    for line in $argv
      complete -C $line
    end' "$@"
}

# offers LINE...: exactly these were offered.
offers() {
  printf '%s\n' "$@" | diff - "$out" >"$err" || fail "not just: $*"
}

complete_bash() {
  in_bash "passthru "
  says '^guest$'
  says '^--version$'
  in_bash "passthru li"
  offers list
  in_bash "passthru status --"
  offers --root --json --metrics --help
  in_bash "passthru guest --format x"
  offers xl
  in_bash "passthru release --"
  offers --root --json --dry-run --persist --help
  in_bash "passthru assign --group "
  offers listed whole refuse
  in_bash "passthru trial r"
  offers reset
  in_bash "passthru trial "
  offers --root --help show reset prove wait
  in_bash "passthru confirm --l"
  offers --later
  in_bash "passthru list --root "
  offers ""
  in_bash "passthru list fr"
  offers free
  in_bash "passthru list --no-"
  offers --no-legend --no-pager
  in_bash "passthru help ima"
  offers image
  in_bash "passthru assign --allow "
  offers storage network console
  in_bash "passthru explain iommu-off"
  offers iommu-off-by-option iommu-off
  rules_tree
  in_bash "passthru remove --root $tree n"
  offers nic nic2
  in_bash "passthru guest --root $tree v"
  offers vfs
}

# The names of rules are offered, those of drop-ins too.
rules_tree() {
  conf "[device nic]" "address = 0000:00:02.0" " [sriov  vfs ]" "#[device no]"
  put etc/passthru.conf.d/more.conf <<<"[device nic2]"
}

complete_zsh() {
  in_zsh passthru ''
  says '^list:the PCI devices of this host$'
  says_not COMMAND
  in_zsh passthru guest --format ''
  offers xl libvirt qemu proxmox proxmox-mapping opennebula nova incus kubevirt harvester nfd
  in_zsh passthru assign --driver ''
  offers auto vfio-pci xen-pciback pci-stub
  in_zsh passthru release ''
  says '^--dry-run:print what'
  in_zsh passthru trial ''
  says '^reset$'
  says_not '^show.reset'
  in_zsh passthru list ''
  says '^gpu$'
  says '^free$'
  in_zsh passthru check ''
  says '^--lenient:fail for'
  says '^files$'
  in_zsh passthru help ''
  says '^image:'
  in_zsh passthru explain ''
  says '^iommu-off$'
  says '^claimed$'
  rules_tree
  in_zsh passthru remove --root "$tree" n
  says '^nic2$'
  says '^vfs$'
  says_not '^no$'
}

complete_fish() {
  in_fish "passthru "
  says $'^guest\tthe guest configuration'
  says '^--version$'
  in_fish "passthru li"
  offers $'list\tthe PCI devices of this host'
  in_fish "passthru guest --format x"
  offers xl
  in_fish "passthru assign --group "
  offers listed refuse whole
  in_fish "passthru trial re"
  offers reset
  in_fish "passthru list stor"
  offers storage
  in_fish "passthru status --root conf/comp"
  says '^conf/completions/'
  in_fish "passthru check conf/passthru.co"
  says '^conf/passthru.conf'
  in_fish "passthru help ima"
  says '^image'
  in_fish "passthru explain iommu-off"
  offers iommu-off iommu-off-by-option
  rules_tree
  in_fish "passthru remove --root $tree n"
  offers nic nic2
  in_fish "passthru release --root $tree v"
  offers vfs
}

# Each option that --help lists is offered, and no option where the argument of one is expected.
complete_each_in_fish() {
  local subcommand lines limit=60
  for subcommand in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    help_of "$subcommand" >"$work/fish-options"
    in_fish "passthru $subcommand --"
    cut -f1 "$out" | sort >"$work/fish-offered"
    cut -d' ' -f1 "$work/fish-options" | sort | cmp -s - "$work/fish-offered" || fail "fish: not the options of $subcommand"
    sed -n "s/^\(--[a-z-]*\) .\+/passthru $subcommand \1 /p" "$work/fish-options" >>"$work/fish-lines"
  done
  mapfile -t lines < <(awk '!seen[$3]++' "$work/fish-lines")
  ((${#lines[@]} >= 20)) || fail "only ${#lines[@]} options with an argument"
  in_fish "${lines[@]}"
  says_not '^--'
}

# help_of COMMAND: lines of its options, each followed by its argument if it takes one.
help_of() {
  "$command" "$1" --help | sed -n 's/^  \(-.,\|   \) \(--[a-z-]*\) \([^ ]*\) .*/\2 \3/p'
}

# The same in bash and zsh.
complete_each() {
  local subcommand lines limit=60
  for subcommand in $("$command" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    help_of "$subcommand" >"$work/options"
    in_bash "passthru $subcommand --"
    cut -d' ' -f1 "$work/options" | cmp -s - "$out" || fail "bash: not the options of $subcommand"
    in_zsh passthru "$subcommand" --
    sed -n 's/^\(--[a-z-]*\):.*/\1/p' "$out" >"$work/offered"
    cut -d' ' -f1 "$work/options" | cmp -s - "$work/offered" ||
      fail "zsh: not the options of $subcommand"
    sed -n "s/^\(--[a-z-]*\) .\+/passthru $subcommand \1 /p" "$work/options" >>"$work/lines"
  done
  mapfile -t lines < <(awk '!seen[$3]++' "$work/lines")
  ((${#lines[@]} >= 20)) || fail "only ${#lines[@]} options with an argument"
  in_bash "${lines[@]}"
  says_not '^--'
  in_zsh_each "${lines[@]}"
  says_not '^--'
}

# With the devices of this machine: to readline, a colon ends a word.
complete_addresses() {
  local bus
  "$command" list --no-legend | awk '{ print $1 }' >"$work/addresses"
  bus=$(sed -n '1s/:.*//p' "$work/addresses")
  in_bash "passthru guest $bus:"
  sed -n "s/^$bus://p" "$work/addresses" | cmp -s - "$out" || fail "not the addresses, in bash"
  in_zsh passthru guest ''
  sed -n '/^[0-9a-f:\\]*\.[0-7]$/s/\\:/:/gp' "$out" | cmp -s - "$work/addresses" || fail "not the addresses, in zsh"
}

test_completion() {
  t "completion: bash" complete_bash
  t_with zsh "completion: zsh finds it" zsh_knows
  t_with zsh "completion: zsh" complete_zsh
  t_with zsh "completion: each option of each command" complete_each
  t_with fish "completion: fish" complete_fish
  t_with fish "completion: each option of each command, in fish" complete_each_in_fish
  if [[ -d /sys/bus/pci/devices ]]; then
    t_with zsh "completion: addresses" complete_addresses
  else
    echo "ok - completion: addresses # SKIP no PCI here"
  fi
}
