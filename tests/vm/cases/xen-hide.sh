# SPDX-License-Identifier: GPL-2.0-or-later
title="Xen dom0: xen-pciback.hide= with two groups and a bad one, which is reported and skipped"
images=(classic-bare)
boot=(env XEN= "$vm_dir/boot.sh")
cmdline="xen-pciback.hide=(00:02.0)(0000:00:zz.0)(0000:00:03.*)"

expect() {
  taken 0000:00:02.0 pciback
  taken 0000:00:03.0 pciback
  host_has 0000:00:04.0 xhci_hcd
  finding - bad-option
  logged '0000:00:zz\.0'
}
