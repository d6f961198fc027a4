# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of passthru guest. Sourced, bash.
# shellcheck shell=bash disable=SC2154

guest_tree() {
  host gpu-group
  conf "[device gpu]" "id = 10de:2184" "[device rest]" "address = 01:00.*" "driver = xen-pciback" \
    "permissive = yes"
}

# guest_is OUTPUT ARG...: guest prints OUTPUT.
guest_is() {
  guest_tree
  passthru 0 guest "${@:2}"
  output_is "$1"
}

# One node for each group...
guest_groups() {
  host intel
  passthru 0 guest --format libvirt 00:02.0 00:03.0 00:04.0
  says '"/dev/vfio/vfio", "/dev/vfio/1", "/dev/vfio/2", "/dev/vfio/3" \]'
}

# ... however many of its devices are assigned to the guest.
guest_group() {
  guest_tree
  passthru 0 guest --format libvirt '01:00.*'
  says '"/dev/vfio/vfio", "/dev/vfio/2" \]'
  passthru 0 guest --format qemu '01:00.*'
  says 'open "/dev/vfio/vfio", "/dev/vfio/2"$'
}

# vfio_node ADDRESS NUMBER [FILE]: a kernel with iommufd has a node for the device alone.
vfio_node() {
  local device=$tree/sys/bus/pci/devices/$1
  mkdir -p "$device/vfio-dev/vfio$2"
  touch "$device/vfio-dev/vfio$2/${3-dev}"
}

guest_nodes() {
  guest_tree
  vfio_node 0000:01:00.0 7
  vfio_node 0000:01:00.1 8 no-number
  passthru 0 guest --format qemu '01:00.*'
  says 'open "/dev/vfio/vfio", "/dev/vfio/2", "/dev/iommu", "/dev/vfio/devices/vfio7"$'
  passthru 0 list --long '01:00.*'
  says '^    node       /dev/vfio/devices/vfio7$'
  passthru 0 list --json '01:00.*'
  jq -e '[.devices[].vfio_node | values] == ["/dev/vfio/devices/vfio7"]' "$out" >/dev/null || fail "list --json: not the node"
}

# is_valid TYPE: valid by libvirt's own schema, inside a minimal guest of TYPE.
is_valid() {
  {
    echo "<domain type='$1'><name>g</name><memory>1</memory><os><type>hvm</type></os><devices>"
    cat "$out"
    echo "</devices></domain>"
  } >"$work/domain.xml"
  virt-xml-validate "$work/domain.xml" domain &>"$err"
}

guest_libvirt() {
  guest_tree
  passthru 0 guest --format libvirt '01:00.*'
  is_valid kvm || fail "not valid for libvirt"
  passthru 0 guest --format libvirt '01:00.*' --slot 5
  is_valid kvm || fail "not valid for libvirt"
  sed -i 's/ slot=/ slo=/' "$out"
  ! is_valid kvm || fail "anything is valid for libvirt"
}

# Two YAML documents and their contents.
guest_kubevirt() {
  guest_tree
  passthru 0 guest --format kubevirt gpu 01:00.1
  yq -s -e '.[0].spec.configuration.permittedHostDevices.pciHostDevices == [
      {pciVendorSelector: "10DE:2184", resourceName: "passthru/gpu"},
      {pciVendorSelector: "10DE:1AEB", resourceName: "passthru/rest"}] and
    .[1].spec.domain.devices.hostDevices == [
      {deviceName: "passthru/gpu", name: "device0"},
      {deviceName: "passthru/rest", name: "device1"}]' "$out" >/dev/null 2>"$err" ||
    fail "not the YAML that was expected"
}

# The comment for the host's monitoring is YAML as well.
guest_opennebula_monitoring() {
  guest_tree
  passthru 0 guest --format opennebula 01:00.0 01:00.1
  sed -n 's/^# \([: ]\)/\1/p' "$out" >"$work/pci.conf"
  yq -e '.[":filter"] == "10de:2184,10de:1aeb" and
    .[":short_address"] == ["01:00.0", "01:00.1"]' "$work/pci.conf" >/dev/null 2>"$err" ||
    fail "not the YAML that was expected"
}

guest_dom0() {
  guest_tree
  put sys/hypervisor/type <<<xen
  put sys/hypervisor/properties/features <<<000028f0
  set_driver 0000:01:00.0 pciback
  sed -i 's/^DRIVER=.*/DRIVER=pciback/' "$tree/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/uevent"
  passthru 0 guest 01:00.0
  [[ $(<"$out") == "pci = [ '0000:01:00.0' ]" ]] || fail "not for xl"
  says_not '0000:01:00.0: cannot be assigned to a guest now'
  passthru 0 guest --format libvirt 01:00.0
  says "<driver name='xen'/>"
  is_valid xen || fail "not valid for libvirt"
  passthru 0 guest --format qemu 01:00.0
  says 'this is a Xen dom0: no place for a guest of qemu'
}

guest_warnings() {
  guest_tree
  passthru 0 guest --format xl 01:00.0
  says '0000:01:00.0: cannot be assigned to a guest now: bound to nouveau'
  says '0000:01:00.0: 0000:01:00.2 is in the same group'
  says_not '0000:00:01.0 is in the same group'
  says 'not a Xen dom0'
}

# guest_wide STATUS FORMAT: of a device behind Intel's VMD, where domains begin at 10000.
guest_wide() {
  host vmd
  passthru "$1" guest --format "$2" 10000:e1:00.0
  if (($1)); then
    says "10000:e1:00.0 cannot be said in this format: $2 has no PCI domain above (ffff|0)"
    [[ ! -s $out ]] || fail "a fragment all the same"
  else
    says '^-device vfio-pci,sysfsdev=/sys/bus/pci/devices/10000:e1:00.0$'
  fi
}

# QEMU itself reads it: all that it misses is the device.
guest_wide_in_qemu() {
  local arguments
  host vmd
  passthru 0 guest --format qemu 10000:e1:00.0
  read -ra arguments < <(grep '^-device' "$out")
  run 1 qemu-system-x86_64 -M q35 -nodefaults -display none "${arguments[@]}"
  says 'no such host device'
}

test_guest() {
  local format
  t "guest: xl" guest_is guest-xl.txt --format xl --slot 9 gpu 01:00.1 01:00.2
  t "guest: libvirt" guest_is guest-libvirt.txt --format libvirt 01:00.1
  t "guest: qemu" guest_is guest-qemu.txt --format qemu 01:00.0 01:00.1 --slot 10
  t "guest: proxmox" guest_is guest-proxmox.txt --format proxmox '01:00.*'
  t "guest: opennebula" guest_is guest-opennebula.txt --format opennebula 10de::03 rest
  t "guest: kubevirt" guest_is guest-kubevirt.txt --format kubevirt '01:00.*'
  t "guest: the nodes of several groups" guest_groups
  t "guest: the node of a group of several" guest_group
  t "guest: the nodes of devices, for iommufd" guest_nodes
  t_with virt-xml-validate "guest: libvirt's schema" guest_libvirt
  t_with yq "guest: kubevirt's YAML" guest_kubevirt
  t_with yq "guest: opennebula's YAML" guest_opennebula_monitoring
  t_with virt-xml-validate "guest: in a dom0" guest_dom0
  t "guest: warnings" guest_warnings
  t "guest: a wide domain, qemu" guest_wide 0 qemu
  if command -v qemu-system-x86_64 >/dev/null; then
    t "guest: a wide domain, as QEMU reads it" guest_wide_in_qemu
  else
    echo "ok - guest: a wide domain, as QEMU reads it # SKIP no QEMU"
  fi
  for format in libvirt opennebula xl proxmox kubevirt; do
    t "guest: a wide domain, $format" guest_wide 1 "$format"
  done
  t "guest: slot 0" refuses 64 'bad slot' guest --slot 0 01:00.0
  t "guest: more devices than slots" refuses 64 'do not fit' guest --slot 31 01:00.0 01:00.1
  t "guest: a bridge" refuses 1 'no guest can have a bridge' guest 00:01.0
}
