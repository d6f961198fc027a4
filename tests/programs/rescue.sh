# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru-init --heal, which returns devices to the host. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# healing_tree GRACE: a disk bound to vfio-pci, and root-grace = GRACE.
healing_tree() {
  device 0000:00:02.0 vfio-pci
  put sys/devices/pci0000:00/0000:00:02.0/uevent < <(printf '%s\n' DRIVER=vfio-pci PCI_CLASS=10802 PCI_ID=8086:10D3)
  conf "[passthru]" "root-grace = $1" "[device disk]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  [[ -e $tree/run/passthru/heal ]] || fail "nothing is to be given back"
}

heal_in_time() {
  local i
  healing_tree 1
  agent 0 --heal
  says_not returned
  sleep 1.1
  agent 1 --heal
  says returned
  # In a directory this fails. It is tried again, a limited number of times.
  for ((i = 2; i <= 5; i++)); do
    agent 1 --heal
    says return-failed
    grep -qx "attempts $i" "$tree/run/passthru/heal" || fail "attempt $i does not count"
  done
  agent 1 --heal
  says 'error: could not return all devices to the host: too many attempts'
  [[ ! -e $tree/run/passthru/heal ]] || fail "/run/passthru/heal is still there"
  agent 0 --heal
}

heal_unread() {
  healing_tree 1
  rm "$tree/run/passthru/heal"
  mkdir "$tree/run/passthru/heal"
  agent 3 --heal
  says 'error: could not read /run/passthru/heal: Is a directory'
}

# A device that cannot be read is reported, and left to the next call.
heal_device_unread() {
  healing_tree 1
  echo 'due 1' >"$tree/run/passthru/heal"
  rm "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  mkdir "$tree/sys/devices/pci0000:00/0000:00:02.0/uevent"
  agent 0 --heal
  says 'unreadable: 0000:00:02.0: Is a directory'
  [[ -e $tree/run/passthru/heal ]] || fail "nothing is left to be done"
}

# The hooks cannot be told to call the agent, as with a full /run.
heal_unprepared() {
  device 0000:00:02.0 vfio-pci
  mkdir -p "$tree/run/passthru/heal.new"
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 0
  says 'error: could not write /run/passthru/heal, so no device is returned'
}

# As with a full /run.
heal_unnoted() {
  healing_tree 1
  mkdir "$tree/run/passthru/heal.new"
  agent 1 --heal
  says returned
  agent 0 --heal
}

test_rescue() {
  t "agent: given back once the time is over" heal_in_time
  t "agent: given back, where the time cannot be noted" heal_unnoted
  t "agent: given back? what was left for that cannot be read" heal_unread
  t "agent: given back? a device cannot be read" heal_device_unread
  t "agent: what is to be given back cannot be noted" heal_unprepared
}
