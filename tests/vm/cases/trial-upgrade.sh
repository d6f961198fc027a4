# SPDX-License-Identifier: GPL-2.0-or-later
# As after an upgrade: the image of the first boot knows of no trials. A second rule's device is absent, so
# not all is OK, but that has not kept the host from coming up.
title="a whole Debian under UEFI: a configuration that the host runs with already is not on trial"
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
images=(golden-initramfs-tools)
BOOTS="whole whole"

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0" "[device gone]" "address = 0000:00:1e.0"
}

overlay() {
  golden_overlay "$1"
}

# shellcheck disable=SC2317,SC2154 # runs in the machine
steps() {
  case $1 in
    1)
      cp /run/passthru/image/etc/passthru.conf /etc/passthru.conf
      build_image
      cat /var/tmp/into/usr/lib/passthru/trial
      ;;
    2)
      passthru trial
      # Other attributes than passthru's: a variable keeps them.
      printf '\3\0\0\0passthru 1\n' >"$variable"
      passthru trial
      passthru trial reset
      passthru trial
      ;;
  esac
}

expect() {
  boot_says 1 '^proven [0-9a-f]{64}'
  ! grep -q 'on trial' "$out/1/commands.txt" || fail "it is on trial"
  boot_report 2 "proof" '.trial.state == "proven" and any(.devices[]; .state == "bound")'
  boot_says 2 'could not be read: not as passthru writes it'
  boot_says 2 'The trial is forgotten'
  boot_says 2 '^Nothing is armed, tried or proven'
}
