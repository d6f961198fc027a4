# SPDX-License-Identifier: GPL-2.0-or-later
# ids= of vfio-pci in modprobe.d is a rule like any other; the only rule in passthru.conf is for another
# device. The ids are
#   root        those of the disk that / is on
#   unrecorded  the same, and the image has no needs file
#   nic         those of a network card
#   alone       the same, and passthru.conf has no rule
title="a whole Debian, ids= in modprobe.d: the disk of / stays the host's, else it is a rule of that line"
variants=(root unrecorded nic alone)
quick="root@golden-dracut"
# shellcheck source=tests/vm/lib/golden-case.sh
source "$vm_dir/lib/golden-case.sh"
golden_case nvme
[[ ${variant-} != unrecorded ]] || record() { :; }

ids=1b36:0010
case ${variant-} in
  nic | alone) ids=8086:10d3 ;;
esac

conf() {
  [[ $variant != alone ]] || {
    echo "# no rule"
    return
  }
  printf '%s\n' "[device usb]" "address = 0000:00:04.0"
}

host_files() {
  mkdir -p "$1/etc/modprobe.d"
  printf '%s\n' "# from a guide" "options vfio-pci ids=$ids" >"$1/etc/modprobe.d/vfio.conf"
}

expect() {
  case $variant in
    root)
      taken 0000:00:04.0 vfio-pci
      refused 0000:00:03.0 guard-storage nvme
      ;;
    unrecorded)
      # / could have been on a disk of either.
      returned 0000:00:04.0 xhci_hcd 10
      returned 0000:00:03.0 nvme 10
      ;;
    nic | alone)
      [[ $variant == alone ]] || taken 0000:00:04.0 vfio-pci
      taken 0000:00:02.0 vfio-pci
      host_has 0000:00:03.0 nvme
      ;;
  esac
  # The outcome is reported, with the line of modprobe.d.
  case $variant in
    root | unrecorded)
      shows status '0000:00:03\.0'
      status_is 1
      host_is_well passthru-init.service passthru-verify.service
      ;;
    *)
      shows status '0000:00:02\.0 bound'
      status_is 0
      host_is_well
      ;;
  esac
  shows check '/etc/modprobe\.d/vfio\.conf:2'
}
