# SPDX-License-Identifier: GPL-2.0-or-later
# TCG is slow: most of the time is the boot's.
title="a whole Debian under UEFI: trial = confirm, the only network card goes; without a word the host reboots and has it back"
variants=(silent emergency confirmed later)
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
case ${variant-} in
  silent | emergency) BOOTS="whole reboot whole" ;;
  *) BOOTS="whole whole whole" ;;
esac

commands() {
  local within=120
  [[ $variant != later ]] || within=3000
  cat <<EOS
within=$within variant=$variant
EOS
  declare -f need_card
  trial_commands
}

# need_card: as a file system on a disk that was taken, it ends the boot in emergency mode.
# shellcheck disable=SC2317,SC2154 # runs in the machine
need_card() {
  printf '%s\n' '[Unit]' DefaultDependencies=no Before=local-fs.target '[Service]' Type=oneshot \
    "ExecStart=/bin/sh -c '! readlink /sys/bus/pci/devices/0000:00:02.0/driver | grep vfio'" \
    '[Install]' RequiredBy=local-fs.target >/etc/systemd/system/need-card.service
  systemctl enable need-card
}

# shellcheck disable=SC2317,SC2154 # runs in the machine
steps() {
  case $1$variant in
    1*)
      printf '%s\n' '[passthru]' 'trial = confirm' "confirm-within = $within" \
        '[device nic]' 'address = 0000:00:02.0' 'allow = network' >/etc/passthru.conf
      [ "$variant" != emergency ] || need_card
      build_image
      ;;
    2silent)
      cat /run/issue.d/passthru.issue
      sync
      sleep 3600
      ;;
    2confirmed)
      cat /run/issue.d/passthru.issue
      passthru status
      wait_for_proof
      passthru confirm
      sleep $((within + 10 - $(cut -d. -f1 /proc/uptime)))
      systemctl show -p ActiveState -p Result passthru-confirm
      passthru confirm
      ;;
    2later)
      passthru confirm --later
      echo "until $(cat /run/passthru/trial-deadline)"
      systemctl is-active passthru-confirm
      ;;
  esac
}

expect() {
  case $variant in
    emergency | silent)
      [[ $variant == silent ]] || grep -q 'emergency mode' "$out/2/console.log" || fail "boot 2 is not in emergency mode"
      grep -q 'nobody confirmed the configuration on trial' "$out/2/console.log" || fail "boot 2 does not say why it reboots"
      boot_report 3 "failure" '.trial.state == "failed" and .devices == []'
      host_has 0000:00:02.0 e1000e
      ;;
    confirmed)
      boot_report 2 "trial" '.trial.state == "trying" and .trial.proof == "confirm"'
      boot_says 2 'run .passthru confirm. within 120 s'
      boot_says 2 'The configuration is on trial: run'
      boot_says 2 '^The configuration [0-9a-f]{12} is proven'
      boot_says 2 'ActiveState=inactive'
      boot_says 2 'proven already'
      boot_report 3 "proof" '.trial.state == "proven"'
      taken 0000:00:02.0 vfio-pci
      ;;
    later)
      boot_says 2 'within 3000 s from now'
      boot_says 2 '^active'
      boot_report 3 "failure" '.trial.state == "failed" and .devices == []'
      ;;
  esac
}
