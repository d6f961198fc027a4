#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The agent, cross-built, on kernels for arm64, in QEMU's machine "virt": before Linux 6.15 a device gets
# its IOMMU group with its first driver. Prints TAP without numbers. The files of each boot are kept in
# build/vm/arm64/boots/. SUITE= says whose kernel; with bookworm's that of sid boots as well. QUICK=yes is
# one boot.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/build.sh
source "$vm_dir/lib/build.sh"

framework=arm64
arm64_dir=$build_dir/vm/arm64
firmware=/usr/share/AAVMF
limit=${LIMIT:-180}

# The devices of each boot: the card that is assigned, two functions that the kernel cannot isolate, of
# which one is assigned, and one that no rule matches.
# shellcheck disable=SC2054 # the commas are QEMU's
machine=(
  -device "e1000e,addr=2,romfile=" "${two_functions[@]}"
  -device "e1000e,addr=6,romfile="
)
stubs=(vfio-pci pci-stub)
conf='[device nic]
address = 0000:00:02.0
[device disk]
address = 0000:00:05.0'

# A root bus that the SMMU does not translate, for which the firmware's tables are needed.
# shellcheck disable=SC2054
behind_none=(
  -device "pxb-pcie,id=bypass,bus_nr=128,bypass_iommu=on,addr=7"
  -device "pcie-root-port,id=far,bus=bypass,chassis=1,addr=0"
  -device "e1000e,bus=far,romfile="
)

make_agent() {
  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top_dir" BUILD="$arm64_dir/agent" \
    DOWNLOADS="$build_dir/cache" CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar LIBC=glibc \
    agent >"$arm64_dir/agent.log" 2>&1 || {
    tail -n 20 "$arm64_dir/agent.log" >&2
    die "the agent for arm64 does not build"
  }
  aarch64-linux-gnu-gcc -O2 -static -Wall -o "$arm64_dir/vfio-probe" "$vm_dir/inside/vfio-probe.c"
}

# install_modules ROOT FOLDER: the modules that the boots need, with what these need. $stubs: those of the
# stub drivers.
install_modules() {
  local kernel module
  kernel=$(ls "$1/lib/modules")
  for module in "${stubs[@]}" vfio_iommu_type1 e1000e nvme; do
    modprobe -d "$1" -S "$kernel" --show-depends "$module"
  done | sed -n 's/^insmod *//p' | sort -u | while read -r file; do
    install -D -m 644 "$file" "$2/lib/modules/$kernel/${file#*/modules/"$kernel"/}"
  done
  depmod -b "$2" "$kernel" 2>/dev/null
}

# make_initrd RELEASE OUT: with the configuration $conf.
make_initrd() {
  local folder=$2/initrd.d root=$arm64_dir/$1
  mkdir -p "$folder"/{bin,etc,usr/lib/passthru}
  install -m 755 "$root/busybox" "$folder/bin/"
  install -m 755 "$vm_dir/inside/arm64-init" "$folder/init"
  install -m 755 "$arm64_dir/vfio-probe" "$folder/"
  aarch64-linux-gnu-strip -o "$folder/usr/lib/passthru/passthru-init" "$arm64_dir/agent/passthru-init"
  printf '%s\n' "$conf" >"$folder/etc/passthru.conf"
  install_modules "$root" "$folder"
  : >"$2/initrd"
  append_files "$folder" "$2/initrd"
  rm -r "$folder"
}

# split_console OUT: gives each file that the guest printed a file of its own.
split_console() {
  tr -d '\r' <"$1/console.log" | (cd "$1" && awk '
    /^@@ end$/ { file = ""; next }
    /^@@ [-a-z.]+$/ { file = $2; printf "" >file; next }
    file { print >file }')
}

# uefi_options OUT: QEMU's, a line each. UEFI describes the machine by ACPI, in place of a device tree.
uefi_options() {
  cp "$firmware/AAVMF_VARS.fd" "$1/vars.fd"
  printf '%s\n' -drive "if=pflash,format=raw,readonly=on,file=$firmware/AAVMF_CODE.fd" \
    -drive "if=pflash,format=raw,file=$1/vars.fd"
}

# boot RELEASE dt|acpi smmuv3|none [QEMU-OPTION...]: the results are in $out.
boot() {
  local root=$arm64_dir/$1 options=() iommu=$3
  rm -rf "$out"
  mkdir -p "$out"
  make_initrd "$1" "$out"
  [[ $2 != acpi ]] || mapfile -t options < <(uefi_options "$out")
  shift 3
  timeout --foreground --kill-after=5 "$limit" qemu-system-aarch64 \
    -M "virt,iommu=$iommu,gic-version=3,its=on,accel=tcg" -cpu cortex-a57 -m 512 -nodefaults -display none \
    -no-reboot -serial "file:$out/console.log" -kernel "$root/vmlinuz" -initrd "$out/initrd" \
    -append "console=ttyAMA0 panic=-1 loglevel=4 log_buf_len=1M" "${options[@]}" "${machine[@]}" "$@" \
    </dev/null >"$out/qemu.log" 2>&1 || true
  split_console "$out"
  rm -f "$out/initrd" "$out/vars.fd"
}

# device ADDRESS FILTER: what the report says of it.
device() {
  jq -c ".devices[] | select(.address == \"$1\") | $2" "$out/report.json" 2>>"$out/qemu.log"
}

# says ADDRESS FILTER VALUE
says() {
  [[ $(device "$1" "$2") == "$3" ]]
}

# found ADDRESS CODE: the report has that finding.
found() {
  device "$1" '.findings[].code' | grep -Eq "^\"($2)\"\$"
}

# is FILE ADDRESS STATE: what the guest saw of the device, "DRIVER DRIVER_OVERRIDE GROUP", is so (a regular
# expression).
is() {
  grep -Eq "^$2 $3\$" "$out/$1" 2>>"$out/qemu.log"
}

# status_is FILE STATUS
status_is() {
  grep -qx "$2" "$out/$1" 2>>"$out/qemu.log"
}

# group_is_true ADDRESS: the group of the report is the kernel's.
group_is_true() {
  local group
  group=$(sed -n "s/^$1 .* //p" "$out/devices")
  [[ $group && $group != - ]] && says "$1" .group "$group"
}

# Until Linux 6.14 a group is made when a driver is bound.
expect_groups() {
  if [[ $release == sid ]]; then
    t "$what: groups are there before drivers" is before 0000:00:02.0 '- \(null\) [0-9]+'
  else
    t "$what: no groups before drivers" is before 0000:00:02.0 '- \(null\) -'
    t "$what: --dry-run says so" grep -q 'nic .*: info: iommu-until-bound' "$out/dry-run"
  fi
  t "$what: --dry-run touches nothing" cmp -s "$out/before" "$out/after-dry-run"
}

expect_taken() {
  t "$what: the card is bound" is devices 0000:00:02.0 'vfio-pci vfio-pci [0-9]+'
  t "$what: its group" group_is_true 0000:00:02.0
  t "$what: it is translated" says 0000:00:02.0 .translated true
  t "$what: it is viable" says 0000:00:02.0 .viable true
  t "$what: VFIO assigns it" grep -q '^0000:00:02.0 yes$' "$out/vfio"
  t "$what: the host has the other card" is devices 0000:00:06.0 'e1000e \(null\) .*'
}

# The host's driver is bound to the other function when VFIO is asked.
expect_half_a_slot() {
  t "$what: a function of a slot is bound" is devices 0000:00:05.0 'vfio-pci vfio-pci [0-9]+'
  t "$what: its group" group_is_true 0000:00:05.0
  t "$what: the other one was not touched" is bound 0000:00:05.1 '- \(null\) .*'
  t "$what: it is not called viable" fails says 0000:00:05.0 .viable true
  t "$what: and why is said" found 0000:00:05.0 'iommu-until-bound|group-incomplete'
  t "$what: VFIO does not assign it" grep -q '^0000:00:05.0 no' "$out/vfio"
}

# The same device once more, new to the kernel.
expect_plugged() {
  t "$what: plugged again, no driver binds" is rescanned 0000:00:02.0 '- \(null\) .*'
  t "$what: --hotplug binds it" is plugged 0000:00:02.0 'vfio-pci vfio-pci [0-9]+'
  t "$what: the exit status of --hotplug" status_is hotplug.rc 0
}

# expect_refused ADDRESS
expect_refused() {
  t "$what: refused: not translated" found "$1" iommu-off
  t "$what: translated is false" says "$1" .translated false
  t "$what: the agent leaves it as it was" is bound "$1" '- \(null\) -'
  t "$what: the host's driver gets it" is devices "$1" 'e1000e \(null\) .*'
}

# test_smmu RELEASE dt|acpi
test_smmu() {
  local release=$1 what="$1, $2" out=$arm64_dir/boots/$1-$2
  boot "$1" "$2" smmuv3
  expect_groups
  expect_taken
  t "$what: the exit status of the agent" status_is boot.rc 0
  t "$what: and of --verify" status_is verify.rc 0
  expect_half_a_slot
  expect_plugged
}

# The first driver is vfio-pci then.
test_without_pci_stub() {
  local what="$1, no pci-stub" out=$arm64_dir/boots/$1-no-pci-stub stubs=(vfio-pci)
  boot "$1" dt smmuv3
  expect_taken
}

# Only a guess could bind them.
test_without_stubs() {
  local what="$1, no stub drivers" out=$arm64_dir/boots/$1-no-stubs stubs=()
  boot "$1" dt smmuv3
  t "$what: refused: not known" found 0000:00:02.0 iommu-unknown
  t "$what: the host's driver gets it" is devices 0000:00:02.0 'e1000e \(null\) .*'
}

# The firmware names an SMMU, which does not translate for the last card.
test_bypass() {
  local what="$1, a bus that bypasses the SMMU" out=$arm64_dir/boots/$1-bypass
  local conf=$conf$'\n[device far]\naddress = 0000:81:00.0'
  boot "$1" acpi smmuv3 "${behind_none[@]}"
  expect_taken
  expect_refused 0000:81:00.0
}

test_without_smmu() {
  local what="$1, no SMMU, $2" out=$arm64_dir/boots/$1-none-$2
  boot "$1" "$2" none
  expect_refused 0000:00:02.0
}

# test_release RELEASE
test_release() {
  "$vm_dir/images/arm64-kernel.sh" "$1"
  test_smmu "$1" dt
  [[ ${QUICK:-no} == no ]] || return 0
  test_smmu "$1" acpi
  test_bypass "$1"
  test_without_smmu "$1" dt
}

main() {
  mkdir -p "$arm64_dir"
  lock "$arm64_dir/agent"
  make_agent
  test_release "$suite"
  [[ ${QUICK:-no} == no ]] || return 0
  [[ $suite == sid ]] || test_without_pci_stub "$suite"
  [[ $suite == sid ]] || test_without_stubs "$suite"
  [[ $suite != bookworm ]] || test_release sid
}

main
