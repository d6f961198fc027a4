# SPDX-License-Identifier: GPL-2.0-or-later
# The scenarios of tests/faults.sh: each makes a tree and says which program runs in it. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2154

scenarios=(boot guarded dry_run sriov verify verify_claimed verify_early hotplug hotplug_sriov rescue
  assign assign_first assign_refused persist release release_rule release_persist crowd)

nic=0000:00:05.0 disk=0000:00:06.0 physical=0000:00:08.0

# --- trees

put() {
  mkdir -p "$tree/${1%/*}"
  cat >"$tree/$1"
}

conf() {
  printf '%s\n' "$@" | put etc/passthru.conf
}

# set_driver ADDRESS DRIVER: binds the device; "" for no driver.
set_driver() {
  local device
  device=$(realpath "$tree/sys/bus/pci/devices/$1")
  rm -f "$device/driver"
  sed -i '/^DRIVER=/d' "$device/uevent"
  [[ $2 ]] || return 0
  sed -i "1i DRIVER=$2" "$device/uevent"
  ln -s "$(realpath --relative-to="$device" "$tree/sys/bus/pci/drivers/$2")" "$device/driver"
}

# host_driver CLASS ID: prints the host's driver for such a device.
host_driver() {
  case $1:$2 in
    10802:*) echo nvme ;;
    C0330:*) echo xhci_hcd ;;
    *:8086:10FB) echo ixgbe ;;
    *:8086:10ED) echo ixgbevf ;;
    20000:*) echo e1000e ;;
    70002:*) echo serial ;;
    60400:*) echo pcieport ;;
  esac
}

# The attributes of sysfs that are written to, and the state that sysfs.h keeps.
furnish() {
  local device DRIVER PCI_CLASS PCI_ID
  for device in "$tree"/sys/bus/pci/devices/*; do
    DRIVER=""
    # shellcheck disable=SC1090,SC1091
    source <(grep -E '^(DRIVER|PCI_CLASS|PCI_ID)=' "$device/uevent")
    echo '(null)' >"$device/driver_override"
    host_driver "$PCI_CLASS" "$PCI_ID" >"$device/.host-driver"
    set_driver "${device##*/}" "$DRIVER"
  done
  for device in "$tree"/sys/bus/pci/drivers/*; do
    touch "$device"/{bind,unbind,new_id,remove_id,.ids}
  done
  touch "$tree/sys/bus/pci/drivers_probe"
  # The VFs come when they are enabled at their PF.
  printf '0000:00:10.%s\n' 0 1 2 3 >"$tree/sys/devices/pci0000:00/$physical/.functions"
  rm "$tree"/sys/bus/pci/devices/0000:00:10.*
}

lay_out() {
  "$build/unit/lay-out" "tests/faults/$1.host" "$tree"
}

# make NAME FUNCTION: has FUNCTION fill an empty tree.
make() {
  local tree=$work/made/$1
  mkdir -p "$tree" && "$2" && touch "$tree.done"
}

# made NAME FUNCTION: copies such a tree, which is made only once.
made() {
  [[ -e $work/made/$1.done ]] || make "$1" "$2" || return
  cp -a "$work/made/$1/." "$tree/"
}

make_booting() {
  lay_out guarded && mkdir -p "$tree"/{run,dev,etc/passthru.conf.d} && furnish
}

# A host at boot: no device has been taken.
booting() {
  made booting make_booting
}

running() {
  lay_out running
  set_driver 0000:00:03.0 nvme
  set_driver 0000:02:00.0 e1000e
  set_driver "$physical" ixgbe
}

# agent STATUS ARG...: runs it in the tree without faults.
agent() {
  local wanted=$1 status=0
  shift
  "$faults" exec "$tree" "$init" --root . "$@" || status=$?
  ((status == wanted)) || echo "exit status $status, not $wanted: agent $*"
  ((status == wanted))
}

# passthru ARG...: likewise.
passthru() {
  "$faults" exec "$tree" "$command" "$1" --root . "${@:2}"
}

good_rules() {
  conf "[passthru]" "group = whole" "root-grace = 1" \
    "[device gpu]" "address = 0000:01:00.0" "id = 10de:2684" \
    "[device disk]" "address = $disk" "[device usb]" "class = 0c03"
}

# --- the scenarios: each sets program, and options of the harness

the_agent() {
  program=("$init" --root . "$@")
  options+=(--statuses "$(statuses passthru-init.8.scd)" --log-counts)
}

# the_command SUBCOMMAND ARG...
the_command() {
  program=("$command" "$1" --root . "${@:2}")
  options+=(--statuses "$(statuses passthru.8.scd)" --deadline 60000)
}

# All devices can be taken.
scenario_boot() {
  booting && good_rules && the_agent && options+=(--begins-record)
}

# The host needs some of the devices.
scenario_guarded() {
  booting
  conf "[passthru]" "group = whole" \
    "[device gpu]" "address = 0000:01:00.0" "id = 10de:2684" "[device disks]" "class = 0108" \
    "[device usb]" "class = 0c03" "[device cards]" "class = 0200" "on-failure = hold" \
    "[device serial]" "address = 0000:00:07.0"
  the_agent
  options+=(--begins-record)
}

scenario_dry_run() {
  booting && good_rules && the_agent --dry-run
}

scenario_sriov() {
  booting
  set_driver "$physical" ixgbe
  conf "[sriov card]" "address = $physical" "vfs = 2"
  the_agent
  options+=(--begins-record)
}

scenario_verify() {
  booting && good_rules && agent 0 && the_agent --verify
}

# The image lacked the stub driver, the host has it.
scenario_verify_claimed() {
  booting && good_rules
  mv "$tree/sys/bus/pci/drivers/vfio-pci" "$tree.stub"
  agent 1
  mv "$tree.stub" "$tree/sys/bus/pci/drivers/vfio-pci"
  the_agent --verify
}

scenario_verify_early() {
  scenario_verify && mv "$tree/run/passthru" "$tree/dev/"
}

scenario_hotplug() {
  booting
  conf "[device nic]" "address = $nic" "[device disk]" "address = $disk"
  mv "$tree/sys/bus/pci/devices/$nic" "$tree.nic"
  agent 1
  mv "$tree.nic" "$tree/sys/bus/pci/devices/$nic"
  set_driver "$nic" ""
  the_agent --hotplug "$nic"
  options+=(--deadline 60000)
}

scenario_hotplug_sriov() {
  booting
  conf "[sriov card]" "address = $physical" "vfs = 2" "[device disk]" "address = $disk"
  agent 0
  set_driver "$physical" ixgbe
  the_agent --hotplug "$physical"
  options+=(--deadline 60000)
}

scenario_rescue() {
  booting && good_rules && agent 0 && agent 0 --rescue && sleep 1.1 && the_agent --rescue
}

make_booted() {
  booting && good_rules && agent 0 && running
}

# A host that has booted with rules.
booted() {
  made booted make_booted
}

scenario_assign() {
  booted && the_command assign "$nic"
}

# There is no report.
scenario_assign_first() {
  booting && running && the_command assign "$nic"
}

# The host uses all of these devices.
scenario_assign_refused() {
  booted && echo 2 >"$tree/sys/devices/pci0000:00/$physical/sriov_numvfs" &&
    the_command assign 0000:00:03.0 0000:02:00.0 "$physical" 0000:00:07.0
}

scenario_persist() {
  booted && the_command assign "$nic" --persist
}

scenario_release() {
  booted && passthru assign "$nic" && the_command release "$nic"
}

scenario_release_rule() {
  booted && the_command release "$disk"
}

scenario_release_persist() {
  booted && passthru assign "$nic" --persist && the_command release "$nic" --persist
}

# All calls that can come at the same time, in turn.
scenario_crowd() {
  booted
  the_command assign "$nic"
  program+=(-- "$init" --root . --hotplug "$nic" -- "$command" release --root . "$nic"
    -- "$init" --root . --verify -- "$command" assign --root . "$nic" --persist
    -- "$command" release --root . "$nic" --persist -- "$init" --root . --rescue)
}

# A program with a planted defect, and a file that it may lose.
scenario_planted() {
  booting && mkdir "$tree/run/passthru" && touch "$tree/run/passthru/todo" &&
    put run/passthru/report.json <<'END'
{"version": 1, "program": "planted", "kernel": null, "config_sha256": null, "duration_us": 1,
 "devices": [{"rule": "disk", "address": "0000:00:06.0", "path": null, "id": null, "class": null,
   "group": 8, "translated": true, "iommu_unit": null, "group_type": null, "viable": null,
   "driver": "vfio-pci", "previous_driver": null, "state": "returned", "errno": 0, "findings": []}],
 "findings": []}
END
}
