# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the cases with / on the network. A rule matches the card that leads to the server, and the image has no
# needs file but in one variant:
#   control    passthru is off: how this root comes in any case
#   guarded    it is the only card: refused because of the kernel command line
#   recorded   it is the only card: refused because of the needs file
#   rescued    there is another one, which leads nowhere: bound, and returned
# Sourced by them, bash.
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/vm/lib/network.sh
source "$vm_dir/lib/network.sh"

nic=0000:00:02.0

# network_case SERVER: sets the machine and the command line for that server.
network_case() {
  server=$1
  boot=(env "SERVER=$server" "$vm_dir/boots/network-root.sh")
  # shellcheck disable=SC2054 # the commas are QEMU's
  devices=(-netdev user,id=lan -device "e1000e,addr=2,netdev=lan,mac=$network_mac,romfile=")
  [[ ${variant-} != rescued ]] || devices+=(-device "e1000e,addr=5,romfile=")
  cmdline=$(network_cmdline "$server" "${image-}")
  [[ ${variant-} != control ]] || cmdline+=" passthru=off"
}

conf() {
  printf '%s\n' "[passthru]" "root-grace = 5" "[device nic]" "address = $nic"
}

# What `passthru needs` prints in the control, as far as it is about the card.
overlay() {
  [[ $variant == recorded ]] || return 0
  mkdir -p "$1/usr/lib/passthru"
  printf '%s\n' "passthru-needs 1" "host QEMU Standard PC (Q35 + ICH9, 2009)" \
    "network pci0000:00/02.0 8086:10d3:8086:0000 020000 ip over enp0s2" >"$1/usr/lib/passthru/needs"
}

commands() {
  echo 'cat /proc/mounts'
}

# network_is_needed: the running system finds out that it needs the card.
network_is_needed() {
  grep -q '^network pci0000:00/02\.0 ' "$out/needs.txt" || fail "passthru needs does not have the card"
}

# Before the framework gives its network up: nothing but the agent brings the card back until then.
# systemd-networkd-wait-online says itself how it ended; the others wait for 180 s, by the clock of the guest.
in_time() {
  local taken given
  if [[ $image == systemd-* ]]; then
    grep -aq 'Finished .*Wait for Network to be Configured' "$out/console.log" || fail "systemd-networkd gave up"
    return
  fi
  taken=$(second_of "passthru: .* $nic ") given=$(second_of "passthru: .*$nic .*returned to the host")
  ((taken && given && given - taken < 90)) || fail "taken at '$taken', returned at '$given'"
}

expect() {
  says "$(network_mount "$server")"
  network_is_needed
  case $variant in
    control) host_has "$nic" e1000e ;;
    guarded)
      refused "$nic" guard-network e1000e
      logged 'guard-network: .*no needs file names its network card'
      ;;
    recorded)
      refused "$nic" guard-network e1000e
      must_fail logged 'no needs file names its network card'
      ;;
    rescued)
      returned "$nic" e1000e 5
      in_time
      [[ ! -e $out/rescue ]] || fail "/run/passthru/rescue is still there"
      ;;
  esac
  [[ $variant == control ]] || status_is 1
}
