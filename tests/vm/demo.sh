#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo: a machine booted twice, before and after passthru is configured for three devices. QEMU
# emulates the machine; kernel, drivers and dracut are Debian's, and the host's drivers are loaded as
# early as the kernel command line allows.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/vm/lib/expect.sh
source "$vm_dir/lib/expect.sh"

conf=$vm_dir/images/three.conf
work=$suite_dir/demo
bold="" plain=""
[[ ! -t 1 ]] || bold=$'\e[1m' plain=$'\e[0m'

heading() {
  printf '\n%s== %s%s\n' "$bold" "$*" "$plain"
}

note() {
  printf '   %s\n' "$@"
}

show() {
  printf '\n   %s\n' "$1"
  sed 's/^/      /' "$2"
}

indent() {
  sed 's/^/      /'
}

# Filters the console: the start of the initramfs, the agent, the first line of each host driver about
# one of the devices, the real root.
show_console() {
  local line shown="" key
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ $line =~ ^(\[[\ 0-9.]+\])\ (.*) ]] || continue
    key=""
    case ${BASH_REMATCH[2]} in
      "Run /init as init process") key="initramfs starts" ;;
      "passthru: "*) key=${BASH_REMATCH[2]} ;;
      "e1000e 0000:00:02.0"* | "nvme nvme0: pci function"* | "xhci_hcd 0000:00:04.0"*)
        key="host driver: ${BASH_REMATCH[2]%% *} takes its device"
        ;;
      "e1000e: Intel(R) PRO/1000 Network Driver") key="host driver: e1000e is loaded" ;;
      "EXT4-fs (vda): mounted"*) key="root file system is mounted" ;;
    esac
    if [[ $key && $shown != *"|$key|"* ]]; then
      printf '      %s %s\n' "${BASH_REMATCH[1]}" "$key"
      shown+="|$key|"
    fi
  done
}

# boot OUT INITRD: one boot, showing the console as it comes.
boot() {
  local pid
  rm -rf "$1"
  mkdir -p "$1"
  : >"$1/console.log"
  LIMIT=300 "$vm_dir/boot.sh" "$1" "$2" "passthru-test.etc=image" "${devices[@]}" &
  pid=$!
  tail -n +1 --pid="$pid" -F "$1/console.log" 2>/dev/null | show_console
  wait "$pid" || die "the machine did not reach its real root, see $1/console.log"
}

prepare() {
  local installed
  heading "Preparing: a Debian with kernel and dracut, passthru from this tree installed in it"
  "$vm_dir/images/debian-root.sh"
  installed=$("$vm_dir/images/install.sh")
  "$vm_dir/images/disk.sh" "$installed"
  "$vm_dir/images/image.sh" systemd-bare "$installed"
}

before() {
  heading "1/4  The machine as it is: nothing is configured, the host's drivers take everything"
  note "Booting in QEMU with emulated VT-d (20 to 60 seconds; there is no KVM in this)."
  boot "$work/before" "$suite_dir/images/systemd-bare.img"
  show "passthru list, in the booted system:" "$work/before/list.txt"
}

configure() {
  heading "2/4  /etc/passthru.conf: three devices, each named in another way"
  grep -v '^#' "$conf" | indent
}

make_image() {
  local started=$SECONDS
  heading "3/4  dracut -f: a real image with the agent, the configuration and the stub drivers"
  note "The devices are not in the machine that builds the image, so dracut only warns."
  as_root rm -rf --one-file-system "$work/build"
  mkdir -p "$work/build"
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root_dir" "$conf" "$work/build" \
    dracut --force /mnt/initrd.img "$(kernel_version)" >"$work/dracut.log" 2>&1 ||
    die "dracut failed, see $work/dracut.log"
  grep 'passthru' "$work/dracut.log" | indent
  as_root chown "$(id -u)" "$work/build/initrd.img"
  mv "$work/build/initrd.img" "$work/initrd"
  as_root rm -rf --one-file-system "$work/build"
  note "$(($(stat -c %s "$work/initrd") >> 20)) MiB in $((SECONDS - started)) seconds."
}

after() {
  heading "4/4  The same machine, booted from that image"
  note "rd.modules_load=e1000e rd.driver.pre=nvme on the command line load the host's drivers" \
    "as early as they can be. The agent is there first."
  boot "$work/after" "$work/initrd"
  show "passthru status, in the booted system:" "$work/after/status.txt"
  show "passthru list:" "$work/after/list.txt"
}

verdict() {
  local out=$work/after address time
  for address in 0000:00:02.0 0000:00:03.0 0000:00:04.0; do
    taken "$address" vfio-pci
  done
  if ((${#failures[@]})); then
    heading "FAILED: not every device is on vfio-pci"
    note "${failures[@]}"
    exit 1
  fi
  time=$(jq '.duration_us / 1000 | floor' "$out/report.json")
  heading "PASSED: 3 of 3 devices are on vfio-pci, and no driver of the host ever had one"
  note "The agent needed $time ms of the boot, on an emulated CPU." \
    "Demo time: $((EPOCHSECONDS - vm_started)) seconds. Logs: ${work#"$top_dir"/}/"
}

main() {
  mkdir -p "$work"
  prepare
  before
  configure
  make_image
  after
  verdict
}

main
