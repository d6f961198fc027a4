# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru needs, and of how other commands show its results. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# A disk with / on it, and the card of plan_tree.
needs_tree() {
  plan_tree
  device 0000:00:03.0
  mkdir -p "$tree"/sys/{dev/block,class/block}
  ln -s ../../devices/pci0000:00/0000:00:03.0/block/sda "$tree/sys/dev/block/8:0"
  printf 'QEMU\n' | put sys/class/dmi/id/sys_vendor
  mountinfo "1 0 8:0 / / rw - ext4 /dev/sda rw"
}

needs_record() {
  needs_tree
  passthru 0 needs
  [[ ! -s $err ]] || fail "warnings"
  printf '%s\n' "passthru-needs 1" "host QEMU" \
    "storage pci0000:00/03.0 8086:10d3:0000:0000 020000 / on /dev/sda" | cmp -s - "$out" ||
    fail "not the record"
  put usr/lib/passthru/needs <"$out"
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn"
  agent 1
  says 'guard-storage: the host needs it: / on /dev/sda'
}

# needs_nothing TEXT COMMAND...: after COMMAND has removed a file, nothing is printed but an error with TEXT.
needs_nothing() {
  needs_tree
  (cd "$tree" && "${@:2}")
  passthru 1 needs
  says "$1"
  [[ ! -s $out ]] || fail "half a record"
}

needs_no_root() {
  needs_tree
  mountinfo "1 0 0:30 / / rw - overlay overlay rw"
  cmdline "root=UUID=1234"
  passthru 1 needs
  says 'root-unresolved: /: UUID=1234 was not found.* what to do: '
  [[ ! -s $out ]] || fail "half a record"
}

needs_bad_fstab() {
  needs_tree
  echo "UUID=1234 /srv ext4 defaults" | put etc/fstab
  passthru 0 needs
  says 'need-unresolved: /srv: UUID=1234 '
  grep -q '^storage' "$out" || fail "the rest is not there"
  passthru 1 check
  says 'need-unresolved: /srv: UUID=1234 '
}

needs_is_shown() {
  needs_tree
  passthru 0 list
  says '^00:03.0 .* host: / '
  says '^00:02.0 .* taken by rule nic '
  passthru 0 list --long
  says '^    needed for storage: / on /dev/sda$'
  passthru 0 list --json
  jq -e '[.devices[].needs] == [[], [{kind: "storage", why: "/ on /dev/sda"}]]' "$out" >/dev/null ||
    fail "not in the JSON"
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn" "on-failure = hold"
  passthru 2 check
  says 'guard-storage: .*/ on /dev/sda'
  conf "[device disk]" "address = 0000:00:03.0" "iommu = warn" "allow = storage"
  passthru 1 check
  says 'guard-overridden'
}

# In a chroot, sysfs shows the disks of the machine on which the image is built.
needs_in_chroot() {
  mkdir -p "$tree"/{proc,tmp}
  # shellcheck disable=SC2016 # the inner shell's
  run 1 unshare -rmpf sh -c 'set -e
    mount --bind "$1" "$1"
    for directory in usr bin lib lib64 sys; do
      [ -e "/$directory" ] || continue
      mkdir -p "$1/$directory"
      mount --rbind "/$directory" "$1/$directory"
    done
    mount -t proc proc "$1/proc"
    cp "$2" "$1/tmp/passthru"
    chroot "$1" /tmp/passthru needs' - "$tree" "$command"
  says 'root-unresolved: this is a chroot'
  [[ ! -s $out ]] || fail "a record"
}

# needs_uplink SETUP: in a network of its own, which SETUP makes, the kernel is asked for its routes. eth0 of
# the host has the number of the interface that SETUP prints.
needs_uplink() {
  host stacks
  cmdline "root=/dev/nvme0n1p2"
  echo 7777 >"$tree/sys/class/net/eth1/ifindex"
  # shellcheck disable=SC2016 # the inner shell's
  run 0 unshare -rnm sh -c 'set -e
    number=$(eval "$3")
    echo "$number" >"$1/sys/class/net/eth0/ifindex"
    mount --bind "$1/proc/cmdline" /proc/cmdline
    mount --bind "$1/sys" /sys
    exec "$2" needs' - "$tree" "$command" "$1"
  says '^uplink pci0000:00/06.0 8086:10d3:0000:0000 020000 default route over eth0$'
  says_not '^uplink pci0000:00/07.0'
}

# Of needs_uplink(): the default route is in another table than main, to which a rule leads, or a VRF.
declare -A routings=(
  [policy]="ip link set lo up && ip route add default dev lo table 10 &&
    ip rule add from 10.0.0.0/24 table 10 && echo 1"
  [vrf]="ip link add red type vrf table 10 && ip link add blue type dummy && ip link set blue master red &&
    ip link set red up && ip link set blue up && ip address add 10.0.0.2/24 dev blue &&
    ip route add default via 10.0.0.1 dev blue table 10 && ip -o link show blue | cut -d : -f 1"
)

# can_route SETUP: the kernel has what SETUP needs.
can_route() {
  unshare -rnm sh -c "$1" &>/dev/null
}

test_needs() {
  t "needs: the record, as the agent reads it" needs_record
  t "needs: the root file system cannot be found" needs_no_root
  t "needs: no mountinfo" needs_nothing mountinfo rm proc/self/mountinfo
  t "needs: no sysfs" needs_nothing /sys/bus/pci/devices rm -r sys
  t "needs: no proc" needs_nothing /proc/cmdline rm -r proc
  t "needs: a line of fstab that names nothing" needs_bad_fstab
  t "check and list: what the host needs" needs_is_shown
  if unshare -rmpf true 2>/dev/null; then
    t "needs: in a chroot" needs_in_chroot
  else
    echo "ok - needs: in a chroot # SKIP no namespaces"
  fi
  local kind
  for kind in policy vrf; do
    if can_route "${routings[$kind]}"; then
      t "needs: the uplink, $kind routing" needs_uplink "${routings[$kind]}"
    else
      echo "ok - needs: the uplink, $kind routing # SKIP no namespaces, or not in this kernel"
    fi
  done
}
