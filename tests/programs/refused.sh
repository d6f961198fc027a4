# SPDX-License-Identifier: GPL-2.0-or-later
# Tests in sandboxes that refuse openat2(2), and of links that lead out of --root. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# without_openat2 FUNCTION [ARG...]: runs a test with openat2 refused to the programs.
without_openat2() {
  # shellcheck disable=SC2034 # "$@" reads both
  local init=$work/refused/passthru-init command=$work/refused/passthru name
  mkdir -p "$work/refused"
  for name in passthru-init passthru; do
    printf '#!/bin/sh\nexec %q %q "$@"\n' "$build/unit/refuse" "$build/$name" >"$work/refused/$name"
    chmod 755 "$work/refused/$name"
  done
  "$@"
}

# host_agent STATUS ARG...: runs the agent without --root; the tree is its "/", that of an initramfs.
host_agent() {
  touch "$tree/etc/initrd-release"
  cp "$init" "$tree/passthru-init"
  run "$1" "$build/unit/refuse" unshare -rm chroot "$tree" /passthru-init "${@:2}"
}

hotplug_of_host() {
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  host_agent 1
  conf "[device other]" "id = 1:2"
  device 0000:00:02.0 vfio-pci
  host_agent 0 --hotplug 0000:00:02.0
  recorded '[.devices[] | .rule + " " + .state] == ["nic bound"]'
}

# Called by a udev rule that another version wrote. Messages go to the log of the host itself.
usage_is_told() {
  host_agent 64 --unplug 0000:00:02.0
  says '^passthru: error: passthru-init --unplug 0000:00:02.0: exit status 64: '
}

# move_out PATH: moves it out of the tree and puts a link in its place.
move_out() {
  mkdir -p "$tree.outside"
  mv "$tree/$1" "$tree.outside/"
  ln -s "$tree.outside/${1##*/}" "$tree/$1"
}

# The configuration in /etc has no rule for the device.
hotplug_image_link() {
  conf "[device nic]" "address = 0000:00:02.0" "iommu = warn"
  agent 1
  move_out run/passthru/image
  conf "[device other]" "id = 1:2"
  device 0000:00:02.0 vfio-pci
  agent 0 --hotplug 0000:00:02.0
  recorded '[.devices[].state] == ["absent"]'
}

# An absolute link leads below --root; the host itself has no such file.
list_link() {
  host gpu-group
  mkdir "$tree/passthru-unit"
  mv "$tree/usr/share/misc/pci.ids" "$tree/passthru-unit/"
  ln -s /passthru-unit/pci.ids "$tree/usr/share/misc/pci.ids"
  passthru 0 list
  says 'Vendor N'
}

check_image_link() {
  check_image_tree
  mkdir "$tree/outside"
  touch "$tree/outside/init"
  ln -s "$tree/outside" "$image/main"
  check_image 1 # the plan's own warnings
  says_not 'image-'
}

# As in the sandbox of systemd-udevd.service.
test_refused() {
  t "without openat2: the two programs, in a tree" without_openat2 device_lists
  t "without openat2: hot-plugged devices" without_openat2 hotplug_device
  t "without openat2: eight at once" without_openat2 hotplug_together
  t "without openat2: virtual functions" without_openat2 sriov_at_coldplug
  t "without openat2: status" without_openat2 sriov_in_status
  t "without openat2: completion" without_openat2 verify_claimed
  t "without openat2: rescue" without_openat2 rescue_in_time
  t "without openat2: the record of the needs" without_openat2 needs_record
  if unshare -rm true 2>/dev/null; then
    t "without openat2: hot-plugged devices of the host itself" hotplug_of_host
    t "agent: usage errors are told where nobody reads standard error" usage_is_told
  else
    echo "ok - the host itself # SKIP no namespaces"
  fi
}

# Nothing leads out of --root.
test_confined() {
  t "hotplug: a copy of the image that is a link out of --root" hotplug_image_link
  t "list: names of devices by a link within --root" list_link
  t "check --image: a part of it that is a link out of it" check_image_link
}
