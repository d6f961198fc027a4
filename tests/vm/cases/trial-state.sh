# SPDX-License-Identifier: GPL-2.0-or-later
# garbage: it counts as not tried. full: the firmware has no room when the image is made, so the configuration
# is used without a trial; one that is armed can be rewritten even then. other: a variable of that name belongs
# to somebody else. clock: the time is that of an empty battery. nomodule: the image's kernel has no efivarfs.
title="a whole Debian under UEFI: a trial whose variable is not as passthru left it, or cannot be written"
variants=(garbage full other clock nomodule)
# shellcheck source=tests/vm/lib/trial-case.sh
source "$vm_dir/lib/trial-case.sh"
images=(golden-initramfs-tools)
BOOTS="whole whole whole"
[[ ${variant-} != clock ]] || devices+=(-rtc base=1970-01-01T00:00:10)

commands() {
  echo "variant=$variant"
  declare -f fill_store remove_module
  trial_commands
}

# Larger ones, then smaller ones, until nothing is left.
# shellcheck disable=SC2317,SC2086 # runs in the machine
fill_store() {
  for size in 8000 1000 100 10; do
    n=0
    while {
      printf '\7\0\0\0'
      head -c $size /dev/zero
    } |
      dd of=/sys/firmware/efi/efivars/Junk$size.$n-00000000-0000-0000-0000-000000000001 bs=16k iflag=fullblock 2>/dev/null; do
      n=$((n + 1))
    done
    echo "filled with $n of $size"
  done
}

# shellcheck disable=SC2317,SC2046 # runs in the machine
remove_module() {
  rm $(modinfo -n efivarfs)
  depmod
}

# shellcheck disable=SC2154,SC2317,SC2086 # runs in the machine
steps() {
  case $1$variant in
    1*)
      [ $variant != full ] || fill_store
      [ $variant != nomodule ] || remove_module
      printf '%s\n' '[device nic]' 'address = 0000:00:02.0' >/etc/passthru.conf
      build_image
      ;;
    2*)
      wait_for_proof
      passthru trial
      passthru status
      passthru status --metrics
      ;;
    3*)
      passthru trial
      ;;
  esac
  case $1$variant in
    1garbage)
      chattr -i $variable
      printf '\7\0\0\0garbage' >$variable
      ;;
    1other)
      printf '\7\0\0\0passthru 1\ntrying\n' >/sys/firmware/efi/efivars/PassthruTrial-00000000-0000-0000-0000-000000000001
      ;;
  esac
}

expect() {
  case $variant in
    garbage)
      boot_report 2 "trial" '(.trial.state | . == "trying" or . == "proven") and any(.findings[]; .code == "trial-state")'
      boot_says 2 '^Proven: '
      boot_report 3 "proof" '.trial.state == "proven"'
      ;;
    full)
      boot_says 1 'no trial of the configuration is possible here: the firmware has no room for it'
      boot_report 2 "device" '.trial == null and .devices[0].state == "bound"'
      boot_says 2 '^Nothing is armed, tried or proven'
      ;;
    nomodule)
      boot_says 1 'warning: .*trial.* is possible here: the image.s kernel has no efivarfs'
      boot_report 2 "device" '.trial == null and .devices[0].state == "bound"'
      ;;
    other | clock)
      boot_report 2 "trial" '.trial.state | . == "trying" or . == "proven"'
      boot_says 2 '^Proven: '
      boot_report 3 "proof" '.trial.state == "proven"'
      ;;
  esac
  taken 0000:00:02.0 vfio-pci
}
