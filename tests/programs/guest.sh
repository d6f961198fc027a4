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
  passthru 0 guest --format kubevirt gpu 01:00.1 01:00.2
  yq -s -e '.[0].spec.configuration.permittedHostDevices.pciHostDevices == [
      {pciVendorSelector: "10DE:2184", resourceName: "passthru/gpu"},
      {pciVendorSelector: "10DE:1AEB", resourceName: "passthru/rest"},
      {pciVendorSelector: "10DE:1AEC", resourceName: "passthru/rest-10de-1aec"}] and
    .[1].spec.domain.devices.hostDevices == [
      {deviceName: "passthru/gpu", name: "device0"},
      {deviceName: "passthru/rest", name: "device1"},
      {deviceName: "passthru/rest-10de-1aec", name: "device2"}]' "$out" >/dev/null 2>"$err" ||
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

# cluster_is OUTPUT FORMAT [ARG...]: guest prints OUTPUT for a node of that name.
cluster_is() {
  guest_tree
  put proc/sys/kernel/hostname <<<node1.example.com
  passthru 0 guest --format "${@:2}"
  output_is "$1"
}

guest_node() {
  guest_tree
  passthru 1 guest --format harvester gpu
  says '^passthru: could not read /proc/sys/kernel/hostname, so give --node: No such file'
  passthru 0 guest --format harvester --node here gpu
  says '^  nodeName: "here"$'
  passthru 64 guest --format harvester --node 'a"b' gpu
  says 'is no name of a node'
  put proc/sys/kernel/hostname <<<'a: b'
  passthru 64 guest --format proxmox-mapping gpu
  put proc/sys/kernel/hostname < <(printf 'a%.0s' {1..64})
  passthru 0 guest --format proxmox-mapping gpu
  says ',node=a{64},path='
}

# The claims, and what the guest asks for. pci.ids is no friend of YAML.
guest_harvester() {
  guest_tree
  printf '%s\n' '10de  Vendor N, "Inc" [N-Vid/ia]: x' $'\t2184  TU116 [G 1660/Ti.]  A: "b"' | put usr/share/misc/pci.ids
  passthru 0 guest --format harvester --node n gpu 01:00.1
  yq -s -e '([.[:2][] | [.kind, .metadata.name, .metadata.ownerReferences[0].name, .metadata.ownerReferences[0].uid,
      .spec.address, .spec.nodeName]] == [
      ["PCIDeviceClaim", "n-000001000", "n-000001000", "", "0000:01:00.0", "n"],
      ["PCIDeviceClaim", "n-000001001", "n-000001001", "", "0000:01:00.1", "n"]]) and
    .[2].spec.domain.devices.hostDevices == [{deviceName: "nvid.com/TU116_G_1660_TI__A_B", name: "device0"},
      {deviceName: "nvid.com/1aeb", name: "device1"}]' "$out" >/dev/null 2>"$err" || fail "not the YAML that was expected"
}

# A label says how many devices a guest can have now.
guest_nfd_counts() {
  guest_tree
  passthru 0 guest --format nfd gpu rest
  [[ $(grep -c '=0$' "$out") == 4 ]] || fail "not 4 without a device"
  set_driver 0000:01:00.0 vfio-pci
  sed -i 's/^DRIVER=.*/DRIVER=vfio-pci/' "$tree/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/uevent"
  passthru 0 guest --format nfd gpu rest
  says '^feature.node.kubernetes.io/passthru-gpu=1$'
  [[ $(grep -cv '^#' "$out") == 4 && $(grep -c '=0$' "$out") == 3 ]] || fail "not one device"
}

# The values of [pci] are JSON.
guest_nova() {
  guest_tree
  passthru 0 guest --format nova gpu 01:00.1
  sed -n 's/^device_spec = //p' "$out" | jq -s -e '. == [
    {vendor_id: "10de", product_id: "2184", address: "0000:01:00.0"},
    {vendor_id: "10de", product_id: "1aeb", address: "0000:01:00.1"}]' >/dev/null 2>"$err" || fail "other devices"
  sed -n 's/^alias = //p' "$out" | jq -s -e '. == [
    {name: "gpu", vendor_id: "10de", product_id: "2184", device_type: "type-PCI"},
    {name: "rest", vendor_id: "10de", product_id: "1aeb", device_type: "type-PCI"}]' >/dev/null 2>"$err" || fail "other aliases"
}

guest_nova_functions() {
  functions_tree
  passthru 0 guest --format nova "$physical" "$function"
  [[ $(sed -n 's/^alias.*"\(type-[A-Z]*\)".*/\1/p' "$out") == type-PF ]] || fail "no PF"
  passthru 0 guest --format nova "$function"
  says '"type-VF"'
}

guest_incus() {
  guest_tree
  passthru 0 guest --format incus gpu 01:00.1 01:00.2
  yq -e '.devices == {gpu: {type: "pci", address: "0000:01:00.0"}, rest: {type: "pci", address: "0000:01:00.1"},
    "rest-2": {type: "pci", address: "0000:01:00.2"}}' "$out" >/dev/null 2>"$err" || fail "not the YAML that was expected"
}

# named FORMAT NAME WANTED: what becomes of the name of a rule in FORMAT, as a sed script finds it.
named() {
  conf "[device $2]" "id = 10de:2184"
  passthru 0 guest --format "$1" --node n 01:00.0
  grep -qxF -e "$3" "$out" || fail "$1 has no: $3"
}

# Names of rules that a format does not allow.
guest_names() {
  local long
  long=$(printf 'x%.0s' {1..64})
  host gpu-group
  named incus -._ '  "pci":'
  named incus "$long" "  \"${long:1}\":"
  named kubevirt a-- '      - deviceName: "passthru/a"'
  named kubevirt .1 '      - deviceName: "passthru/pci-.1"'
  named nfd "$long" "feature.node.kubernetes.io/passthru-${long:10}=0"
  named nfd "${long:12}.-_x" "feature.node.kubernetes.io/passthru-${long:12}=0"
  named proxmox-mapping 1.a pci-1-a
  named proxmox-mapping a pci-a
  named proxmox-mapping "$long" "$long"
}

# Names that are made are not those of other rules.
guest_names_differ() {
  host gpu-group
  conf "[device a]" "id = 10de:2184" "[device a-2]" "id = 10de:1aeb" "[device a--]" "address = 01:00.*"
  passthru 0 guest --format incus '01:00.*'
  [[ $(sed -n 's/^  "\(.*\)":$/\1/p' "$out" | xargs) == "a a-2 a-3 a-4" ]] || fail "other names"
  passthru 0 guest --format nova '01:00.*'
  [[ $(sed -n 's/^alias = { "name": "\([^"]*\)".*/\1/p' "$out" | xargs) == "a a-2 a-10de-1aec a-10de-1aed" ]] || fail "other names"
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
  t "guest: proxmox-mapping" cluster_is guest-proxmox-mapping.txt proxmox-mapping '01:00.*'
  t "guest: nova" cluster_is guest-nova.txt nova '01:00.*'
  t "guest: incus" cluster_is guest-incus.txt incus '01:00.*'
  t "guest: harvester" cluster_is guest-harvester.txt harvester 01:00.0 01:00.1
  t "guest: nfd" cluster_is guest-nfd.txt nfd '01:00.*'
  t "guest: the name of the node" guest_node
  t "guest: nfd counts what can be assigned" guest_nfd_counts
  t_with jq "guest: nova's JSON" guest_nova
  t "guest: nova's types" guest_nova_functions
  t_with yq "guest: incus' YAML" guest_incus
  t_with yq "guest: harvester's YAML, with a hostile pci.ids" guest_harvester
  t "guest: names that a format does not allow" guest_names
  t "guest: names that several devices would have" guest_names_differ
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
  for format in libvirt opennebula xl proxmox proxmox-mapping nova incus kubevirt harvester; do
    t "guest: a wide domain, $format" guest_wide 1 "$format"
  done
  t "guest: slot 0" refuses 64 'bad slot' guest --slot 0 01:00.0
  t "guest: more devices than slots" refuses 64 'do not fit' guest --slot 31 01:00.0 01:00.1
  t "guest: a bridge" refuses 1 'no guest can have a bridge' guest 00:01.0
}
