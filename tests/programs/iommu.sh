# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the line on the IOMMU, with which list, check and status begin. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# begins COMMAND...: the first line on standard output is $line, whatever the exit status.
begins() {
  timeout -s KILL "$limit" "$command" "$1" --root "$tree" "${@:2}" </dev/null >"$out" 2>"$err"
  [[ $(head -n 1 "$out") == "IOMMU: $line" ]] || fail "$*: not the first line: $(head -n 1 "$out")"
}

# summary_is COMMAND...: the JSON has $line, too.
summary_is() {
  timeout -s KILL "$limit" "$command" "$1" --root "$tree" --json "${@:2}" </dev/null >"$out" 2>"$err"
  jq -e --arg line "$line" '.iommu.summary == $line' "$out" >/dev/null || fail "$*: not in the JSON"
}

# line_is LINE FUNCTION [ARG...]: all begin with LINE on the host that FUNCTION makes: without a rule, with one,
# and with errors in the configuration.
line_is() {
  local line=$1
  "${@:2}"
  begins list
  begins list --tree
  begins list --long
  begins check
  begins status
  summary_is list
  summary_is check
  conf "[device all]" "class = 02"
  begins check
  begins list
  summary_is check
  conf nonsense
  begins check
  summary_is check
  report ""
  begins status
  summary_is status
}

# No rule asks for an IOMMU, so that there is none is no fault.
no_rule_no_fault() {
  host none
  passthru 0 check
  says '^IOMMU: none: '
  says '^No rule in '
  says_not 'iommu-no-table'
}

intel_unreadable() {
  host intel
  rm -r "$tree/sys/class/iommu"
  ln -s iommu "$tree/sys/class/iommu"
}

remapping_unreadable() {
  host intel
  rm -r "$tree/sys/kernel/irq"
  ln -s irq "$tree/sys/kernel/irq"
}

# Without PCI there is nothing that it could translate; check says so and goes on.
no_pci() {
  local line="unknown: could not read /sys/bus/pci/devices: No such file or directory"
  rm -r "$tree/sys/bus/pci/devices"
  begins check
  begins status
}

# metrics_are REMAPPING LINE...: the gauges on the IOMMU, and REMAPPING for that of interrupts, "" for none.
metrics_are() {
  passthru 3 status --metrics
  metrics_are_valid
  [[ $(sed -n 's/^passthru_interrupt_remapping //p' "$out") == "$1" ]] || fail "interrupt remapping"
  [[ $(grep -c '^passthru_iommu' "$out") == 4 ]] || fail "not four states"
  [[ $(sed -n 's/^\(passthru_iommu.*\) 1$/\1/p' "$out") == "$2" ]] || fail "not $2"
}

iommu_metrics() {
  host "$1"
  metrics_are "${@:2}"
}

# One line on paper is several on a narrow terminal, and yellow.
iommu_wrapped() {
  host none
  report ""
  in_terminal 60 "$command" status --root "$tree"
  sed -n '1,/setup/p' "$out" >"$work/wrapped"
  grep -q $'^\e\\[33mIOMMU: none: ' "$work/wrapped" || fail "not yellow"
  sed -i $'s/\e\\[[0-9]*m//g' "$work/wrapped"
  [[ $(awk 'length > 60' "$work/wrapped") == "" ]] || fail "too long"
  (($(wc -l <"$work/wrapped") == 2)) || fail "not two lines"
  grep -q '^       [^ ]' "$work/wrapped" || fail "not below its beginning"
}

test_iommu() {
  t "IOMMU: Intel, on" line_is "Intel VT-d on, interrupt remapping on" host intel
  t "IOMMU: AMD, on" line_is "AMD-Vi on, interrupt remapping on" host amd
  t "IOMMU: Arm, on" line_is "Arm SMMUv3 on" host smmu
  t "IOMMU: Arm, groups are made later" line_is "Arm SMMUv3 on, some IOMMU groups unknown until a driver is bound" \
    host arm-groups-at-bind
  t "IOMMU: off by an option" line_is "OFF: intel_iommu=off on the kernel command line; remove it" host intel-off
  t "IOMMU: off by AMD's option" line_is "OFF: amd_iommu=off on the kernel command line; remove it" host amd-off
  t "IOMMU: none" line_is "none: the firmware has no DMAR, IVRS or IORT table; enable VT-d in the firmware setup" \
    host none
  t "IOMMU: interrupts are not remapped" line_is "Intel VT-d on, but interrupts are not remapped: the hardware or firmware does not offer it; enable it in the firmware setup (x2APIC, VT-d)" \
    host intel-no-remapping
  t "IOMMU: Xen does not answer" line_is "unknown: /dev/xen/privcmd cannot be used: No such file or directory" \
    host xcpng-xeon-d
  t "IOMMU: could not be read" line_is "unknown: could not read /sys/class/iommu: Too many levels of symbolic links" \
    intel_unreadable
  t "IOMMU: interrupts could not be read" line_is "Intel VT-d on, interrupt remapping unknown: could not read /sys/kernel/irq: Too many levels of symbolic links" \
    remapping_unreadable
  t "IOMMU: no PCI" no_pci
  t "IOMMU: no fault without a rule" no_rule_no_fault
  t "IOMMU: metrics, Intel" iommu_metrics intel 1 'passthru_iommu{kind="intel",state="on"}'
  t "IOMMU: metrics, not remapped" iommu_metrics intel-no-remapping 0 'passthru_iommu{kind="intel",state="on"}'
  t "IOMMU: metrics, off" iommu_metrics amd-off "" 'passthru_iommu{kind="amd",state="off"}'
  t "IOMMU: metrics, Arm" iommu_metrics smmu "" 'passthru_iommu{kind="smmu",state="on"}'
  t "IOMMU: metrics, Xen does not answer" iommu_metrics xcpng-xeon-d "" 'passthru_iommu{kind="xen",state="unknown"}'
  t "IOMMU: a narrow terminal" iommu_wrapped
}
