#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# record.sh: prints what passthru reads of this host, in the form of tests/README.md (HOSTS), for a
# bug report or a test. Run it as root: the kernel log and most of configuration space are closed
# to others. Read it before you send it: it has the kernel command line, the configuration, all that
# is mounted, and the routes.
set -u

# What the kernel says of IOMMUs; the rest of its log is nobody's business.
log='DMAR|AMD-Vi|IOMMU|iommu: |arm-smmu|remapping|ACS override'

# directory DIRECTORY: what is printed next is in it. Fails if it is not there.
directory() {
  cd "$1" 2>/dev/null && printf '\n@ %s\n' "${1#/}"
}

# file NAME...: those that are there, each as "NAME = LINE", or NAME and several "| LINE".
file() {
  for name; do
    count=0 text=
    [ -f "$name" ] || continue
    while IFS= read -r line; do
      count=$((count + 1)) text="$text| $line
"
    done <"$name"
    case $count in
      0) ;;
      1) printf '%s = %s' "$name" "${text#| }" ;;
      *) printf '%s\n%s' "$name" "$text" ;;
    esac
  done 2>/dev/null
}

# link NAME...: the links that are there, with what they point at from / on.
link() {
  for name; do
    [ ! -L "$name" ] || printf '%s -> %s\n' "$name" "$(readlink -f "$name" | cut -c 2-)"
  done
}

# bytes NAME COUNT: the beginning of a file that is not text; lines of zeros are left out.
bytes() {
  printf '%s\n' "$1"
  od -v -A x -t x1 -N "$2" "$1" | sed -n '/^[^ ]* .*[1-9a-f]/s/^/: /p'
}

pci_device() {
  cd -P "$1" || return
  directory "$PWD" || return
  file uevent reset_method removable sriov_totalvfs sriov_numvfs
  [ -e reset_method ] || [ ! -e reset ] || echo 'reset = (there)'
  link iommu_group iommu physfn virtfn*
  case $(cat class) in
    0x0604*) bytes config 256 ;;
  esac
}

# One that is remapped says it for all.
interrupt_chip() {
  found=
  for irq in /sys/kernel/irq/*; do
    read -r chip <"$irq/chip_name" 2>/dev/null || continue
    : "${found:=$irq}"
    case $chip in
      IR-*) found=$irq && break ;;
    esac
  done
  directory "$found" && file chip_name
}

# Facility and level, number, time and flags stand before each line: as the device has it.
kernel_log() {
  directory /dev || return
  echo kmsg
  dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null | grep -aE "^[^ ;]*;.*($log)" | sed 's/^/| /; s/ *$//'
}

acpi_tables() {
  directory /sys/firmware/acpi/tables || return
  for table in DMAR IVRS RMAD; do
    [ ! -e "$table" ] || echo "$table = (there)"
  done
  [ ! -e IORT ] || bytes IORT 4096
}

hypervisor() {
  directory /sys/hypervisor && file type guest_type
  directory /sys/hypervisor/properties && file features
  directory /sys/hypervisor/start_flags && file initdomain
}

# each COMMAND DIRECTORY...: those that are there.
each() {
  command=$1
  shift
  for entry; do
    [ ! -e "$entry" ] || "$command" "$entry"
  done
}

group() {
  directory "$1" && file name type reserved_regions
}

unit() {
  directory /sys/class/iommu && link "${1##*/}"
}

# A module that was loaded has a state; of one that is built in there is only the link.
driver() {
  [ -e "$1/module" ] || return
  directory "$1" && link module
  [ ! -e module/initstate ] || { directory "$(readlink -f module)" && file initstate; }
}

# links DIRECTORY [PATTERN]: those in it.
links() {
  [ -n "$(find "$1" -maxdepth 1 -type l -name "${2-*}" 2>/dev/null)" ] || return
  # shellcheck disable=SC2046 # names without blanks, udev writes those as \x20
  directory "$1" && link $(find . -maxdepth 1 -type l -name "${2-*}" | cut -c 3-)
}

# files DIRECTORY NAME...: those in it, if any is.
files() {
  directory=$1
  shift
  for name; do
    [ ! -e "$directory/$name" ] || { directory "$directory" && file "$@" && return; }
  done
}

block_device() {
  device=$(readlink -f "$1")
  files "$device" partition
  files "$device/dm" name uuid
  files "$device/loop" backing_file
  links "$device/slaves"
}

# What the host needs its devices for.
needs() {
  files /sys/class/dmi/id sys_vendor product_name board_name
  directory /proc/self && file mountinfo
  files /proc/net route ipv6_route
  files /proc/bus/input devices
  files /etc fstab crypttab
  links /sys/dev/block
  links /sys/class/block
  each block_device /sys/class/block/*
  each links /dev/mapper
  each links /dev/disk/*
  each links /sys/fs/btrfs/*/devices
  for subsystem in /sys/devices/virtual/nvme-subsystem/*; do
    links "$subsystem" 'nvme*'
  done
  for controller in /sys/devices/virtual/nvme-fabrics/ctl/*; do
    files "$controller" address
  done
  for connection in /sys/class/iscsi_connection/*; do
    files "$connection" persistent_address
  done
  links /sys/class/net
  for interface in /sys/devices/virtual/net/*; do
    links "$interface" 'lower_*'
    links "$interface" master
  done
}

echo "# Recorded by tests/hosts/record.sh on Linux $(uname -r)."
directory /proc && file cmdline swaps
hypervisor
interrupt_chip
acpi_tables
each unit /sys/class/iommu/*
directory /sys/module/vfio_iommu_type1/parameters && file allow_unsafe_interrupts
each pci_device /sys/bus/pci/devices/*
each group /sys/kernel/iommu_groups/*
each driver /sys/bus/pci/drivers/*
needs
kernel_log
printf '\n=== as recorded\n--- conf\n'
grep -hv '^ *#' /etc/passthru.conf /etc/passthru.conf.d/*.conf 2>/dev/null
echo '--- plan'
echo '--- needs'
