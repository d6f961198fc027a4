# SPDX-License-Identifier: GPL-2.0-or-later
# By hand the build of the image fails; a package manager's goes on, and the agent refuses what it made.
title="a whole Debian that has no place for a trial's state: trial = confirm is refused, not promised"
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
images=(golden-initramfs-tools)
export STORE=none
BOOTS="whole whole"

# shellcheck disable=SC2317 # runs in the machine
steps() {
  case $1 in
    1)
      printf '%s\n' '[passthru]' 'trial = confirm' '[device nic]' 'address = 0000:00:02.0' >/etc/passthru.conf
      passthru check
      build_image
      echo "by hand: $?"
      DPKG_MAINTSCRIPT_NAME=postinst build_image
      echo "by a package manager: $?"
      ;;
    2)
      passthru trial
      passthru status
      ;;
  esac
}

expect() {
  boot_says 1 'no UEFI variables, and no environment block of GRUB'
  boot_says 1 'no trial of the configuration is possible here: .*; trial = confirm cannot be kept'
  boot_says 1 '^by hand: 1'
  boot_says 1 '^by a package manager: 0'
  boot_report 2 "refusal" '.trial.state == "unproven" and .devices == [] and any(.findings[]; .code == "trial-state")'
  boot_says 2 'trial-state'
  host_has 0000:00:02.0 e1000e
}
