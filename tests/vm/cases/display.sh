# SPDX-License-Identifier: GPL-2.0-or-later
title="a display that is taken loses the firmware framebuffer, unless that is the only console"
images=(systemd)
variants=(bochs stub kept)
quick=bochs@systemd
# bochs: class 0380, from which vfio-pci does not remove the framebuffer; there is a serial console.
# stub: class 0300, no other console, allowed. kept: class 0380, no other console.
boot=(env UEFI="${out-}/vars.fd" "$vm_dir/boot.sh")
[[ ${variant-} == bochs ]] || boot=(env CONSOLE=tty0 "${boot[@]:1}")
case ${variant-} in
  stub) devices+=(-device VGA,addr=5) ;;
  *) devices+=(-device bochs-display,addr=5) ;;
esac

conf() {
  printf '%s\n' "[device display]" "id = 1234:1111"
  [[ $variant != stub ]] || printf '%s\n' "driver = pci-stub" "allow = console"
}

commands() {
  echo 'grep -E "efifb|0000:00:05.0" /proc/iomem; ls /sys/class/graphics; ls /sys/bus/platform/drivers/efi-framebuffer'
}

expect() {
  case $variant in
    bochs)
      taken 0000:00:05.0 vfio-pci
      vfio_gives 0000:00:05.0
      finding 0000:00:05.0 host-display
      says ' : 0000:00:05.0'
      must_fail says ' : efifb'
      ;;
    stub)
      taken 0000:00:05.0 pci-stub
      says ' : 0000:00:05.0'
      must_fail says ' : efifb'
      ;;
    kept)
      taken 0000:00:05.0 vfio-pci
      vfio_refuses 0000:00:05.0 'BAR 0: Device or resource busy'
      finding 0000:00:05.0 framebuffer-kept
      says ' : efifb'
      ;;
  esac
  status_is 0
}
