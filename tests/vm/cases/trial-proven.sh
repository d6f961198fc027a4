# SPDX-License-Identifier: GPL-2.0-or-later
title="a whole Debian under UEFI: a new configuration is tried, proven by a good boot, and known to the next image"
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
BOOTS="whole whole whole whole"

# shellcheck disable=SC2317 # runs in the machine
steps() {
  case $1 in
    1)
      printf '%s\n' '[device nic]' 'address = 0000:00:02.0' >/etc/passthru.conf
      passthru check
      build_image
      passthru trial
      ;;
    2)
      wait_for_proof
      passthru trial
      find /sys/firmware/efi/efivars -iname '*passthru*'
      ;;
    3)
      passthru trial
      passthru check
      build_image
      ls /var/tmp/into/usr/lib/passthru
      cat /var/tmp/into/usr/lib/passthru/trial
      # The image of the next boot is proven without it.
      chattr -i "$variable" && rm "$variable"
      ;;
    4)
      passthru trial
      ;;
  esac
}

expect() {
  boot_report 1 "trial" '.trial == null'
  boot_says 1 'This configuration is new'
  boot_says 1 'on trial at the next boot'
  boot_says 1 '^Armed: '
  # The proof may be faster than the copy of the report.
  boot_report 2 "trial" '(.trial.state | . == "trying" or . == "proven") and .devices[0].state == "bound"'
  boot_says 2 'ActiveState=active'
  boot_says 2 '^The configuration [0-9a-f]{12} is proven'
  boot_says 2 '^Proven: '
  boot_report 3 "proof" '.trial.state == "proven" and .devices[0].state == "bound"'
  boot_says 3 'This configuration is proven'
  boot_says 3 '^proven [0-9a-f]{64}'
  boot_report 4 "proof by the image" '.trial.state == "proven" and .devices[0].state == "bound"'
  boot_says 4 'Nothing is armed, tried or proven'
  taken 0000:00:02.0 vfio-pci
  host_is_well passthru-init.service
}
