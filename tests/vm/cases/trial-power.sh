# SPDX-License-Identifier: GPL-2.0-or-later
# begin: as long as nothing was recorded the next boot tries it, and that is the only one that does. prove: it
# is proven or not, but never tried again. No moment leaves a state that cannot be read.
title="under UEFI, the power fails at 20 moments of a trial: it is tried once, and proven or not"
images=(systemd)
boot=("$vm_dir/boots/trial-power.sh")

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0"
}

# send() of report-lib.sh sends all that is in the folder.
commands() {
  cat <<'EOS'
mount -t efivarfs efivarfs /sys/firmware/efi/efivars
part=$(sed -n 's/.*passthru-test.part=\([a-z]*\).*/\1/p' /proc/cmdline)
case $part in
  arm)
    mount -t tmpfs tmpfs /mnt
    # Not the one that this boot has come up with, which is not on trial.
    echo "# new" | cat /run/passthru/image/etc/passthru.conf - >/mnt/passthru.conf
    mount --bind /mnt/passthru.conf /etc/passthru.conf
    mkdir -p /mnt/into /mnt/lib /mnt/systemd/multi-user.target.wants /run/systemd/system
    mount --bind /mnt/lib /var/lib
    # This host has no units that end a trial: the script does.
    touch /mnt/systemd/multi-user.target.wants/passthru-verify.service /mnt/systemd/multi-user.target.wants/passthru-prove.service
    mount --bind /mnt/systemd /etc/systemd/system
    passthru image --into /mnt/into --no-stubs
    tar -C /mnt/into -cf into.tar .
    ;;
  prove)
    mount -t tmpfs tmpfs /var/lib
    /usr/lib/passthru/passthru-init --verify
    echo "passthru-test: prove" >/dev/console
    passthru trial prove
    ;;
esac
EOS
}

expect() {
  local bad
  [[ $(wc -l <"$out/results.txt") == 20 ]] || fail "not 20 moments: $(wc -l <"$out/results.txt")"
  bad=$(grep -Evx 'begin [0-9]+ (trying bound failed|failed  failed) |prove [0-9]+ (proven bound|failed ) ' "$out/results.txt")
  [[ ! $bad ]] || fail "moments that came out otherwise: $bad"
  grep -q '^begin .* trying' "$out/results.txt" || fail "no moment was before the record"
  grep -q '^begin [0-9]* failed' "$out/results.txt" || fail "no moment was after the record"
  grep -q '^prove [0-9]* proven' "$out/results.txt" || fail "no moment was after the proof"
  grep -q '^prove [0-9]* failed' "$out/results.txt" || fail "no moment was before the proof"
}
