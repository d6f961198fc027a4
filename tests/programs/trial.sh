# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of trials: the agent with a directory in the place of efivarfs, or with GRUB's word on the kernel
# command line; what the running system makes of its report. Sourced, bash.
# shellcheck shell=bash disable=SC2154

variables=sys/firmware/efi/efivars
variable=$variables/PassthruTrial-f43afd0e-b965-4fc0-99e9-156823a54460
other=$(printf '%064d' 7)

# digests: those of the configuration that is in the tree, as the host keeps them.
digests() {
  local files=""
  files=$(sha256sum <"$tree/etc/passthru.conf")
  printf '%s\n%s\n' "${files%% *}" ""
}

# identify: what identifies that configuration.
identify() {
  digests | sha256sum | cut -d' ' -f1
}

# one STATE...: a host with one device, whose image has a mark; the variable has lines with $id as the
# digest. A line "none" makes no variable.
one_on_trial() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  id=$(identify)
  mark store=efi
  mkdir -p "$tree/$variables"
  [[ $1 == none ]] || state "$@"
}

# mark [KEY=VALUE...]: the mark of the image.
mark() {
  local -A keys=([store]=efi [proof]=boot [tries]=1 ["confirm-within"]=600)
  local word
  for word in "$@"; do
    keys[${word%%=*}]=${word#*=}
  done
  for word in "${!keys[@]}"; do
    echo "$word ${keys[$word]}"
  done | put usr/lib/passthru/trial
}

# state LINE...: the variable, with the attributes before it.
state() {
  {
    printf '\7\0\0\0'
    printf '%s\n' "$@"
  } | put "$variable"
}

# is_state LINE...: that is what it says.
is_state() {
  cmp -s <(
    printf '\7\0\0\0'
    printf '%s\n' "$@"
  ) "$tree/$variable" || fail "the variable is not: $*"
}

used() {
  recorded "[.devices[].state] == [\"bound\"] and .trial.state == \"$1\""
}

not_used() {
  recorded ".devices == [] and .trial.state == \"$1\""
}

# proven_before [LINE]: the configuration of the image that is proven.
proven_before() {
  put usr/lib/passthru/proven/etc/passthru.conf <<<$'[device old]\naddress = 0000:00:02.0\niommu = warn\n'"${1-}"
  mark proven="$other"
}

armed() {
  one_on_trial none
  state "passthru 1" "armed $id" "proven $other"
  agent 0
  used trying
  is_state "passthru 1" "trying $id 1" "proven $other"
  [[ -e $tree/run/passthru/image/etc/passthru.conf ]] || fail "no copy of the configuration is kept"
}

proven_by_image() {
  one_on_trial none
  mark proven="$id"
  rm -r "${tree:?}/$variables"
  agent 0
  used proven
  says_not trial
}

proven_by_store() {
  one_on_trial none
  state "passthru 1" "proven $other" "proven $id"
  agent 0
  used proven
  is_state "passthru 1" "proven $other" "proven $id"
}

tried() {
  one_on_trial none
  state "passthru 1" "trying $id 1"
  agent 1
  not_used failed
  finding - trial-failed
  says 'no device is touched'
  is_state "passthru 1" "trying $id 1"
  passthru 1 status
  says_not 'was changed since'
  conf "[device other]" "address = 0000:00:02.0"
  passthru 1 status
  grep -q 'was changed since' "$out" || fail "status does not say that the configuration was changed"
}

tried_before() {
  one_on_trial none
  proven_before "driver = auto"
  state "passthru 1" "trying $id 1"
  agent 1
  recorded '[.devices[].rule] == ["old"] and .devices[0].state == "bound" and .trial.state == "failed"'
  finding - trial-failed
  grep -q '\[device old\]' "$tree/run/passthru/image/etc/passthru.conf" || fail "the copy is of the other configuration"
}

# tried_options RULES [COMMAND...]: what failed has options of a stub driver, which are still where the driver
# finds them. No module is loaded in a tree: that is said.
tried_options() {
  device 0000:00:02.0
  put etc/modprobe.d/vfio.conf <<<"options vfio-pci ids=8086:10d3"
  mark store=efi
  "${@:2}"
  mkdir -p "$tree/$variables"
  agent 1
  state "passthru 1" "trying $(jq -r .trial.configuration "$tree/run/passthru/report.json") 1"
  agent 1
  recorded ".trial.state == \"failed\" and [.devices[].rule] == [$1]"
  recorded '.findings | any(.text | startswith("vfio-pci could not be loaded without its own options"))'
}

tried_less() {
  one_on_trial none
  mark tries=3
  state "passthru 1" "trying $id 2"
  agent 0
  used trying
  is_state "passthru 1" "trying $id 3"
  agent 1
  finding - trial-failed
}

# never_armed LINE...: no variable, or one of another configuration.
never_armed() {
  one_on_trial "$@"
  agent 1
  not_used unproven
  finding - unproven
}

# garbage COMMAND...: what cannot be read counts as not tried; once.
garbage() {
  one_on_trial none
  (cd "$tree" && "$@")
  agent 0
  used trying
  finding - trial-state
  is_state "passthru 1" "trying $id 1"
  agent 1
  finding - trial-failed
}

# unwritable PROOF COMMAND...: nobody can write the variable.
unwritable() {
  one_on_trial none
  mark proof="$1"
  (cd "$tree" && "${@:2}")
  if [[ $1 == boot ]]; then
    agent 0
    recorded '[.devices[].state] == ["bound"] and .trial == null'
  else
    agent 1
    not_used unproven
  fi
  finding - trial-state
}

bad_mark() {
  one_on_trial none
  put usr/lib/passthru/trial <<<"$1"
  agent 0
  recorded '[.devices[].state] == ["bound"] and .trial == null'
  finding - trial-state
}

no_mark() {
  one_on_trial none
  rm "$tree/usr/lib/passthru/trial"
  agent 0
  recorded '[.devices[].state] == ["bound"] and .trial == null'
  says_not trial
}

# in_part CMDLINE PROOF BEFORE TRIES STATUS TRIAL IS-USED AFTER TRIES: with that kernel command line.
in_part() {
  one_on_trial none
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn" "[device other]" "address = 0000:00:02.1"
  id=$(identify)
  mark "proof=$2"
  state "passthru 1" "$3 $id${4:+ $4}"
  cmdline "$1"
  agent "$5"
  recorded ".trial.state == $6"
  recorded "([.devices[].state] | index(\"bound\") == 0) == $7"
  is_state "passthru 1" "$8 $id${9:+ $9}"
}

# A credential has another rule of that name.
in_part_by_credential() {
  put .extra/system_credentials/passthru.conf.cred <<<$'[device nic]\nid = 8086:10d3\niommu = warn'
  in_part quiet boot armed "" 1 null true armed ""
  says 'trial-state: a credential replaces a rule, so this boot is no trial'
}

nothing_to_try() {
  one_on_trial "passthru 1"
  conf ""
  agent 0
  finding - nothing-configured
  is_state "passthru 1"
}

dry_trial() {
  one_on_trial none
  state "passthru 1" "armed $id"
  agent 0 --dry-run
  is_state "passthru 1" "armed $id"
}

# by_grub STATUS STATE OPTION
by_grub() {
  one_on_trial none
  mark store=grub
  rm -r "${tree:?}/$variables"
  cmdline "quiet ${3//ID/$id}"
  agent "$1"
  case $2 in
    trying | proven) used "$2" ;;
    none) recorded '[.devices[].state] == ["bound"] and .trial == null' ;;
    *) not_used "$2" ;;
  esac
}

announced() {
  one_on_trial none
  mark "proof=$1"
  state "passthru 1" "$2 $id${3:+ $3}"
  agent "$4"
  run "$5" "$init" --verify --root "$tree"
  [[ -e $tree/run/passthru/trial ]] || fail "no flag for the units"
  [[ ! $6 ]] || grep -q "$6" "$tree/run/issue.d/passthru.issue" "$tree/run/motd.d/passthru" || fail "nothing at a login"
  [[ $6 || ! -e $tree/run/issue.d ]] || fail "something at a login"
}

# planned FLAG STATUS COMMAND...: after COMMAND has changed the host or the report, verify says so.
planned() {
  one_of_two
  agent 1
  (cd "$tree" && "${@:3}") || fail "cannot be prepared: ${*:3}"
  run "$2" "$init" --verify --root "$tree"
  recorded ".as_planned == $1"
}

# in_report FILTER: changes the report.
in_report() {
  jq "$1" run/passthru/report.json >report.new && mv report.new run/passthru/report.json
}

not_announced() {
  one_on_trial none
  mark proven="$id"
  agent 0
  digests | put var/lib/passthru/proven.sha256
  run 0 "$init" --verify --root "$tree"
  [[ ! -e $tree/run/passthru/trial && ! -e $tree/run/issue.d ]] || fail "a proven configuration is announced"
}

# not_kept FILE...: what the host keeps is another configuration, or none.
not_kept() {
  one_on_trial none
  mark proven="$id"
  agent 0
  cat "$@" | put var/lib/passthru/proven.sha256
  run 0 "$init" --verify --root "$tree"
  [[ -e $tree/run/passthru/trial ]] || fail "no unit is called to keep it"
  [[ ! -e $tree/run/issue.d ]] || fail "something at a login"
}

# A command's own look at a report that is none.
trial_damaged() {
  one_on_trial "passthru 1" "armed $other"
  put run/passthru/report.json <<<"{"
  passthru 1 trial
  grep -q '^This boot: unknown, could not read /run/passthru/report.json: not a report, or damaged$' "$out" ||
    fail "trial does not say what is wrong with the report"
}

# proven_anew COMMAND...: after COMMAND has damaged what the host keeps, though not its digest, it is kept again.
proven_anew() {
  local kept=$tree/var/lib/passthru/proven
  one_on_trial none
  mark proven="$id"
  agent 0
  passthru 0 trial prove
  cmp "$tree/etc/passthru.conf" "$kept/etc/passthru.conf" || fail "it is not kept"
  (cd "$kept" && "$@") || fail "cannot be damaged: $*"
  passthru 0 trial prove
  says_not warning
  cmp "$tree/etc/passthru.conf" "$kept/etc/passthru.conf" || fail "it stays damaged"
}

# waits STATUS PROOF COMMAND...: the unit's process, after COMMAND. passthru-verify did not run, as in emergency
# mode. No test reboots anything: that is said.
waits() {
  one_on_trial none
  mark "proof=$2"
  state "passthru 1" "armed $id"
  agent 0
  put run/passthru/trial-deadline <<<0
  truncate -s 1 "$tree/run/passthru/trial-deadline"
  (cd "$tree" && "${@:3}") || fail "cannot be prepared: ${*:3}"
  passthru "$1" trial wait
  if [[ $1 == 0 ]]; then says_not reboot; else says 'could not reboot: .* is not the root of the running system'; fi
}

# waits_without_kexec: a kernel that is loaded meanwhile is not what is booted.
waits_without_kexec() {
  put proc/sys/kernel/kexec_load_disabled <<<0
  waits 1 confirm true
  [[ $(head -c 1 "$tree/proc/sys/kernel/kexec_load_disabled") == 1 ]] || fail "a kernel could be loaded"
}

test_trial_waits() {
  t "trial: not confirmed in time, no kexec" waits_without_kexec
  t "trial: the report is damaged" trial_damaged
  t "trial: not confirmed in time, and not verified" waits 1 confirm true
  t "trial: confirmed" waits 0 confirm in_report '.trial.state = "proven"'
  t "trial: failed before, so that nothing is to be confirmed" waits 0 confirm in_report '.trial.state = "failed"'
  t "trial: a good boot proves it, nobody waits" waits 0 boot true
}

test_trial() {
  t "trial: an armed configuration is tried, which is recorded before" armed
  t "trial: one that the image knows as proven, without a look at the store" proven_by_image
  t "trial: one that the store knows as proven, without a write" proven_by_store
  t "trial: one that was tried is not used again" tried
  t "trial: the proven one of the image is used instead" tried_before
  t "trial: options of a stub driver do not count in one that failed" tried_options ""
  t "trial: nor beside the proven one" tried_options '"old"' proven_before "driver = pci-stub"
  t "trial: several tries" tried_less
  t "trial: never armed, no variable" never_armed none
  t "trial: never armed, nothing in it" never_armed "passthru 1"
  t "trial: another one is armed" never_armed "passthru 1" "armed $other"
  t "trial: the variable is garbage" garbage sh -c "echo garbage >$variable"
  t "trial: the variable is empty" garbage sh -c ": >$variable"
  t "trial: the variable has other attributes" garbage sh -c "printf '\3\0\0\0passthru 1\n' >$variable"
  t "trial: the variable is a directory, boot" unwritable boot mkdir "$variable"
  t "trial: the variable is a directory, confirm" unwritable confirm mkdir "$variable"
  t "trial: no variables, boot" unwritable boot rmdir "$variables"
  t "trial: no variables, confirm" unwritable confirm rmdir "$variables"
  t "trial: a mark that is none" bad_mark "store nowhere"
  t "trial: a mark that is empty" bad_mark ""
  t "trial: without a mark, no trial" no_mark
  t "trial: a boot without one of the rules is none" in_part passthru.skip=other boot armed "" 0 null true armed ""
  t "trial: a boot with another rule in the place of one" in_part_by_credential
  t "trial: nor does it use one that failed" in_part passthru.skip=other boot trying 1 1 '"failed"' false trying 1
  t "trial: a boot without one of the rules, to be confirmed" in_part passthru.skip=other confirm armed "" 0 '"trying"' true trying 1
  t "trial: a boot into rescue.target is none" in_part "quiet systemd.unit=rescue.target" boot armed "" 1 null true armed ""
  t "trial: nor is one for a single user" in_part "single quiet" boot armed "" 1 null true armed ""
  t "trial: a boot into another target is one" in_part "systemd.unit=multi-user.target s=1" boot armed "" 1 '"trying"' true trying 1
  t "trial: nothing configured is nothing to try" nothing_to_try
  t "trial: a dry run records nothing" dry_trial
}

# elsewhere SAYS TRIAL [OPTION...]: what is said of an image that no host has on trial. A tree is a chroot.
elsewhere() {
  device 0000:00:02.0
  mkdir "$tree/image"
  conf "[passthru]" "trial = $2" "[device nic]" "address = 0000:00:02.0"
  passthru 0 image --into "$tree/image" --no-stubs "${@:3}"
  if [[ $1 ]]; then says "warning: trial = confirm is not kept, .*: $1"; else says_not trial; fi
  [[ ! -e $tree/image/usr/lib/passthru/trial ]] || fail "the image has a mark"
}

test_trial_elsewhere() {
  t "trial: an image for other hosts" elsewhere "" boot --no-trial
  t "trial: an image for other hosts, to be confirmed" elsewhere "it is for other hosts too" confirm --no-trial
  t "trial: an image in a chroot" elsewhere "" boot
  t "trial: an image in a chroot, to be confirmed" elsewhere "this is not the system that the host runs" confirm
}

test_trial_grub() {
  t "trial: GRUB has recorded it" by_grub 0 trying passthru.trial=trying:ID:
  t "trial: GRUB has recorded it, with others proven" by_grub 0 trying "passthru.trial=trying:ID:$other:$other"
  t "trial: GRUB says that it was tried before" by_grub 1 failed passthru.trial=failed:ID:
  t "trial: GRUB says that it is proven" by_grub 0 proven "passthru.trial=failed:-:ID"
  t "trial: GRUB has recorded another one" by_grub 1 unproven "passthru.trial=trying:$other:"
  t "trial: GRUB knows of none" by_grub 1 unproven passthru.trial=failed:-:
  t "trial: GRUB could not write" by_grub 0 none passthru.trial=armed:ID:
  t "trial: another boot loader" by_grub 0 none quiet
  t "trial: GRUB says nonsense" by_grub 0 none passthru.trial=nonsense
}

test_trial_announced() {
  t "trial: on trial, the units are called" announced boot armed "" 0 0 ""
  t "trial: to be confirmed, at the login" announced confirm armed "" 0 0 "passthru confirm. within 600 s"
  t "trial: failed, at the login" announced boot trying 1 1 1 "failed its trial"
  t "trial: proven, nobody is told" not_announced
  t "trial: an absent device is as planned" planned true 1 true
  t "trial: a refused device is as planned" planned true 1 in_report '.devices[1].state = "refused"'
  t "trial: one that failed is not" planned false 1 in_report '.devices[1].state = "failed"'
  t "trial: one that was returned is not" planned false 1 in_report '.devices[1].state = "returned"'
  t "trial: an unfinished one is not" planned false 1 in_report '.devices[0].findings += [{"code": "unfinished"}]'
  t "trial: one that changed is not" planned false 1 rm sys/bus/pci/devices/0000:00:02.0/driver
  t "trial: an agent that died is not" planned false 1 in_report '.findings += [{"code": "agent-died"}]'
  t "trial: proven, but another one is kept" not_kept - <<<$'0123\n\n'
  t "trial: proven, but nothing is kept" not_kept /dev/null
  t "trial: proven, but what is kept is gone" proven_anew rm etc/passthru.conf
  t "trial: proven, but what is kept is changed" proven_anew sed -i 1d etc/passthru.conf
}
