# SPDX-License-Identifier: GPL-2.0-or-later
title="one image on two machines with different SMBIOS: each has the rules that are for it"
images=(systemd initramfs)
variants=(tower rack)

case ${variant-} in
  tower) devices+=(-smbios "type=1,manufacturer=LENOVO,product=30E0CTO1WW") ;;
  rack) devices+=(-smbios "type=1,manufacturer=Dell Inc.,product=PowerEdge R740") ;;
esac

conf() {
  printf '%s\n' \
    "[device disk]" "address = 0000:00:03.0" "match-firmware = sys_vendor:LENOVO product_name:30E*" \
    "[device nic]" "address = 0000:00:02.0" "match-firmware = sys_vendor:Dell* product_name:PowerEdge?R7*" \
    "[device usb]" "address = 0000:00:04.0" "match-virtualization = yes" "match-architecture = x86-64" \
    "match-device = 1b36:0010" "match-kernel-command-line = rd.driver.pre=nvme !passthru.test"
}

expect() {
  local taken=0000:00:03.0 driver=e1000e left=0000:00:02.0 other=nic
  if [[ $variant == rack ]]; then
    taken=0000:00:02.0 driver=nvme left=0000:00:03.0 other=disk
  fi
  taken "$taken" vfio-pci
  taken 0000:00:04.0 vfio-pci
  not_in_report "$left"
  host_has "$left" "$driver"
  finding - condition-not-met
  in_report "the rule for the other machine" --arg rule "[device $other]" \
    '.findings | any(.code == "condition-not-met" and (.text | startswith($rule)))'
  status_is 0
}
