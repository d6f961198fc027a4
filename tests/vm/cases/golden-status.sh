# SPDX-License-Identifier: GPL-2.0-or-later
title="a whole Debian: what status, check, list and needs say after the boot, and how they end"
variants=(three one-absent)
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio

conf() {
  cat "$vm_dir/images/three.conf"
  [[ $variant != one-absent ]] || printf '%s\n' "[device gone]" "address = 0000:00:1e.0"
}

commands() {
  cat "$vm_dir/inside/assign-lib.sh"
  cat <<'END'
passthru status --json >status.json
echo "json: exit $?"
run metrics status --metrics
cp /run/passthru/report.json report.json
/usr/lib/passthru/passthru-init
echo "by hand: exit $?"
cmp /run/passthru/report.json report.json && echo "by hand: the report is as it was"
run dry-run release 00:02.0 --dry-run
run guest guest 00:02.0 00:03.0
run image check --image "/boot/initrd.img-$(uname -r)"
cp /etc/passthru.conf passthru.conf
echo "# changed" >>/etc/passthru.conf
run changed status
cp passthru.conf /etc/passthru.conf
END
}

expect() {
  local device rebuild="update-initramfs -u" code=0
  [[ $framework != dracut ]] || rebuild="dracut -f"
  [[ $variant != one-absent ]] || code=1
  for device in 00:02.0 00:03.0 00:04.0; do
    taken "0000:$device" vfio-pci
    shows status "0000:$device bound +.*vfio-pci.*vfio-pci"
    shows list "^$device .* vfio-pci +taken by rule "
    shows check "0000:$device .*would be bound to vfio-pci"
    says "passthru_device.*address=\"0000:$device\".* 1\$"
  done
  shows list '^00:10\.0 .* virtio-pci +host: / '
  status_is "$code"
  says "^json: exit $code"
  says "^metrics: exit $code"
  says '^by hand: exit 64'
  says '^by hand: the report is as it was'
  says '^dry-run: exit 0'
  says '^guest: exit 0'
  # The image in /boot is older than the configuration.
  says 'has another configuration than /etc'
  says "the image.*: $rebuild\$"
  check_is 1
  cmp -s "$out/needs.txt" "$suite_dir/surveys/golden-virtio/needs.txt" || fail "the host needs something else"
  [[ ! -s $out/needs-errors.txt ]] || fail "needs: $(<"$out/needs-errors.txt")"
  if [[ $variant == three ]]; then
    unit_is success
    host_is_well
  else
    shows status '^gone .*absent'
    unit_is exit-code
    host_is_well passthru-init.service passthru-verify.service
  fi
}
