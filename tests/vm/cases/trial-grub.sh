# SPDX-License-Identifier: GPL-2.0-or-later
# hangs: the power fails once the new configuration is in use.
title="a whole Debian on BIOS: GRUB counts the trial in its environment block, and a good boot proves it"
variants=(proven hangs)
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
images=(golden-initramfs-tools)
export STORE=grub
case ${variant-} in
  hangs) BOOTS="whole cut:passthru:.*0000:00:02.0.*bound.to whole" ;;
  *) BOOTS="whole whole whole" ;;
esac

commands() {
  echo "variant=$variant append='console=ttyS0,115200 $golden_append'"
  trial_commands
}

# What grub-install and the installer do; then the image that GRUB loads gets what a hook would add.
# shellcheck disable=SC2317,SC2154 # runs in the machine
steps() {
  case $1$variant in
    1*)
      printf '%s\n' '[device nic]' 'address = 0000:00:02.0' >/etc/passthru.conf
      passthru check
      mkdir -p /boot/grub
      cp -r /usr/lib/grub/i386-pc /boot/grub/
      grub-editenv /boot/grub/grubenv create
      printf '%s\n' GRUB_TIMEOUT=0 "GRUB_CMDLINE_LINUX=\"$append\"" GRUB_TERMINAL=console >/etc/default/grub
      update-grub
      passthru check
      build_image
      truncate -s %4 "/boot/initrd.img-$(uname -r)"
      (cd /var/tmp/into && find . | cpio --quiet -o -H newc) >>"/boot/initrd.img-$(uname -r)"
      grub-editenv /boot/grub/grubenv list
      ;;
    2proven)
      cat /proc/cmdline
      wait_for_proof
      grub-editenv /boot/grub/grubenv list
      passthru trial
      ;;
    2hangs)
      cat /proc/cmdline
      passthru trial
      ;;
    3proven)
      cat /proc/cmdline
      passthru trial
      ;;
  esac
}

expect() {
  boot_says 1 'no UEFI variables, and no environment block of GRUB'
  boot_says 1 'This configuration is new'
  boot_says 1 'on trial at the next boot'
  boot_says 1 '^passthru_left=1'
  case $variant in
    proven)
      boot_says 2 'passthru.trial=trying:'
      boot_report 2 "trial" '(.trial.state | . == "trying" or . == "proven") and .devices[0].state == "bound"'
      boot_says 2 '^passthru_proven=[0-9a-f]{64}'
      boot_says 3 'passthru.trial=failed:-:[0-9a-f]{64}'
      boot_report 3 "proof" '.trial.state == "proven" and .devices[0].state == "bound"'
      ;;
    hangs)
      boot_says 3 'passthru.trial=failed:[0-9a-f]{64}:'
      boot_report 3 "failure" '.trial.state == "failed" and .devices == []'
      host_has 0000:00:02.0 e1000e
      ;;
  esac
}
