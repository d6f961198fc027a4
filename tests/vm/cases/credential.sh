# SPDX-License-Identifier: GPL-2.0-or-later
title="a credential of SMBIOS or fw_cfg adds a rule, and one with an error does not touch the others"
# Without systemd no one loads qemu_fw_cfg before the agent.
images=(systemd-fw-cfg classic initramfs)
variants=(smbios fw-cfg broken)
quick=smbios@initramfs

nic=$'[passthru]\niommu = warn\n[device nic]\naddress = 0000:00:02.0\n'
case ${variant-} in
  smbios) devices+=(-smbios "type=11,value=OEM,value=io.systemd.credential:passthru.conf=$nic") ;;
  fw-cfg) devices+=(-fw_cfg "name=opt/io.systemd.credentials/passthru.conf.50-nic,string=$nic") ;;
  broken) devices+=(-smbios "type=11,value=io.systemd.credential.binary:passthru.conf=$(base64 -w 0 <<<"${nic}x = 1")") ;;
esac

conf() {
  printf '%s\n' "[device disk]" "address = 0000:00:03.0"
}

commands() {
  echo "passthru check"
}

# The rule of the credential does not count, for the reason that the finding CODE has.
only_disk() {
  not_in_report 0000:00:02.0
  host_has 0000:00:02.0 e1000e
  logged "$1"
}

expect() {
  taken 0000:00:03.0 vfio-pci
  case $variant@$image in
    broken@*)
      finding - credential-error
      only_disk "error: credential-error: SMBIOS credential passthru.conf:5: unknown key 'x'"
      says "^error: credential-error: "
      status_is 1
      return
      ;;
    smbios@*) logged 'credential: SMBIOS credential passthru.conf is part of the configuration' ;;
    fw-cfg@systemd*) logged 'credential: fw_cfg credential passthru.conf.50-nic is part of' ;;
    *)
      only_disk 'credential: credentials of fw_cfg are not read: module qemu_fw_cfg is not loaded'
      return
      ;;
  esac
  taken 0000:00:02.0 vfio-pci
  of_device 0000:00:02.0 "rule nic" '.rule == "nic"'
  says "^info: credential: .*passthru.conf.* is part of the configuration"
  status_is 0
}
