#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# record.sh: prints what passthru reads of this host, in the form of tests/README.md (HOSTS), for a
# bug report or a test. Run it as root: the kernel log and most of configuration space are closed
# to others. Read it before you send it: it has the kernel command line and the configuration.
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
  file uevent reset_method removable
  [ -e reset_method ] || [ ! -e reset ] || echo 'reset = (there)'
  link iommu_group iommu
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

echo "# Recorded by tests/hosts/record.sh on Linux $(uname -r)."
directory /proc && file cmdline
hypervisor
interrupt_chip
acpi_tables
each unit /sys/class/iommu/*
directory /sys/module/vfio_iommu_type1/parameters && file allow_unsafe_interrupts
each pci_device /sys/bus/pci/devices/*
each group /sys/kernel/iommu_groups/*
each driver /sys/bus/pci/drivers/*
kernel_log
printf '\n=== as recorded\n--- conf\n'
grep -hv '^ *#' /etc/passthru.conf /etc/passthru.conf.d/*.conf 2>/dev/null
echo '--- plan'
