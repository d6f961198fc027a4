#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# programs.sh [BUILD]: passthru-init and passthru as BUILD (build) has them, on directories that
# stand for a host's root: exit statuses, records, and that nothing makes them hang. TAP. What a
# kernel does with the devices is for tests/vm.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

build=$(realpath "${1:-build}")
init=$build/passthru-init
command=$build/passthru
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/programs/lib.sh
source tests/programs/lib.sh
# shellcheck source=tests/programs/agent.sh
source tests/programs/agent.sh
# shellcheck source=tests/programs/late.sh
source tests/programs/late.sh
# shellcheck source=tests/programs/refused.sh
source tests/programs/refused.sh
# shellcheck source=tests/programs/services.sh
source tests/programs/services.sh
# shellcheck source=tests/programs/verify.sh
source tests/programs/verify.sh
# shellcheck source=tests/programs/image.sh
source tests/programs/image.sh
# shellcheck source=tests/programs/command.sh
source tests/programs/command.sh
# shellcheck source=tests/programs/list.sh
source tests/programs/list.sh
# shellcheck source=tests/programs/guest.sh
source tests/programs/guest.sh
# shellcheck source=tests/programs/statuses.sh
source tests/programs/statuses.sh
# shellcheck source=tests/programs/check-image.sh
source tests/programs/check-image.sh
# shellcheck source=tests/programs/completion.sh
source tests/programs/completion.sh
# shellcheck source=tests/programs/record.sh
source tests/programs/record.sh
# shellcheck source=tests/programs/import.sh
source tests/programs/import.sh
# shellcheck source=tests/programs/native.sh
source tests/programs/native.sh
# shellcheck source=tests/programs/assign.sh
source tests/programs/assign.sh
# shellcheck source=tests/programs/lost.sh
source tests/programs/lost.sh
# shellcheck source=tests/programs/documents.sh
source tests/programs/documents.sh

# Adds the numbers and the plan; fails when a test did.
number() {
  awk '/^not ok / { bad = 1 }
    /^(not )?ok / { sub(/ok /, "ok " ++n " ") }
    { print }
    END { print "1.." n + 0; exit bad || !n }'
}

test_agent() {
  t "agent: nothing configured is one line and no failure" nothing_configured
  t "agent: passthru=off, no file is read" switched_off passthru=off
  t "agent: rd.passthru=0, no file is read" switched_off rd.passthru=0
  t "agent: every error of the configuration, in all files" bad_configuration
  t "agent: each rule is in the record" device_lists
  t "agent: a dry run leaves nothing" dry_run
  t "agent: a device that comes late goes by the configuration of the boot" late_device
  t "agent: a device that was released is left to the host" late_released
  t "agent: a device that is gone again, and none at all" late_nobody
  t "agent: given back once the time is over" heal_in_time
  t "agent: given back, where the time cannot be noted" heal_unnoted
  t "agent: given back? what was left for that cannot be read" heal_unread
  t "agent: given back? a device cannot be read" heal_device_unread
  t "agent: what is to be given back cannot be noted" heal_unprepared
  t "agent: no /proc/cmdline" no_proc
  t "agent: no /sys" no_sys
  t "agent: no /run" no_run rmdir run
  t "agent: /run/passthru is a file" no_run touch run/passthru
  t "agent and check: /etc/passthru.conf is a FIFO" conf_is_fifo
  t "agent: the record's temporary file is a FIFO" report_is_fifo
  t "agent: standard files closed" closed_standard_files
  t "agent: the worker is killed" worker_killed KILL Killed
  t "agent: the worker crashes" worker_killed SEGV 'Segmentation fault'
}

test_ends() {
  local late="--late 0000:00:02.0"
  t "late: no /proc/cmdline is told" ends 3 "$late" no-proc rm proc/cmdline
  t "late: no /sys is told" ends 3 "$late" no-sysfs rm -r sys
  t "late: errors of the configuration are told" \
    ends 2 "$late" config-error sh -c 'echo nonsense >run/passthru/image/etc/passthru.conf'
  t "heal: no /proc/cmdline is told" ends 3 --heal no-proc rm proc/cmdline
  t "verify: no /proc/cmdline is told" ends 1 --verify no-proc rm proc/cmdline
  t "verify: no /proc/cmdline, and a claim to be completed" verify_claim_unread
  t "heal: no /sys is told" ends 3 --heal no-sysfs rm -r sys
  t "heal: errors of the configuration are told" ends 2 --heal config-error sh -c 'echo nonsense >etc/passthru.conf'
  t "verify: no record is told" ends 1 --verify no-record rm run/passthru/report.json
}

# As below systemd-udevd.service.
test_refused() {
  t "without openat2: the two programs, in a tree" without_openat2 device_lists
  t "without openat2: late devices" without_openat2 late_device
  t "without openat2: eight at once" without_openat2 late_together
  t "without openat2: virtual functions" without_openat2 sriov_at_coldplug
  t "without openat2: status" without_openat2 sriov_in_status
  t "without openat2: completion" without_openat2 verify_claimed
  t "without openat2: healing" without_openat2 heal_in_time
  t "without openat2: the record of the needs" without_openat2 needs_record
  if unshare -rm true 2>/dev/null; then
    t "without openat2: late devices of the host itself" late_of_host
    t "agent: usage errors are told where nobody reads standard error" usage_is_told
  else
    echo "ok - the host itself # SKIP no namespaces"
  fi
}

# --root DIR: nothing leads out of it.
test_confined() {
  t "late: a copy of the image that is a link out of --root" late_image_link
  t "list: names of devices by a link within --root" list_link
  t "check --image: a part of it that is a link out of it" check_image_link
}

test_services() {
  local filter
  t "services: both have the same sandbox" services_alike
  if systemd-analyze security --offline=true --help >/dev/null 2>&1; then
    t "services: passthru-init.service, as systemd-analyze security sees it" exposed passthru-init.service
    t "services: passthru-verify.service, as systemd-analyze security sees it" exposed passthru-verify.service
  else
    echo "ok - services: as systemd-analyze security sees them # SKIP no systemd-analyze"
  fi
  if command -v systemd-analyze >/dev/null && strace -o /dev/null true 2>/dev/null; then
    mapfile -t filter < <(sed -n 's/^SystemCallFilter=//p' hook/passthru-init.service | xargs -n 1)
    t "services: the system calls that are used" services_calls "${filter[@]}"
    # What systemd 252 to 257 have: https://github.com/systemd/systemd/blob/v257/units/systemd-udevd.service.in
    t "systemd-udevd.service: the system calls that are used" services_calls @system-service @module
  else
    echo "ok - services: the system calls that are used # SKIP no strace or no systemd-analyze"
  fi
}

test_late() {
  t "late: eight at once, all are on record" late_together
  t "late: another one has the record" late_waits
  t "late: another one is giving the device back" late_during_release
  t "late: the device cannot be read" late_device_unread
  t "late: the record cannot be read" late_unread run/passthru/report.json
  t "late: the configuration of the boot cannot be read" late_unread run/passthru/image
  t "late: passthru=off" late_left 0 passthru=off
  t "late: rd.passthru=0" late_left 0 rd.passthru=0
  t "late: the rule is skipped" late_left 0 passthru.skip=nic
  t "agent: udev has nothing to do: no rules" watch_nothing 0 ""
  t "agent: udev has nothing to do: passthru=off" watch_nothing 0 passthru=off "[device a]" "id = 1:2"
  t "agent: udev has nothing to do: skipped" watch_nothing 0 passthru.skip=a "[device a]" "id = 1:2"
  t "agent: udev has nothing to do: hotplug = no" watch_nothing 1 "" "[device a]" "id = 1:2" "hotplug = no"
  t "agent: udev has nothing to do: errors" watch_nothing 2 "" "[device a]" "id = 1:2" "speed = 10"
}

test_sriov() {
  t "sriov: of no device" sriov_without_device
  t "sriov: of a device without SR-IOV" sriov_of_other
  t "sriov: another section has the physical function" \
    sriov_overlap '\[device nic\] means functions' "[device nic]" "address = $physical"
  t "sriov: another section has one of the functions" \
    sriov_overlap '\[device nic\] means functions' "[device nic]" "address = $physical" "vf = 1-2"
  t "sriov: another section divides it" \
    sriov_overlap '\[sriov more\] means functions' "[sriov more]" "address = $physical" "vfs = 1"
  t "sriov: a physical function that has its driver at boot" sriov_at_coldplug
  t "sriov: in check and list" sriov_in_check_and_list
  t "sriov: in status" sriov_in_status
  t "sriov: in status, ready" sriov_status_of ready nvme 3 0 'nvme, 3 VFs'
  t "sriov: in status, waiting" sriov_waits
  t "sriov: in status, waiting with a driver" sriov_status_of waiting nvme 0 1 'nvme, 0 VFs'
  t "sriov: in status, refused" sriov_status_of refused nvme 2 1 'nvme, 2 VFs'
  t "sriov: in status, failed" sriov_status_of failed nvme 0 1 'nvme, 0 VFs'
  t "sriov: in status and verify, gone since" sriov_changed
  t "sriov: in assign and release" sriov_in_assign
}

test_verify() {
  t "verify: nothing configured, no record" verify_nothing
  t "verify: rules, and no record" verify_no_record
  t "verify: switched off, and no record" verify_off
  t "verify: a damaged record" verify_damaged
  t "verify: all is as recorded" verify_holds
  t "verify: a device was taken away" verify_changed
  t "verify: the record waits in /dev" verify_early
  t "verify: the record waits in /dev, and cannot be moved" verify_early_unwritable
  t "verify: claimed, and no module" verify_claimed
}

test_pid1() {
  if ! unshare -rmpf true 2>/dev/null; then
    echo "ok - PID 1 # SKIP no namespaces"
    return
  fi
  t "PID 1: becomes /init, with its arguments" pid1 /init
  t "PID 1: becomes what else there is" pid1 /bin/init
  t "PID 1: no init at all" pid1_without_init
}

test_image() {
  t "image: what is in it" image_contents
  t "image: what modprobe.d says of the stubs" image_options
  t "image: one that is cut off runs /init" image_cut
  t "image: the same bytes again" image_again
  t "image: errors of the configuration" image_bad_conf
  t "image: no agent, no such kernel" image_missing
  t "image: nowhere to write to" image_unwritable
}

test_status() {
  local text
  for text in '{}' '{"devices": []}' 'no JSON' '' '[]' \
    '{"version": 99, "program": "p", "devices": [], "findings": []}' \
    '{"version": 1, "program": "p", "devices": [], "findings": []} and more' \
    '{"version": 1, "program": "p", "devices": [], "findings": [' \
    '{"version": 1, "program": "p", "devices": [1], "findings": []}'; do
    t "status: a damaged record: ${text:-empty}" damaged "$text"
  done
  t "status: no record" no_record
  t "status: a record without devices" record_of_nothing
  t "status: bound, and still" status_of bound vfio-pci vfio-pci 0 holds
  t "status: bound, now another driver's" status_of bound e1000e vfio-pci 1 changed
  t "status: bound, now nobody's" status_of bound "" vfio-pci 1 changed
  t "status: bound, now gone" device_gone
  t "status: held, and still" status_of held "" none 1 holds
  t "status: held, now open to any driver" status_of held "" '(null)' 1 changed
  t "status: held, now another driver's" status_of held e1000e '(null)' 1 changed
  t "status: claimed, and still" status_of claimed "" vfio-pci 1 holds
  t "status: claimed, bound since" status_of claimed vfio-pci vfio-pci 0 holds
  t "status: claimed, now open to any driver" status_of claimed "" '(null)' 1 changed
  t "status: claimed, now another driver's" status_of claimed e1000e '(null)' 1 changed
  t "status: ready, and still" status_of ready vfio-pci '(null)' 0 holds
  t "status: ready, now nobody's" status_of ready "" '(null)' 1 changed
  t "status: waiting, and still" status_of waiting "" '(null)' 1 holds
  t "status: what the agent wrote" agent_then_status
  t "status: returned to the host" status_returned
  t "status: findings on the IOMMU" status_iommu
  t "status: JSON" status_json
  t "status: metrics" status_metrics
  t "status: metrics of what has the same name" status_metrics_twins
  t "status: another configuration than that of the boot" stale
}

test_needs() {
  t "needs: the record, as the agent reads it" needs_record
  t "needs: the root file system cannot be found" needs_no_root
  t "needs: no mountinfo" needs_nothing rm proc/self/mountinfo mountinfo
  t "needs: no sysfs" needs_nothing rm -r sys /sys/bus/pci/devices
  t "needs: no proc" needs_nothing rm -r proc /proc/cmdline
  t "needs: a line of fstab that names nothing" needs_bad_fstab
  t "needs, check, list: control characters in fstab and mountinfo" control_in_fstab
  t "check and list: what the host needs" needs_is_shown
  if unshare -rmpf true 2>/dev/null; then
    t "needs: in a chroot" needs_in_chroot
  else
    echo "ok - needs: in a chroot # SKIP no namespaces"
  fi
  t "needs: nowhere to print to" full_output needs
}

test_check() {
  t "check: a plan, and its modules" check_good
  t "check: nothing to complain of" check_without_warnings
  t "check: problems first" check_order
  t "check: JSON" check_json
  t "check: colours" check_colours
  t "check: a device that cannot be taken; --lenient" check_no_iommu
  t "check: errors of the configuration; --lenient" check_bad
  t "check: another file, another command line" check_file_and_cmdline
  t "check: no sysfs; --lenient" check_without_host
  t "check: nowhere to print to" full_output check
  t "list: nowhere to print to" full_output list
  t "status: nowhere to print to" full_output status
  t "--help: nowhere to print to" full_output --help
  t "--version: nowhere to print to" full_output --version
}

test_assign() {
  t "assign, release: usage errors" assign_usage
  t "assign: --name is for one device" assign_name_for_two
  t "assign: a dry run by who is not root" dry_run_not_root
  t "assign, release: --dry-run touches nothing; --json" assign_dry_run
  t "assign: an interface that is up, unless --allow network" assign_interface_up
  t "assign: a physical function whose virtual functions are on" assign_functions_on
  t "assign: a bridge" assign_bridge
  t "assign: errors of the configuration" assign_bad_configuration
  t "assign: no stub, so no claim stands" assign_without_stub
  t "assign: what cannot be recorded is not done" assign_without_run
  t "assign: a damaged record" assign_damaged
  t "assign: another one has the record" assign_locked
  t "assign: bound already, twice" assign_bound_already
  t "assign: a rule by its name" assign_of_rule
  t "assign --persist and release --persist" assign_persist
  t "assign --persist: a dry run writes no rule" assign_persist_dry_run
  t "assign --persist: a file or a rule in the way" assign_persist_in_the_way
  t "assign --persist: the file cannot be written" assign_persist_unwritable
  t "release --persist: a rule of somebody else's" release_persist_of_others
  t "release: what the host's driver has" release_not_assigned
  t "release: Xen does not say which guest has it" release_xen_unknown
}

test_lost() {
  t "lost: the worker dies before it has read the record: --verify" worker_dies lock --verify
  t "lost: the worker dies before it has read the record: --late" worker_dies late --late 0000:00:02.0
  t "lost: the worker dies, and another one has the record" worker_dies_locked
  t "lost: no process for the worker: --verify" no_process --verify
  t "lost: no process for the worker: --late" no_process --late 0000:00:02.0
  t "lost: no process for the worker: --heal" no_process --heal
  t "lost: no process for the worker, and no record" no_process_no_record
  t "lost: no file may grow" no_file_grows
  t "lost: no file may grow: assign" no_file_grows_assign
  if unshare -rm true 2>/dev/null; then
    t "lost: a full /run: assign" full_run assign
    t "lost: a full /run: release" full_run release
    t "lost: /run has room for one record" nearly_full_run
    t "lost: /run has room for two records: assign" nearly_full_assign 12 0 '["bound"]'
  else
    echo "ok - lost: a full /run # SKIP no namespaces"
  fi
  if [[ ${COVERAGE:-} ]]; then
    echo "ok - lost: little memory, and killed anywhere # SKIP gcov takes memory, and most of the calls"
  else
    t "lost: little memory: --verify" little_memory_verify
    t "lost: little memory: assign" little_memory_assign
    t "lost: assign is killed anywhere, and called again" killed_assign
    t "lost: --late is killed anywhere, and called again" killed_late
  fi
  t "lost: status tells what is unfinished" unfinished_in_status
  t "lost: assign takes up what is unfinished" unfinished_assign
  t "lost: release takes up what is unfinished" unfinished_release
  t "lost: release takes up what has failed" failed_release
  t "lost: the device goes to another one before it is assigned" moved_meanwhile assign e1000e vfio-pci
  t "lost: the device goes to another one before it is released" moved_meanwhile release vfio-pci e1000e
  t "lost: a record of 20,000 devices" many_devices
  t "lost: a text with backslashes" backslashes
  t "lost: fields that this version does not know" unknown_fields
}

main() {
  # They wait for 10 seconds while the others run.
  t "agent: the worker is stopped, the agent ends after 10 s" worker_stopped >"$work/stopped.tap" &
  t "agent: nobody reads the log, the record stays complete" log_blocks >"$work/blocks.tap" &
  t "both programs: usage errors" usage_errors
  t "both programs: --version and --help" version_and_help
  test_agent
  test_ends
  test_refused
  test_confined
  test_services
  test_late
  test_sriov
  test_verify
  test_lost
  test_pid1
  test_image
  test_status
  test_check
  test_needs
  test_list
  test_guest
  test_statuses
  test_import
  test_native
  test_assign
  test_completion
  test_check_image
  test_record
  test_documents
  t "both programs: control characters in uevent" control_in_uevent
  t "both programs: control characters in the configuration" control_in_conf
  t "status: control characters in the record" control_in_record
  t "status: control characters in the link to the driver" control_in_link
  wait
  cat "$work"/*.tap
}

main | number
