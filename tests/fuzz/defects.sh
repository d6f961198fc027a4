# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Defects that the targets must find, each a change of one source. If a defect no longer matches its
# source, the test fails: rewrite the defect, do not remove it.
# shellcheck disable=SC2034
defect_seconds=60
# shellcheck disable=SC2034 # they are for run.sh
declare -A defect_source defect_target defect_script defect_quick

# defect NAME SOURCE TARGET SCRIPT: SCRIPT is for sed -E.
# shellcheck disable=SC2034
defect() {
  defect_source[$1]=src/$2
  defect_target[$1]=$3
  defect_script[$1]=$4
}

# Guards and plan.
defect guard-storage plan/guard.c plan \
  's/(FINDING_GUARD_STORAGE), true/\1, false/'
defect guard-network plan/guard.c host \
  's/(FINDING_GUARD_NETWORK), true/\1, false/'
defect guard-holds plan/guard.c host \
  '/^static void leave_to_host/,/^}/s/VERDICT_REFUSE/VERDICT_HOLD/'
defect plan-smbus facts/device.c host \
  '/^bool device_is_infrastructure/,/^}/s/== CLASS_SMBUS/== 1/'
defect plan-iommu plan/device.c plan \
  's/(options.iommu == IOMMU_)REQUIRE/\1WARN/'
defect watch-label plan/udev_rules.c plan \
  's/LABEL=\\"passthru_end/LABEL=\\"passthru_ende/'

# Apply.
defect apply-bound apply/apply.c host \
  '/^static void step_bind/,/^}/s/ && streq\(driver, decision->driver\)//'
defect settle-override apply/settle.c host \
  's/cleared = clear_override\(root, decision\);/cleared = 0;/'
defect settle-hold apply/steps.c host \
  '/^static bool is_claimed/,/^}/s/decision_claims\(&plan->decisions\[index\]\)/is_taken(plan, index)/'
defect bind-endless apply/bind.c host \
  's/^\t\tnext\+\+;$//'
defect record-lock report/store.c host \
  's/^\troot_unlock\(store->lock_fd\);$//'
defect record-entry report/note.c host \
  '/^static bool is_outdated/,/^}/s/return /return true || /'
defect dry-run agent/boot.c host \
  's/if \(agent->dry_run\)/if (0)/'
defect switched-off agent/boot.c host \
  's/if \(want->off\)/if (0)/'
defect rescue-never agent/rescue.c host \
  's/^\t\treturn clock_ms\(\) >= note->due_ms;/\t\treturn false;/'
defect memory-left facts/device.c host \
  's/^\tfree\(device->iommu_unit\);$//'

# Parsers.
defect address-slot util/address.c address 's/ \|\| slot > SLOT_MAX//'
defect native-class want/selector.c native 's/has_class = values\[5\]/has_class = values[4]/'
defect needs-plain facts/needs.c needs 's/ \|\| text\[i\] > 0x7e//'
defect escape-backslash util/text.c text "s/ && c != '\\\\\\\\'//"
defect cpio-padding cli/image/cpio.c cpio 's/-cpio->size % ALIGNMENT/cpio->size % ALIGNMENT/'
defect dump-bytes cli/fleet/dump.c dump 's/count == sizeof\(bytes\)/count == sizeof(bytes) + 1/'
defect newc-name cli/image/newc.c initramfs 's/(ret->name\[name_size - 1\]) != /\1 == 1 + /'
defect pe-length cli/image/pe.c initramfs 's/file->size - offset >= size/true/'
defect conf-twice want/conf.c conf 's/^\tif \(same\) \{/\tif (0) {/'
defect import-class cli/import/render.c import 's/>> \(6 - digits\) \* 4/>> (6 - digits) * 2/'
defect kmsg-facility probe/kmsg.c kmsg 's/priority >> 3 == 0/priority >> 4 == 0/'
defect config-length facts/topology.c firmware 's/offset \+ 4 > length/offset > length/'
defect iort-length probe/iommu.c firmware 's/offset <= length - 3/offset <= length/'
defect smbios-end want/credential.c credential 's/end \+ 1 < size &&/end < size \&\&/'
defect route-prefix facts/route.c tables 's/route->prefix > best->prefix/route->prefix < best->prefix/'
defect parameter-quote util/parameter.c parameter "s/quoted = !quoted/quoted = true/"
defect link-length facts/link_message.c link 's/ \|\| size < attributes\[setting\].size//'
defect option-byte cli/options.c arguments 's/ && optopt < FIRST_VALUE/ \&\& optopt > 0 \&\& optopt < FIRST_VALUE/'

# Those of `make check`, which are found fast.
for name in guard-storage apply-bound; do
  # shellcheck disable=SC2034
  defect_quick[$name]=yes
done
