# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the cases of trials. Sourced by them, bash; after golden-case.sh.
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
boot=("$vm_dir/boots/trial.sh")
export BOOTS

# The image has no configuration at first: the host makes the next one, as an administrator does.
overlay() { :; }

# trial_commands: prints a script that runs steps_1, steps_2, ... of the case: one in each boot that comes up.
trial_commands() {
  cat <<'EOS'
exec 2>&1
boot=$(($(cat /var/lib/passthru-test.boot 2>/dev/null || echo 0) + 1))
echo $boot >/var/lib/passthru-test.boot
# All that a hook does in an image build. An image of that kernel gets it.
build_image() {
  rm -rf /var/tmp/into
  mkdir /var/tmp/into
  /usr/bin/passthru image --into /var/tmp/into --kernel "$(uname -r)" || return
  for module in $(passthru check --lenient --modules | grep efivarfs); do
    install -D -t "/var/tmp/into/usr$(modinfo -n $module | sed 's,^/usr,,;s,/[^/]*$,,')" "$(modinfo -n $module)"
  done
  tar -C /var/tmp/into -cf /boot/trial.tar . && sync
}
wait_for_proof() {
  systemctl start boot-complete.target
  n=0
  while [ "$(systemctl show -P ActiveState passthru-prove)" = activating ] && [ $n -lt 60 ]; do
    sleep 1
    n=$((n + 1))
  done
  systemctl show -p ActiveState -p Result -p ConditionResult passthru-prove
  journalctl -b -u passthru-prove -o cat --no-pager
}
variable=/sys/firmware/efi/efivars/PassthruTrial-f43afd0e-b965-4fc0-99e9-156823a54460
EOS
  declare -f steps
  # shellcheck disable=SC2016 # the machine's
  printf '%s\n' 'steps $boot' sync
}

commands() {
  trial_commands
}

# boot_says NUMBER REGEX: of the commands' output in that boot.
boot_says() {
  grep -Eq -- "$2" "$out/$1/commands.txt" || fail "boot $1 does not say: $2"
}

# boot_report NUMBER WHAT FILTER: of the report as it was before the commands.
boot_report() {
  jq -e "$3" "$out/$1/booted.json" >/dev/null 2>&1 || fail "boot $1: report.json: no $2"
}
