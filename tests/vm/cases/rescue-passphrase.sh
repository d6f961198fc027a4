# SPDX-License-Identifier: GPL-2.0-or-later
# For longer than root-grace nobody answers the question for the passphrase of /. Then passthru-test-answer.service
# does.
title="/ on LUKS, and its passphrase is asked for longer than root-grace: what the host does not need is not given back"
images=(systemd-storage)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case luks

conf() {
  printf '%s\n' "[passthru]" "root-grace = 30" "[device nic]" "address = 0000:00:02.0" \
    "[device spare]" "address = 0000:00:03.0"
}

# No crypttab, so nothing names the file with the key.
overlay() {
  local units=$1/usr/lib/systemd/system
  "$vm_dir/images/stacks.sh"
  record "$1"
  mkdir -p "$1/etc" "$units/sysinit.target.wants"
  cp "$vm_dir/images/luks.key" "$1/etc/"
  install -D "$vm_dir/inside/answer" "$1/usr/lib/passthru-test/answer"
  printf '%s\n' "[Unit]" "DefaultDependencies=no" \
    "[Service]" "ExecStart=/bin/sh /usr/lib/passthru-test/answer" >"$units/passthru-test-answer.service"
  ln -s ../passthru-test-answer.service "$units/sysinit.target.wants/"
}

expect() {
  local asked answered
  asked=$(second_of 'passthru-test: asked') answered=$(second_of 'passthru-test: answered')
  ((asked && answered >= asked + 40)) || fail "asked at '$asked', answered at '$answered'"
  taken 0000:00:02.0 vfio-pci
  taken 0000:00:03.0 vfio-pci
  ! grep -q '^tried' "$out/rescue" || fail "something was given back"
  status_is 0
}
