# SPDX-License-Identifier: GPL-2.0-or-later
# What modprobe.d has vfio-pci take is a rule like any other, and the only one in the file is about
# something else. root: it is the disk that / is on. unrecorded: the same, and the image does not know.
# nic, alone: it is a network card, the second without any rule in the file.
title="a whole Debian, ids= in modprobe.d: the disk of / stays the host's, else it is a rule of that line"
variants=(root unrecorded nic alone)
quick="root@golden-dracut"
# shellcheck source=tests/vm/golden-case.sh
source "$vm_dir/golden-case.sh"
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
      # / could have been behind either.
      returned 0000:00:04.0 xhci_hcd 10
      returned 0000:00:03.0 nvme 10
      ;;
    nic | alone)
      [[ $variant == alone ]] || taken 0000:00:04.0 vfio-pci
      taken 0000:00:02.0 vfio-pci
      host_has 0000:00:03.0 nvme
      ;;
  esac
  # The line asks for it: whatever becomes of it is said, with the line.
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
