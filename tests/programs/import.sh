# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru import. Sourced, bash.
# shellcheck shell=bash disable=SC2016,SC2154

# One file of each kind, each with an ID of its own where possible.
import_tree() {
  cmdline "ro vfio-pci.ids=1:1"
  put etc/kernel/cmdline <<<"ro vfio-pci.ids=1:2"
  put boot/loader/entries/a.conf <<<"options ro vfio-pci.ids=1:7"
  put boot/efi/loader/entries/a.conf <<<"options ro vfio-pci.ids=1:8"
  put efi/loader/entries/a.conf <<<"options ro vfio-pci.ids=1:9"
  put etc/default/grub <<<'GRUB_CMDLINE_LINUX="vfio-pci.ids=1:3"'
  put etc/default/grub.d/a.cfg <<<'GRUB_CMDLINE_LINUX_DEFAULT="vfio-pci.ids=1:4"'
  put etc/default/grub.d/a.cfg.bak <<<'GRUB_CMDLINE_LINUX_DEFAULT="vfio-pci.ids=9:9"'
  put etc/kernel/cmdline.d/a.conf <<<vfio-pci.ids=2:1
  put usr/lib/kernel/cmdline <<<vfio-pci.ids=2:2
  put etc/kernel/uki.conf <<<"Cmdline=vfio-pci.ids=2:3"
  put etc/cmdline <<<vfio-pci.ids=2:4
  put etc/cmdline.d/a.conf <<<vfio-pci.ids=2:5
  put usr/lib/bootc/kargs.d/a.toml <<<'kargs = ["vfio-pci.ids=2:6"]'
  put boot/cmdline.txt <<<vfio-pci.ids=2:7
  put boot/firmware/cmdline.txt <<<vfio-pci.ids=2:8
  put etc/grub.d/40_custom <<<"linux /a vfio-pci.ids=3:1"
  put boot/grub/grub.cfg <<<"linux /a vfio-pci.ids=3:2"
  put boot/grub/custom.cfg <<<"linux /a vfio-pci.ids=3:3"
  put boot/grub/menu.lst <<<"kernel /a vfio-pci.ids=3:4"
  put boot/grub/grub.conf <<<"kernel /a vfio-pci.ids=3:5"
  put boot/grub/grubenv <<<"kernelopts=vfio-pci.ids=3:6"
  put boot/grub2/grub.cfg <<<"linux /a vfio-pci.ids=3:7"
  put boot/grub2/custom.cfg <<<"linux /a vfio-pci.ids=3:8"
  put boot/grub2/grubenv <<<"kernelopts=vfio-pci.ids=3:9"
  put boot/efi/EFI/a/grub.cfg <<<"linux /a vfio-pci.ids=3:a"
  put boot/efi/EFI/a/grubenv <<<"kernelopts=vfio-pci.ids=3:b"
  put boot/efi/EFI/a/xen.cfg <<<"kernel=a vfio-pci.ids=3:c"
  put etc/sysconfig/bootloader <<<"DEFAULT_APPEND=vfio-pci.ids=3:d"
  put etc/update-extlinux.conf <<<"default_kernel_opts=vfio-pci.ids=4:1"
  put boot/extlinux.conf <<<"append vfio-pci.ids=4:2"
  put boot/extlinux/extlinux.conf <<<"append vfio-pci.ids=4:3"
  put boot/syslinux/a.cfg <<<"append vfio-pci.ids=4:4"
  put etc/default/limine <<<"KERNEL_CMDLINE[default]=vfio-pci.ids=4:5"
  put boot/limine.conf <<<"cmdline: vfio-pci.ids=4:6"
  put boot/limine/limine.conf <<<"cmdline: vfio-pci.ids=4:7"
  put boot/EFI/BOOT/limine.conf <<<"cmdline: vfio-pci.ids=4:8"
  put boot/efi/EFI/a/limine.cfg <<<"cmdline=vfio-pci.ids=4:9"
  put boot/refind_linux.conf <<<'"a" "vfio-pci.ids=4:a"'
  put boot/efi/EFI/refind/refind.conf <<<'options "vfio-pci.ids=4:b"'
  put efi/EFI/refind/refind.conf <<<'options "vfio-pci.ids=4:c"'
  put etc/sdboot-manage.conf <<<"LINUX_OPTIONS=vfio-pci.ids=4:d"
  put etc/modprobe.conf <<<"options vfio-pci ids=1:5"
  put etc/modprobe.d/a.conf <<<"options vfio-pci ids=1:6"
  put etc/modules <<<vfio
  put etc/modules-load.d/a.conf <<<vfio_pci
  put etc/initramfs-tools/modules <<<vfio_virqfd
  put usr/lib/modules-load.d/b.conf <<<pci_stub
  put etc/conf.d/modules <<<'modules="vfio"'
  put etc/booster.yaml <<<"modules_force_load: vfio_pci"
  put etc/sysconfig/kernel <<<'INITRD_MODULES="pciback"'
  put etc/dracut.conf <<<'add_drivers+=" vfio "'
  put etc/dracut.conf.d/a.conf <<<'force_drivers+=" vfio_pci "'
  put etc/mkinitcpio.conf <<<'MODULES=(vfio_pci)'
  put etc/mkinitcpio.conf.d/a.conf <<<'MODULES+=(vfio_pci)'
  put etc/sysconfig/mkinitrd <<<'PREMODS="pciback"'
  put etc/sysconfig/vfio-bind <<<'DEVICES="0000:01:00.0"'
  put etc/default/vfio-bind <<<'DEVICES="0000:01:00.1"'
  put etc/driverctl.d/pci-0000:01:00.2 <<<vfio-pci
  put etc/vfio-pci.cfg <<<'DEVICES=0000:01:00.3'
  put etc/dpdk/interfaces <<<"pci 0000:01:00.4 vfio-pci"
  put boot/config/vfio-pci.cfg <<<"BIND=0000:01:00.5"
  put etc/sysfs.conf <<<"bus/pci/devices/0000:01:00.6/driver_override = vfio-pci"
  put etc/sysfs.d/a.conf <<<"bus/pci/devices/0000:01:00.7/driver_override = vfio-pci"
  put usr/lib/tmpfiles.d/a.conf <<<"w /sys/bus/pci/devices/0000:02:00.0/driver_override - - - - vfio-pci"
  put run/tmpfiles.d/b.conf <<<"w /sys/bus/pci/devices/0000:02:00.1/driver_override - - - - vfio-pci"
  put lib/udev/rules.d/a.rules <<<'KERNEL=="0000:02:00.2", ATTR{driver_override}="vfio-pci"'
  put etc/udev/rules.d/b.rules <<<'KERNEL=="0000:02:00.3", ATTR{driver_override}="vfio-pci"'
  put etc/pve/qemu-server/100.conf <<<"hostpci0: 0000:02:00.4"
  put etc/pve/mapping/pci.cfg <<<$'gpu\n\tmap id=1:2,path=0000:02:00.5'
  put oem/a.yaml <<<$'kind: PCIDeviceClaim\naddress: 0000:02:00.6'
  put var/lib/rancher/rke2/server/manifests/a.yaml <<<$'kind: PCIDeviceClaim\naddress: 0000:02:00.7'
  put system/state/config.yaml <<<$'kind: PCIDriverRebindConfig\nname: 0000:03:00.0\ntargetDriver: vfio-pci'
}

import_all() {
  local file
  import_tree
  passthru 0 import
  while read -r file; do
    says "# +/${file#"$tree"/}:"
  done < <(find "$tree"/{etc,proc,boot,efi,usr,lib,run,oem,var,system} -type f ! -name '*.bak')
  says_not 0009:0009
  cp "$out" "$tree/etc/passthru.conf"
  passthru 0 check --lenient --cmdline ""
  says_not config-error
}

# The addresses that `check` would take, sorted.
would_take() {
  sed -n 's/^[^ ]* \([0-9a-f:.]*\) .*would be bound to .*/\1/p' "$out" | sort
}

# imports_bound HOST: of a real host with other tools' configuration, import's rules alone take what its
# kernel had bound to stub drivers.
imports_bound() {
  local bound
  "$build/unit/lay-out" "tests/hosts/$1.host" "$tree" || fail "cannot be laid out"
  bound=$(bound_to_stubs)
  [[ $bound ]] || fail "nothing is bound on this host"
  passthru 0 import
  printf '%s\n' "[passthru]" "iommu = warn" | cat - "$out" >"$tree/etc/passthru.conf"
  rm -rf "$tree"/etc/modprobe.d
  run 0 "$command" check --lenient --root "$tree" --cmdline "intel_iommu=on"
  diff <(echo "$bound") <(would_take) >"$tree/diff" || fail "$(<"$tree/diff")"
}

# bound_to_stubs: prints what has a stub driver on the host in the tree, sorted.
bound_to_stubs() {
  grep -lE '^DRIVER=(vfio-pci|pciback|pci-stub|[a-z0-9]+[_-]vfio[_-]pci)$' "$tree"/sys/bus/pci/devices/*/uevent |
    sed 's|/uevent$||; s|.*/||' | sort
}

# explains HOST: each device that a stub driver has there is taken by what import prints, or named as not
# understood, and nothing else is; so is each that has virtual functions. Else there is nothing.
explains() {
  local address there=() status=0
  rm -rf "$tree"
  "$build/unit/lay-out" "$1" "$tree" || fail "$1 cannot be laid out"
  bound_to_stubs >"$tree.bound"
  for address in "$tree"/sys/bus/pci/devices/*; do
    [[ $(cat "$address/sriov_numvfs" 2>&1) != [1-9]* ]] || there+=("${address##*/}")
  done
  "$command" import --root "$tree" >"$out" || status=1
  if [[ ! -s $tree.bound ]] && ((!${#there[@]})); then
    grep -q '^# There is nothing\.$' "$out" || fail "$1: not nothing"
    ((!status)) || fail "$1: exit status 1"
    return
  fi
  ! grep -q '^# There is nothing' "$out" || fail "$1: nothing"
  ((status)) || ! grep -q 'nothing that was read' "$out" || fail "$1: exit status 0"
  for address in "${there[@]}"; do
    grep -q "^#   $address .* virtual functions (sriov_numvfs)" "$out" || fail "$1: $address has virtual functions"
  done
  sed -n 's/^#   \([0-9a-f:.]*\) .* is bound to .*, and nothing that was read asks.*/\1/p' "$out" >"$tree.named"
  printf '%s\n' "[passthru]" "iommu = warn" | cat - "$out" | put etc/passthru.conf
  rm -rf "$tree"/etc/modprobe.d
  "$command" check --lenient --root "$tree" --cmdline "" >"$out" 2>"$err"
  would_take | sort - "$tree.named" | diff "$tree.bound" - >"$tree.diff" || fail "$1: $(<"$tree.diff")"
}

explains_all() {
  local host
  for host in tests/hosts/*.host; do
    explains "$host"
  done
}

# imports STATUS FILE TEXT PATTERN...: what import makes of a host that has TEXT in FILE; "!" before a
# PATTERN: it is not said.
imports() {
  local status=$1 file=$2 pattern
  put "$file" <<<"$3"
  shift 3
  passthru "$status" import
  for pattern; do
    case $pattern in
      !*) says_not "${pattern#!}" ;;
      *) says "$pattern" ;;
    esac
  done
}

# What is given to a driver that runs is what the command line has, whatever is in modprobe.d.
import_running() {
  cmdline "vfio-pci.ids=1:2"
  imports 0 etc/modprobe.d/a.conf "options vfio-pci ids=3:4" '^id = 0001:0002' '!^id = 0003:0004' \
    '^#   /etc/modprobe.d/a.conf:1: vfio-pci.ids=3:4 has no effect'
}

import_arguments() {
  cmdline "vfio-pci.ids=1:2"
  imports 0 etc/initramfs-tools/modules "vfio_pci ids=3:4" '^id = 0003:0004' '!^id = 0001:0002' \
    '^#   /proc/cmdline: vfio-pci.ids=1:2 has no effect'
}

# Whatever runs commands is named, each by its first line that is about it.
import_scripts() {
  local file files=(etc/initramfs-tools/hooks/a etc/initramfs-tools/scripts/init-top/a
    usr/share/initramfs-tools/hooks/a usr/share/initramfs-tools/scripts/init-top/a
    etc/initcpio/hooks/a usr/lib/dracut/modules.d/20a/a.sh etc/systemd/system/a.service.d/a.conf
    usr/local/lib/systemd/system/a.service etc/rc.local etc/rc.d/rc.local
    etc/local.d/a.start etc/systemd/system/a.service etc/network/interfaces
    etc/network/interfaces.d/a etc/network/if-up.d/a etc/NetworkManager/dispatcher.d/a
    etc/crontab etc/cron.d/a boot/config/go)
  for file in "${files[@]}"; do
    put "$file" <<<$'#!/bin/sh\necho vfio-pci >$device/driver_override\necho >$device/new_id'
  done
  passthru 1 import
  says_not '^# There is nothing'
  for file in "${files[@]}"; do
    says "^#   /$file:2: echo vfio-pci"
    says_not "^#   /$file:3"
  done
}

# What a stub driver has though nothing asks for that is named, but not what passthru has bound.
import_bound() {
  device 0000:00:02.0 vfio-pci
  device 0000:00:03.0
  set_driver 0000:00:03.0 vfio-pci
  device 0000:00:04.0 e1000e
  passthru 1 import
  says_not '^# There is nothing'
  says '^#   0000:00:02.0 \[8086:10d3\] is bound to vfio-pci, and nothing that was read asks for that$'
  says '^#   0000:00:03.0 \[8086:10d3\] is bound to vfio-pci'
  says_not '0000:00:04.0'
  imports 1 etc/driverctl.d/0000:00:02.0 vfio-pci '^address = 0000:00:02.0' '!bound to .*:02.0' \
    '^#   0000:00:03.0'
  imports 0 etc/driverctl.d/0000:00:03.0 vfio-pci '!is bound to'
}

import_bound_by_passthru() {
  device 0000:00:02.0 vfio-pci
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  passthru 0 import
  says '^# There is nothing but what passthru does'
  rm -r "$tree/run/passthru"
  passthru 1 import
  says '0000:00:02.0 .* is bound to vfio-pci'
}

# Then it is unknown what passthru has bound, and nothing is said to be bound by another program.
import_report_unread() {
  device 0000:00:02.0 vfio-pci
  put run/passthru/report.json <<<'{}'
  passthru 1 import
  says '^#   could not read /run/passthru/report.json: not a report, or damaged; which .* is unknown$'
  says_not 'is bound to vfio-pci'
  rm "$tree/run/passthru/report.json"
  mkdir "$tree/run/passthru/report.json"
  passthru 1 import
  says '^#   could not read /run/passthru/report.json: Is a directory; which .* is unknown$'
  says_not 'is bound to vfio-pci'
}

# The way to a device, as Qubes writes it down, and all USB controllers but one.
import_qubes() {
  host gpu-group
  in_dom0
  cmdline "rd.qubes.hide_pci=00_01.0-00_00.0 rd.qubes.hide_all_usb rd.qubes.dom0_usb=00_14.0"
  passthru 0 import
  says '^path = pci0000:00/01.0/00.0$'
  says '^address = 0000:01:00.2$'
  says_not '00:14.0|^class'
}

# Qubes has pciback take every network card, though nobody has told it to.
import_qubes_network() {
  host intel
  in_dom0
  cmdline ""
  sed -i 's/e1000e/pciback/' "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  passthru 1 import
  says '^#   0000:00:02.0 \[8086:10d3\] is bound to pciback, and nothing'
  imports 0 usr/lib/dracut/modules.d/90qubes-pciback/qubes-pciback.sh \
    $'#!/bin/sh\nmodprobe xen-pciback\nlspci -n | grep 02' '^# /usr/lib/dracut/.*:3: class 02$' '^class = 02$'
}

# Files of a cluster name devices of other hosts as well.
import_cluster() {
  put etc/hostname <<<"a.example"
  put etc/pve/mapping/pci.cfg \
    <<<$'gpu\n\tmap id=1:2,node=b,path=0000:01:00.0\n\tmap id=1:2,node=a,path=0000:02:00.0\n'
  put oem/a.yaml <<<$'kind: PCIDeviceClaim\naddress: 0000:03:00.0\nnodeName: b'
  imports 0 etc/pve/qemu-server/100.conf "hostpci0: mapping=gpu,pcie=1" '^address = 0000:02:00.0' \
    '^# /etc/pve/mapping/pci.cfg:3: gpu$' '^# /etc/pve/qemu-server/100.conf:1: hostpci0$' '!0000:0[13]'
}

# physical ADDRESS INTERFACE: a network card that can have virtual functions
physical() {
  device "$1" ixgbe
  echo 8 >"$tree/sys/devices/pci0000:00/$1/sriov_totalvfs"
  echo 0 >"$tree/sys/devices/pci0000:00/$1/sriov_numvfs"
  mkdir -p "$tree/sys/class/net"
  put "sys/devices/pci0000:00/$1/net/$2/address" <<<"00:11:22:33:44:${1:8:2}"
  ln -s "../../devices/pci0000:00/$1/net/$2" "$tree/sys/class/net/$2"
}

# divided FILE TEXT: it asks for four virtual functions of one card.
divided() {
  physical 0000:00:02.0 eno1
  physical 0000:00:03.0 eno2
  imports 0 "$1" "$2" "^# /$1:[0-9]+: " '^\[sriov vfs-1\]' '^address = 0000:00:02.0' '^vfs = 4' '!00:03.0'
  cp "$out" "$tree/etc/passthru.conf"
  passthru 0 check --lenient
  says_not config-error
}

import_vfs() {
  physical 0000:00:02.0 eno1
  echo 4 >"$tree/sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs"
  passthru 1 import
  says '0000:00:02.0 \[8086:10d3\] has 4 virtual functions \(sriov_numvfs\), and nothing'
  imports 0 etc/modprobe.d/a.conf "options ixgbe max_vfs=4" '^vfs = 4' '!nothing that was read'
}

# VFs are passthru's where its report says that a rule enabled so many of them on this device.
import_vfs_by_passthru() {
  local entry='.devices[0]' change
  physical 0000:00:02.0 eno1
  echo 4 >"$tree/sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs"
  conf "[sriov nic]" "address = 0000:00:02.0" "vfs = 4" "iommu = warn"
  agent 0
  recorded "$entry.state == \"ready\" and $entry.vfs == 4"
  passthru 0 import
  says '^# There is nothing but what passthru does'
  cp "$tree/run/passthru/report.json" "$tree/report"
  for change in '.state = "bound"' '.state = "failed"' '.vfs = 2' 'del(.vfs)' '.id = "8086:1"'; do
    jq "$entry |= ($change)" "$tree/report" >"$tree/run/passthru/report.json"
    passthru 1 import
    says '0000:00:02.0 .* has 4 virtual functions'
  done
}

# A file hides one of the same name in a directory behind its own; a link to /dev/null hides it alone.
import_hidden() {
  put usr/lib/udev/rules.d/a.rules <<<'KERNEL=="0000:02:00.2", ATTR{driver_override}="vfio-pci"'
  put usr/lib/udev/rules.d/b.rules <<<'KERNEL=="0000:02:00.3", ATTR{driver_override}="vfio-pci"'
  put etc/udev/rules.d/a.rules <<<'KERNEL=="0000:02:00.4", ATTR{driver_override}="vfio-pci"'
  ln -s /dev/null "$tree/etc/udev/rules.d/b.rules"
  passthru 0 import
  says '^address = 0000:02:00.4'
  says_not '^address = 0000:02:00.[23]'
}

# Of one source, a directory, or a file and a directory
import_in_turn() {
  put etc/default/grub <<<'GRUB_CMDLINE_LINUX_DEFAULT=vfio-pci.ids=1:2'
  put usr/lib/dracut/dracut.conf.d/a.conf <<<'kernel_cmdline=vfio-pci.ids=5:6'
  put usr/lib/dracut/dracut.conf.d/b.conf <<<'kernel_cmdline=vfio-pci.ids=7:8'
  put etc/dracut.conf.d/b.conf <<<'kernel_cmdline+=" pci-stub.ids=9:a"'
  imports 0 etc/default/grub.d/a.cfg 'GRUB_CMDLINE_LINUX_DEFAULT="vfio-pci.ids=3:4"' \
    '^id = 0003:0004' '^id = 0005:0006' '^id = 0009:000a' '!^id = 0001:0002' '!^id = 0007:0008' \
    '^#   /etc/default/grub:1: .* has no effect: it is assigned again at /etc/default/grub.d/a.cfg:1'
}

# One menu may be made of several files, another be a file.
import_some_entries() {
  put boot/loader/entries/b.conf <<<"options ro"
  put boot/limine.conf <<<"cmdline: ro"
  imports 0 boot/loader/entries/a.conf "options ro vfio-pci.ids=1:2" '^id = 0001:0002' \
    '^# Only in some of the boot entries' \
    '^#   /boot/loader/entries/a.conf:1: vfio-pci.ids=1:2, but nothing in .*/entries/b.conf:1$'
  imports 0 boot/loader/entries/b.conf "options quiet vfio-pci.ids=1:2" '!boot entries' \
    '^# /boot/loader/entries/b.conf:1: vfio-pci.ids$'
}

import_nothing() {
  passthru 0 import
  says '^# There is nothing'
}

import_unclear() {
  put etc/modprobe.d/a.conf <<<"install vfio-pci /sbin/vfio.sh"
  passthru 1 import
  says '^#   /etc/modprobe.d/a.conf:1: install vfio-pci'
  rm -r "$tree/etc/modprobe.d"
  mkdir -p "$tree/etc/default/grub"
  passthru 1 import
  says '^#   could not read /etc/default/grub: Is a directory'
  mkdir "$tree/etc/modprobe.d"
  mkfifo "$tree/etc/modprobe.d/a.conf"
  printf 'a\0\noptions vfio-pci ids=1:2\n' | put etc/modprobe.d/b.conf
  head -c 2000000 /dev/zero | tr '\0' '#' >"$tree/etc/modprobe.d/c.conf"
  passthru 1 import
  says '^#   could not read /etc/modprobe.d/a.conf: this is no text file'
  says '^#   could not read /etc/modprobe.d/b.conf: this is no text file'
  says '^#   could not read /etc/modprobe.d/c.conf: File too large'
}

import_host_unread() {
  device 0000:00:02.0
  mkdir -p "$tree/sys/class"
  ln -s net "$tree/sys/class/net"
  passthru 1 import
  says '^#   could not read /sys/class/net: Too many levels of symbolic links$'
}

# import_drivers_unread STATUS PATTERN COMMAND...: after COMMAND in /sys/bus/pci, nothing is said to be bound.
import_drivers_unread() {
  device 0000:00:02.0 vfio-pci
  sed -i /DRIVER=/d "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  (cd "$tree/sys/bus/pci" && "${@:3}") || fail "not made: ${*:3}"
  passthru "$1" import
  says "$2"
  says_not 'is bound to|There is nothing'
}

driver_is_file() {
  rm -r drivers/vfio-pci && : >drivers/vfio-pci
}

drivers_loop() {
  rm -r drivers && ln -s drivers drivers
}

# All else is known.
hypervisor_loop() {
  mkdir -p ../../hypervisor/properties && ln -s features ../../hypervisor/properties/features && rm -r drivers/vfio-pci
}

device_loop() {
  rm -r devices/0000:00:02.0 drivers/vfio-pci && ln -s 0000:00:02.0 devices/0000:00:02.0
}

devices_loop() {
  rm -r devices && ln -s devices devices
}

# Whether it is a stub driver, only udev can know.
import_driver_of_variable() {
  imports 1 etc/udev/rules.d/a.rules 'KERNEL=="0000:06:00.0", ATTR{driver_override}="$env{STUB}"' \
    "^#   /etc/udev/rules.d/a.rules:1: driver_override: '.env.STUB.'\$" '!^# Leave this'
}

# plan FILE ARG...: prints the plan that check shows, without the names of rules, their origins, hints on style
# and the next step.
plan() {
  "$command" check --root "$tree" "${@:2}" 2>&1 |
    sed '/address-alone/,+1d; s/ Next: .*//; s/^[^ ]* //; s/ (from .*)$//; s/the rule from .* matches/the rule matches/' >"$1"
}

# same_plan FILE TEXT OPTION: for a host with TEXT in FILE, the output of import leads to the same plan as
# OPTION on the kernel command line.
same_plan() {
  host intel
  [[ $3 != xen-* ]] || in_dom0
  cmdline ""
  put "$1" <<<"$2"
  passthru 0 import
  cp "$out" "$tree/etc/passthru.conf"
  plan "$work/of-file" --cmdline passthru.iommu=warn
  rm "$tree/etc/passthru.conf"
  plan "$work/of-option" --cmdline "passthru.iommu=warn $3"
  grep -q ' would be bound to ' "$work/of-option" || fail "not a plan to take anything"
  diff "$work/of-option" "$work/of-file" >"$out" || fail "another plan"
}

in_dom0() {
  put sys/hypervisor/type <<<xen
  put sys/hypervisor/properties/features <<<000028f0
}

# With the options replaced by the output of import, the devices go to the same drivers.
import_same_plan() {
  device 0000:00:02.0
  device 0000:00:03.0
  cmdline "passthru.iommu=warn vfio-pci.ids=8086:10d3"
  plan "$work/with-options"
  passthru 0 import
  cp "$out" "$tree/etc/passthru.conf"
  plan "$work/with-file" --cmdline passthru.iommu=warn
  cmp "$work/with-options" "$work/with-file" || fail "another plan"
  grep -q '0000:00:03.0.* would be bound to vfio-pci' "$work/with-file" || fail "not a plan to take it"
}

control_in_import() {
  put etc/modprobe.d/a.conf <<<$'blacklist \e[31m\rforged'
  put $'etc/modprobe.d/\e[31m\nforged.conf' <<<$'options vfio-pci ids=1:2'
  passthru 0 import
  only_plain
}

test_import() {
  t "import: every source" import_all
  t "import: no source" import_nothing
  local host
  for host in debian-first-function-only epyc-six-cards proxmox-epyc unraid-x870 xcpng-xeon-d \
    xen-laptop-audio-missing; do
    t "import: check takes what the kernel had bound: $host" imports_bound "$host"
  done
  t "import: every host's bound devices are taken, or named" explains_all
  t "import: what cannot be understood or read" import_unclear
  t "import: the running kernel's options and modprobe.d" import_running
  t "import: files that are read in turn" import_in_turn
  t "import: what only some boot entries have" import_some_entries
  t "import: a list of modules wins over the command line" import_arguments
  t "import: what runs commands" import_scripts
  t "import: files that hide others" import_hidden
  t "import: what is bound, and nothing asks for that" import_bound
  t "import: the driver is a variable" import_driver_of_variable
  t "import: a host that cannot be read" import_host_unread
  t "import: a driver that cannot be read" import_drivers_unread 1 \
    '^#   could not read /sys/bus/pci/drivers: Not a directory$' driver_is_file
  t "import: the drivers cannot be read" import_drivers_unread 1 \
    '^#   could not read /sys/bus/pci/drivers: Too many levels of symbolic links$' drivers_loop
  t "import: a device cannot be read" import_drivers_unread 1 \
    '^#   could not read /sys/bus/pci/devices/0000:00:02.0: Too many levels of symbolic links$' device_loop
  t "import: the hypervisor cannot be read" import_drivers_unread 1 \
    '^#   could not read /sys/hypervisor/properties/features: Too many levels of symbolic links$' hypervisor_loop
  t "import: the devices cannot be read" import_drivers_unread 1 \
    '^#   could not read /sys/bus/pci/devices: Too many levels of symbolic links$' devices_loop
  t "import: what is bound by passthru" import_bound_by_passthru
  t "import: the report cannot be read" import_report_unread
  t "import: Qubes, paths and what dom0 keeps" import_qubes
  t "import: Qubes, network cards" import_qubes_network
  t "import: Proxmox and Harvester, of several hosts" import_cluster
  t "import: virtual functions, and nothing asks for them" import_vfs
  t "import: virtual functions that passthru enabled" import_vfs_by_passthru
  t "import: virtual functions: a link" divided etc/systemd/network/a.link \
    $'[Match]\nOriginalName=eno1\n[Link]\nSR-IOVVirtualFunctions=4'
  t "import: virtual functions: NetworkManager" divided etc/NetworkManager/NetworkManager.conf \
    $'[device]\nmatch-device=interface-name:eno1\nsriov-num-vfs=4'
  t "import: virtual functions: NetworkManager's conf.d" divided usr/lib/NetworkManager/conf.d/a.conf \
    $'[device]\nmatch-device=mac:00:11:22:33:44:02\nsriov-num-vfs=4'
  t "import: virtual functions: a connection" divided \
    etc/NetworkManager/system-connections/a.nmconnection \
    $'[connection]\ninterface-name=eno1\n[sriov]\ntotal-vfs=4'
  t "import: virtual functions: ifcfg" divided etc/sysconfig/network-scripts/ifcfg-eno1 \
    $'DEVICE=eno1\nSRIOV_TOTAL_VFS=4'
  t "import: virtual functions: netplan" divided etc/netplan/a.yaml \
    $'network:\n  ethernets:\n    eno1:\n      virtual-function-count: 4'
  t "import: virtual functions: sysfs.conf" divided etc/sysfs.conf \
    "class/net/eno1/device/sriov_numvfs = 4"
  t "import: virtual functions: tmpfiles" divided etc/tmpfiles.d/a.conf \
    "w /sys/class/net/eno1/device/sriov_numvfs - - - - 4"
  t "import: virtual functions: udev" divided etc/udev/rules.d/a.rules \
    'ACTION=="add", SUBSYSTEM=="net", KERNEL=="eno1", ATTR{device/sriov_numvfs}="4"'
  t "import: virtual functions: Unraid" divided boot/config/sriov.cfg "VFS=0000:00:02.0|8086:10d3|4"
  t "import: a drop-in of a link" imports 1 etc/systemd/network/a.link.d/b.conf \
    $'[Link]\nSR-IOVVirtualFunctions=4' '^#   /etc/systemd/network/a.link.d/b.conf:2: .* which card is meant'
  t "import: a preset of mkinitcpio" imports 1 etc/mkinitcpio.d/a.preset \
    'default_options="--cmdline /etc/kernel/vfio"' '^#   /etc/mkinitcpio.d/a.preset:1: default_options'
  t "import: a folder in the place of a file" imports 0 etc/sysconfig/mkinitrd/pciback \
    'MODULES="$MODULES pciback"' '^#   /etc/sysconfig/mkinitrd/pciback:1: MODULES= pciback'
  t "import: the same plan as the options" import_same_plan
  local file ids=8086:10d3,1b36:0010
  for file in etc/kernel/cmdline proc/cmdline; do
    t "import: the same plan: $file" same_plan "$file" "vfio-pci.ids=$ids" "vfio-pci.ids=$ids"
  done
  for file in boot boot/efi efi; do
    t "import: the same plan: an entry of /$file/loader" same_plan "$file/loader/entries/a.conf" \
      "options vfio-pci.ids=$ids" "vfio-pci.ids=$ids"
  done
  for file in etc/default/grub etc/default/grub.d/a.cfg; do
    t "import: the same plan: $file" same_plan "$file" "GRUB_CMDLINE_LINUX=\"vfio-pci.ids=$ids\"" \
      "vfio-pci.ids=$ids"
  done
  for file in etc/modprobe.conf etc/modprobe.d/a.conf; do
    t "import: the same plan: $file" same_plan "$file" "options vfio-pci ids=$ids" "vfio-pci.ids=$ids"
  done
  for file in etc/sysconfig/vfio-bind etc/default/vfio-bind; do
    t "import: the same plan: $file" same_plan "$file" 'DEVICES="0000:00:02.0"' \
      "passthru.device=00:02.0,driver=vfio-pci"
  done
  t "import: the same plan: driverctl" same_plan etc/driverctl.d/pci-0000:00:02.0 vfio-pci \
    "passthru.device=00:02.0,driver=vfio-pci"
  for file in etc/modules etc/modules-load.d/a.conf etc/initramfs-tools/modules; do
    t "import: the same plan: $file" same_plan "$file" "vfio_pci ids=$ids" "vfio-pci.ids=$ids"
  done
  t "import: the same plan: udev" same_plan etc/udev/rules.d/a.rules \
    'KERNEL=="0000:00:02.0", ATTR{driver_override}="vfio-pci"' "passthru.device=00:02.0,driver=vfio-pci"
  t "import: the same plan: sysfs.conf" same_plan etc/sysfs.conf \
    "bus/pci/drivers/vfio-pci/new_id = 8086 10d3" "vfio-pci.ids=8086:10d3"
  t "import: the same plan: Unraid" same_plan boot/config/vfio-pci.cfg "BIND=0000:00:02.0|8086:10d3" \
    "passthru.device=00:02.0,id=8086:10d3,driver=vfio-pci"
  t "import: the same plan: modprobe.d, pciback" same_plan etc/modprobe.d/a.conf \
    "options pciback hide=(00:02.0)" "xen-pciback.hide=(00:02.0)"
  t "import: the same plan: rd.qubes.hide_pci" same_plan etc/kernel/cmdline "rd.qubes.hide_pci=00:02.0" \
    "xen-pciback.hide=(00:02.0)"
  t "import: the same plan: rd.qubes.hide_all_usb" same_plan etc/kernel/cmdline rd.qubes.hide_all_usb \
    "xen-pciback.hide=(00:04.0)"
  t "import: control characters in the sources" control_in_import
}
