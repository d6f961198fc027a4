# SPDX-License-Identifier: GPL-2.0-or-later
# A dangling link replaces the module, since an archive cannot delete files of the one before it.
# absent: a device is missing as well, so the unit fails; other units start all the same.
title="a whole Debian: passthru-verify.service completes what lacked its driver, before libvirtd starts"
variants=(missing absent)
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case virtio
cmdline="systemd.wants=libvirtd.service"

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0"
  [[ $variant != absent ]] || printf '%s\n' "[device gone]" "address = 0000:00:1e.0"
}

# With a stand-in for libvirtd.
host_files() {
  mkdir -p "$1/etc/systemd/system"
  cp "$vm_dir/inside/units/libvirtd.service" "$1/etc/systemd/system/"
}

overlay() {
  local module
  golden_overlay "$1"
  module=$(cd "$golden_dir/root" && find usr/lib/modules -name 'vfio-pci.ko*')
  mkdir -p "$1/${module%/*}"
  ln -s gone "$1/$module"
}

commands() {
  echo "cat /run/passthru-test/libvirtd.txt"
}

expect() {
  of_device 0000:00:02.0 "bound" '.state == "bound"'
  finding 0000:00:02.0 stub-missing
  sysfs 0000:00:02.0 vfio-pci vfio-pci
  host_silent 0000:00:02.0
  says '^After=.*passthru-verify.service'
  case $variant in
    missing)
      says '^SubState=exited'
      says '^Result=success'
      status_is 0
      host_is_well passthru-init.service
      ;;
    absent)
      says '^Result=exit-code'
      status_is 1
      host_is_well passthru-init.service passthru-verify.service
      ;;
  esac
}
