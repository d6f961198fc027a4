# SPDX-License-Identifier: GPL-2.0-or-later
title="a display that is taken loses the firmware framebuffer, unless that is the only console"
images=(systemd)
variants=(bochs stub kept vesa)
quick=bochs@systemd
# bochs: class 0380, from which vfio-pci does not remove the framebuffer; there is a serial console.
# stub: class 0300, no other console, allowed. kept: class 0380, no other console.
# vesa: a BIOS, which has set a mode; class 0300, a serial console.
boot=(env UEFI="${out-}/vars.fd" "$vm_dir/boot.sh")
case ${variant-} in
  bochs)
    devices+=(-device bochs-display,addr=5)
    ;;
  stub)
    boot=(env CONSOLE=tty0 "${boot[@]:1}")
    devices+=(-device VGA,addr=5)
    ;;
  kept)
    boot=(env CONSOLE=tty0 "${boot[@]:1}")
    devices+=(-device bochs-display,addr=5)
    ;;
  vesa)
    boot=("$vm_dir/boot.sh")
    devices+=(-device VGA,addr=5)
    cmdline="vga=0x317"
    ;;
esac

conf() {
  printf '%s\n' "[device display]" "id = 1234:1111"
  case $variant in
    stub) printf '%s\n' "driver = pci-stub" "allow = console" ;;
    vesa) echo "driver = pci-stub" ;;
  esac
}

commands() {
  echo 'grep -E "efifb|vesafb|0000:00:05.0" /proc/iomem; ls /sys/class/graphics; ls /sys/bus/platform/drivers/*-framebuffer'
}

# had_framebuffer DRIVER: the kernel had one, and the places of memory were printed.
had_framebuffer() {
  grep -q "$1: framebuffer at" "$out/dmesg.txt" || fail "there was no $1 to release"
  says ' : 0000:00:05.0'
}

expect() {
  case $variant in
    bochs)
      taken 0000:00:05.0 vfio-pci
      vfio_gives 0000:00:05.0
      finding 0000:00:05.0 host-display
      had_framebuffer efifb
      must_fail says ' : efifb'
      ;;
    stub)
      taken 0000:00:05.0 pci-stub
      had_framebuffer efifb
      must_fail says ' : efifb'
      ;;
    kept)
      taken 0000:00:05.0 vfio-pci
      vfio_refuses 0000:00:05.0 'BAR 0: Device or resource busy'
      finding 0000:00:05.0 framebuffer-kept
      says ' : efifb'
      ;;
    vesa)
      taken 0000:00:05.0 pci-stub
      had_framebuffer vesafb
      must_fail says ' : vesafb'
      ;;
  esac
  status_is 0
}
