# SPDX-License-Identifier: GPL-2.0-or-later
# failed: a device is missing, so the unit fails; other units start all the same.
title="systemd in the real root: passthru-verify.service completes the claim before libvirtd starts"
images=(systemd-nostub)
variants=(completed failed)
boot=(env LIMIT=300 "$vm_dir/boot.sh")
cmdline="init=/usr/lib/systemd/systemd passthru.device=0000:00:02.0"
for unit in passthru-verify libvirtd passthru-test; do
  cmdline+=" systemd.wants=$unit.service"
done

[[ ${variant-} != failed ]] || cmdline+=" passthru.device=0000:00:1e.0"

conf() {
  echo "# no rule"
}

expect() {
  of_device 0000:00:02.0 "completed by the unit" '.state == "bound"'
  finding 0000:00:02.0 stub-missing
  sysfs 0000:00:02.0 vfio-pci vfio-pci
  host_silent 0000:00:02.0
  # Without the ordering it would be done by then, most of the time.
  grep -q '^After=.*passthru-verify.service' "$out/libvirtd.txt" || fail "libvirtd does not wait"
  if [[ $variant == failed ]]; then
    grep -q '^Result=exit-code' "$out/libvirtd.txt" || fail "the unit did not fail"
    status_is 1
    verify_is 1
    return
  fi
  grep -q '^SubState=exited' "$out/libvirtd.txt" || fail "the unit was not done when libvirtd started"
  grep -q '^Result=success' "$out/libvirtd.txt" || fail "the unit failed"
  # Only one release has Xen's tools and their units.
  if [[ $suite == trixie ]]; then
    for unit in xen xendomains; do
      awk -v RS= -v id="Id=$unit.service" '
        index($0, id) && /LoadState=loaded/ && /After=[^\n]*passthru-verify.service/ { found = 1 }
        END { exit !found }' "$out/xen-units.txt" || fail "$unit.service does not wait"
    done
  fi
  status_is 0
  verify_is 0
}
