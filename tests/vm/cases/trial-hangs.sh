# SPDX-License-Identifier: GPL-2.0-or-later
# The power fails as soon as the second device is bound: to what is kept that is the same as a machine that
# hangs there and is reset. first: there is no configuration that was proven before.
title="a whole Debian under UEFI: a configuration that hangs the machine is not used a second time"
variants=(second first)
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
BOOTS="whole whole cut:passthru:.*0000:00:04.0.*bound.to whole whole"

# shellcheck disable=SC2317 # runs in the machine
steps() {
  case $1 in
    1)
      printf '%s\n' '[device nic]' 'address = 0000:00:02.0' >/etc/passthru.conf
      [ -e /etc/passthru-test.first ] || build_image
      ;;
    2)
      wait_for_proof
      mkdir -p /etc/passthru.conf.d
      printf '%s\n' '[device usb]' 'address = 0000:00:04.0' >/etc/passthru.conf.d/usb.conf
      build_image
      ls /var/tmp/into/usr/lib/passthru
      ;;
    3) # the one behind the failure
      cat /run/issue.d/passthru.issue /run/motd.d/passthru
      passthru trial
      passthru check
      passthru status --metrics
      wait_for_proof
      build_image
      ;;
    4)
      passthru trial
      passthru trial reset
      passthru trial
      build_image
      ;;
  esac
}

# The machine has to know which variant this is.
commands() {
  [[ $variant != first ]] || echo 'touch /etc/passthru-test.first'
  trial_commands
}

expect() {
  local boot
  for boot in 4 5; do
    boot_report "$boot" "failure" '.trial.state == "failed" and any(.findings[]; .code == "trial-failed")'
    if [[ $variant == first ]]; then
      boot_report "$boot" "device" '.devices == []'
    else
      boot_report "$boot" "device" '[.devices[].rule] == ["nic"] and .devices[0].state == "bound"'
    fi
  done
  boot_says 4 'failed its trial'
  boot_says 4 '^Tried: [0-9a-f]{64}, 1 times'
  boot_says 4 'error: trial-failed'
  boot_says 4 '^passthru_trial\{state="failed"\} 1'
  boot_says 4 'nothing to prove'
  boot_says 4 'was tried and is not proven: unless'
  boot_says 5 'The trial is forgotten'
  boot_says 5 'on trial at the next boot'
  [[ $variant != first ]] || return 0
  boot_report 2 "trial" '.trial.state | . == "trying" or . == "proven"'
  boot_says 2 '^proven'
  taken 0000:00:02.0 vfio-pci
  host_has 0000:00:04.0 xhci_hcd
}
