/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "finding/catalogue.h"

#include <stddef.h>

#include "util/memory.h"

/* A key of a rule that sets things right. */
struct key_to_set {
	const char *key, *value;
	const char *after; /* the rest of the remedy; NULL: none */
};

struct finding_type {
	const char *word;
	enum severity severity;
	const char *remedy; /* NULL: none; to be continued with what `set` says, if it has a key */
	struct key_to_set set;
};

/* The formatter turns the whole table when one row gets longer. */
/* clang-format off */
static const struct finding_type types[FINDING_CODE_COUNT] = {
	[FINDING_CONFIG_ERROR] = { "config-error", SEVERITY_ERROR,
				   "correct it, see passthru.conf(5), and run `passthru check`; after a change in a file rebuild the image" },
	[FINDING_CONFIG_FALLBACK] = { "config-fallback", SEVERITY_ERROR,
				      "correct it, see `passthru check`, then rebuild the image: dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_BAD_OPTION] = { "bad-option", SEVERITY_WARNING,
				 "correct the option; after a change in a file rebuild the image" },
	[FINDING_OPTION_OVERRIDDEN] = { "option-overridden", SEVERITY_WARNING,
					"give the option once, with all devices in one list" },
	[FINDING_OPTIONS_IN_FORCE] = { "options-in-force", SEVERITY_WARNING,
				       "remove the options, or write rules instead (`passthru import`)" },
	[FINDING_OFF] = { "off", SEVERITY_INFO,
			  "to bind devices again, remove passthru=off or rd.passthru=0 from the kernel command line, or boot without the image of `passthru image --off`" },
	[FINDING_NOTHING_CONFIGURED] = { "nothing-configured", SEVERITY_INFO, NULL },
	[FINDING_SKIPPED] = { "skipped", SEVERITY_INFO, NULL },
	[FINDING_CREDENTIAL] = { "credential", SEVERITY_INFO, NULL },
	[FINDING_CREDENTIAL_ERROR] = { "credential-error", SEVERITY_ERROR,
				       "correct it; until then no credential counts" },
	[FINDING_CREDENTIAL_UNREAD] = { "credential-unread", SEVERITY_ERROR,
					"pass it in another way; until then no credential counts" },
	[FINDING_REPLACED] = { "replaced", SEVERITY_INFO, NULL },
	[FINDING_CONDITION_NOT_MET] = { "condition-not-met", SEVERITY_INFO, NULL },
	[FINDING_CONDITION_UNKNOWN] = { "condition-unknown", SEVERITY_ERROR,
					"look in the kernel log for the reason, or write the condition with another match- key, see passthru.conf(5)" },
	[FINDING_CONDITION_NEVER] = { "condition-never", SEVERITY_WARNING,
				      "correct the match- key, or remove the rule" },
	[FINDING_NO_SYSFS] = { "no-sysfs", SEVERITY_ERROR,
			       "run it where sysfs is mounted on /sys and the kernel has PCI" },
	[FINDING_NO_PROC] = { "no-proc", SEVERITY_ERROR, "run it where proc is mounted on /proc" },
	[FINDING_HOST_UNSEEN] = { "host-unseen", SEVERITY_WARNING,
				  "check again on the host itself" },
	[FINDING_UNREADABLE] = { "unreadable", SEVERITY_WARNING,
				 "look in the kernel log for the reason; check that lspci shows the device" },
	[FINDING_AGENT_DIED] = { "agent-died", SEVERITY_ERROR,
				 "report the bug with the kernel log; to boot without the agent, add passthru=off to the kernel command line" },
	[FINDING_DEADLINE] = { "deadline", SEVERITY_ERROR,
			       "look in the kernel log for what hangs" },
	[FINDING_ABSENT] = { "absent", SEVERITY_WARNING,
			     "compare the rule with `passthru list`, or remove it" },
	[FINDING_ID_MISMATCH] = { "id-mismatch", SEVERITY_ERROR,
				  "compare with `passthru list` and correct the rule: addresses may have changed" },
	[FINDING_LOCATION_MISMATCH] = { "location-mismatch", SEVERITY_ERROR,
					"compare with `passthru list` and correct the rule: addresses may have changed" },
	[FINDING_COUNT_MISMATCH] = { "count-mismatch", SEVERITY_ERROR,
				     "compare with `passthru list`, then correct count or the selectors" },
	[FINDING_SEVERAL_MATCH] = { "several-match", SEVERITY_INFO,
				    "add count to say how many are meant, or address or path to say which" },
	[FINDING_BRIDGE] = { "bridge", SEVERITY_ERROR, "select the devices behind it instead" },
	[FINDING_ADDRESS_ALONE] = { "address-alone", SEVERITY_INFO,
				    "add this line, so that no other device is bound if addresses change" },
	[FINDING_GUARD_STORAGE] = { "guard-storage", SEVERITY_ERROR,
				    "select another device; or, if the host can do without it, ",
				    { "allow", "storage", NULL } },
	[FINDING_GUARD_NETWORK] = { "guard-network", SEVERITY_ERROR,
				    "select another device; or, if the host can do without it, ",
				    { "allow", "network", NULL } },
	[FINDING_GUARD_CONSOLE] = { "guard-console", SEVERITY_ERROR,
				    "select another device; or, if the host can do without it, ",
				    { "allow", "console", NULL } },
	[FINDING_GUARD_UNKNOWN] = { "guard-unknown", SEVERITY_ERROR,
				    "look in the kernel log for the reason, then try again" },
	[FINDING_GUARD_OVERRIDDEN] = { "guard-overridden", SEVERITY_WARNING,
				       "if the host does not boot, add passthru.skip=NAME or passthru=off to the kernel command line in the boot loader" },
	[FINDING_HOST_NETWORK] = { "host-network", SEVERITY_WARNING,
				   "provide another way to reach the host, then ",
				   { "allow", "network", NULL } },
	[FINDING_HOST_DISPLAY] = { "host-display", SEVERITY_WARNING,
				   "provide another way to reach the host, whose screen goes dark, then ",
				   { "allow", "console", NULL } },
	[FINDING_HOST_KEYBOARD] = { "host-keyboard", SEVERITY_WARNING,
				    "provide another way to reach the host, then ",
				    { "allow", "console", NULL } },
	[FINDING_ROOT_UNRESOLVED] = { "root-unresolved", SEVERITY_WARNING,
				      "run it as root on the host itself; check that root= on the kernel command line and /etc/fstab name existing devices" },
	[FINDING_NEED_UNRESOLVED] = { "need-unresolved", SEVERITY_WARNING,
				      "correct the line that names it, or add nofail to it; until then check yourself that no rule matches its device" },
	[FINDING_NEEDS_UNRECORDED] = { "needs-unrecorded", SEVERITY_INFO,
				       "rebuild the image on the host itself, not in a chroot" },
	[FINDING_NEEDS_OF_OTHER_HOST] = { "needs-of-other-host", SEVERITY_WARNING,
					  "rebuild the image on this host" },
	[FINDING_NEEDS_DAMAGED] = { "needs-damaged", SEVERITY_ERROR,
				    "rebuild the image, or look in the kernel log for the reason; until then no storage, USB "
				    "or network controller is bound without allow" },
	[FINDING_MODULE_LIST] = { "module-list", SEVERITY_WARNING,
				  "rebuild the image: dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_RETURNED] = { "returned", SEVERITY_ERROR,
			       "select another device, or rebuild the image on the host itself; if the root device is slow, raise root-grace" },
	[FINDING_SRIOV_MISSING] = { "sriov-missing", SEVERITY_ERROR,
				    "select a physical function with SR-IOV; some devices need it enabled in the firmware setup" },
	[FINDING_SRIOV_TOO_MANY] = { "sriov-too-many", SEVERITY_ERROR,
				     "lower vfs, or raise the limit in the device's own firmware" },
	[FINDING_SRIOV_TAKEN] = { "sriov-taken", SEVERITY_ERROR,
				  "keep one rule for the physical function: either assign it, or enable VFs on it" },
	[FINDING_SRIOV_IN_USE] = { "sriov-in-use", SEVERITY_ERROR,
				   "release its VFs, then echo 0 > /sys/bus/pci/devices/ADDRESS/sriov_numvfs; or reboot" },
	[FINDING_SRIOV_WAITING] = { "sriov-waiting", SEVERITY_INFO,
				    "if no driver binds to the physical function, load its driver with modprobe" },
	[FINDING_SRIOV_FAILED] = { "sriov-failed", SEVERITY_ERROR,
				   "look in the kernel log for the reason; check that the driver of the physical function supports SR-IOV" },
	[FINDING_PF_INTERFACE] = { "pf-interface", SEVERITY_ERROR,
				   "check with `ip link` that the physical function has one network interface" },
	[FINDING_PF_DOWN] = { "pf-down", SEVERITY_ERROR,
			      "",
			      { "pf-up", "yes", "; or bring the interface up, and the VFs are enabled (with systemd, passthru-vfs.path must be enabled)" } },
	[FINDING_VF_MAC_SHARED] = { "vf-mac-shared", SEVERITY_ERROR,
				    "select one physical function by address or path, and write a rule for each" },
	[FINDING_VF_SETTING_FAILED] = { "vf-setting-failed", SEVERITY_ERROR,
					"look in the kernel log for the reason; if the driver lacks the setting, remove it from the rule" },
	[FINDING_VF_SETTING_KEPT] = { "vf-setting-kept", SEVERITY_WARNING,
				      "set it back by hand: ip link set dev NAME vf NUMBER ..." },
	[FINDING_NOT_MEANT] = { "not-meant", SEVERITY_WARNING,
				"to have it bound, select by id without address or path; to keep the stub driver off it, ",
				{ "hotplug", "no", NULL } },
	[FINDING_WATCH_FAILED] = { "watch-failed", SEVERITY_WARNING,
				   "bind hot-plugged devices with passthru assign until the next boot; "
				   "passthru-findings(7) says what to do about each reason" },
	[FINDING_RELEASED] = { "released", SEVERITY_INFO, NULL },
	[FINDING_NOT_ASSIGNED] = { "not-assigned", SEVERITY_INFO, NULL },
	[FINDING_XEN_DOM0] = { "xen-dom0", SEVERITY_ERROR, "", { "driver", "auto or xen-pciback", NULL } },
	[FINDING_NOT_XEN] = { "not-xen", SEVERITY_ERROR, "", { "driver", "auto", ", or boot Xen" } },
	[FINDING_XEN_PVH] = { "xen-pvh", SEVERITY_WARNING,
			      "remove dom0=pvh from Xen's command line: Xen assigns no PCI devices from a PVH dom0" },
	[FINDING_XEN_IOMMU_OFF] = { "xen-iommu-off", SEVERITY_WARNING,
				    "enable VT-d or AMD-Vi in the firmware setup" },
	[FINDING_XEN_IOMMU_OFF_BY_OPTION] = { "xen-iommu-off-by-option", SEVERITY_WARNING,
					      "remove it" },
	[FINDING_DRIVER_IN_USE] = { "driver-in-use", SEVERITY_ERROR,
				    "rebuild the image, so that the agent runs before modules are loaded, then reboot" },
	[FINDING_IN_USE] = { "in-use", SEVERITY_ERROR,
			     "stop what uses it: umount, swapoff, `ip link set NAME down`, or shut the guest down" },
	[FINDING_ALREADY_BOUND] = { "already-bound", SEVERITY_INFO, NULL },
	[FINDING_BOUND_BY_OTHER] = { "bound-by-other", SEVERITY_WARNING,
				     "write a rule for the device, or find what binds it: hooks and scripts of the image, new_id, driverctl, libvirt" },
	[FINDING_CHANGED_SINCE_BOOT] = { "changed-since-boot", SEVERITY_INFO,
					 "look whether the rule still selects the device that you mean: the next boot may change addresses; path and id stay" },
	[FINDING_IOMMU_OFF] = { "iommu-off", SEVERITY_ERROR,
				"enable the IOMMU: the first line of `passthru check` says how" },
	[FINDING_IOMMU_UNKNOWN] = { "iommu-unknown", SEVERITY_ERROR,
				    "look in the kernel log for the reason; in a Xen dom0 check that the image has "
				    "the module xen-privcmd; or ",
				    { "iommu", "warn", NULL } },
	[FINDING_IOMMU_IGNORED] = { "iommu-ignored", SEVERITY_WARNING,
				    "enable the IOMMU: without it a guest can reach all of the host's memory" },
	[FINDING_IOMMU_UNTIL_BOUND] = { "iommu-until-bound", SEVERITY_INFO, NULL },
	[FINDING_GROUP_INCOMPLETE] = { "group-incomplete", SEVERITY_WARNING,
				       "select the others too, or ",
				       { "group", "whole", "; if the host needs one, move the device to another slot" } },
	[FINDING_GROUP_REFUSED] = { "group-refused", SEVERITY_ERROR,
				    "select the others too, or ",
				    { "group", "listed or whole", NULL } },
	[FINDING_GROUP_WHOLE] = { "group-whole", SEVERITY_INFO, NULL },
	[FINDING_GROUP_NOT_WHOLE] = { "group-not-whole", SEVERITY_WARNING,
				      "move the guest's device, or the device that the host needs, to another slot" },
	[FINDING_GROUP_DRIVERS_DIFFER] = { "group-drivers-differ", SEVERITY_WARNING,
					   "give all devices of a group the same driver" },
	[FINDING_GROUP_OF_HOST] = { "group-of-host", SEVERITY_WARNING,
				    "move the device to another slot: its group cannot be assigned to a guest" },
	[FINDING_IOMMU_NO_TABLE] = { "iommu-no-table", SEVERITY_WARNING,
				     "enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or SMMU (Arm) in the firmware setup" },
	[FINDING_IOMMU_OFF_BY_OPTION] = { "iommu-off-by-option", SEVERITY_WARNING, "remove it" },
	[FINDING_IOMMU_NOT_ENABLED] = { "iommu-not-enabled", SEVERITY_WARNING,
					"add intel_iommu=on to the kernel command line" },
	[FINDING_IOMMU_INIT_FAILED] = { "iommu-init-failed", SEVERITY_WARNING,
					"look for DMAR or AMD-Vi in the kernel log; update the firmware" },
	[FINDING_IOMMU_FIRMWARE_BUG] = { "iommu-firmware-bug", SEVERITY_WARNING,
					 "update the firmware" },
	[FINDING_LOG_ENDLESS] = { "log-endless", SEVERITY_WARNING,
				  "find in the kernel log what writes to it all the time, and stop that" },
	[FINDING_IOMMU_OPTION_INEFFECTIVE] = { "iommu-option-ineffective", SEVERITY_INFO,
					       "remove the option; Intel needs intel_iommu=on instead, AMD needs none" },
	[FINDING_NO_IOMMU_MODE] = { "iommu-noiommu-mode", SEVERITY_WARNING,
				    "remove enable_unsafe_noiommu_mode" },
	[FINDING_ACS_OVERRIDE] = { "acs-override", SEVERITY_WARNING,
				   "assign devices that the hardware does not isolate to the same guest, or remove pcie_acs_override" },
	[FINDING_INTERRUPT_REMAPPING_OFF] = { "interrupt-remapping-off", SEVERITY_WARNING,
					      "enable it in the firmware setup (x2APIC, VT-d)" },
	[FINDING_REMAPPING_OPTION] = { "remapping-off-by-option", SEVERITY_WARNING,
				       "remove it" },
	[FINDING_UNSAFE_INTERRUPTS] = { "unsafe-interrupts", SEVERITY_WARNING,
					"assign devices to trusted guests only: a guest can send the host any interrupt" },
	[FINDING_DENYLISTED] = { "denylisted", SEVERITY_ERROR,
				 "for trusted guests only, add vfio-pci.disable_denylist=1 to the kernel command line" },
	[FINDING_DIRECT_REGION] = { "direct-region", SEVERITY_WARNING,
				    "disable what uses the device in the firmware setup, such as USB legacy support or remote management" },
	[FINDING_RESET_BUS] = { "reset-bus", SEVERITY_INFO, NULL },
	[FINDING_RESET_MISSING] = { "reset-missing", SEVERITY_WARNING,
				    "reboot the host before you assign it to another guest" },
	[FINDING_RESET_WEAK] = { "reset-weak", SEVERITY_WARNING,
				 "assign it to mutually trusting guests only, or power-cycle the host between guests" },
	[FINDING_CONVENTIONAL_BRIDGE] = { "conventional-bridge", SEVERITY_INFO, NULL },
	[FINDING_REMOVABLE] = { "removable", SEVERITY_WARNING,
				"assign it to a trusted guest only, and expect it to be unplugged" },
	[FINDING_CLAIM_FAILED] = { "claim-failed", SEVERITY_ERROR,
				   "check that sysfs is writable and that the device is still present" },
	[FINDING_RELEASE_FAILED] = { "release-failed", SEVERITY_ERROR,
				     "disable the built-in driver by its own option on the kernel command line" },
	[FINDING_FRAMEBUFFER_KEPT] = { "framebuffer-kept", SEVERITY_WARNING,
				       "",
				       { "allow", "console", "; or give the host another console, such as console=ttyS0 on the kernel command line" } },
	[FINDING_FRAMEBUFFER_FAILED] = { "framebuffer-failed", SEVERITY_ERROR, "add video=efifb:off (UEFI), video=vesafb:off (BIOS) or initcall_blacklist=sysfb_init to the kernel command line" },
	[FINDING_STUB_MISSING] = { "stub-missing", SEVERITY_WARNING,
				   "rebuild the image, so that it has the module" },
	[FINDING_MODULE_FAILED] = { "module-failed", SEVERITY_ERROR,
				    "look in the kernel log for the reason; rebuild the image with the modules of the kernel that boots" },
	[FINDING_BIND_FAILED] = { "bind-failed", SEVERITY_ERROR,
				  "look in the kernel log for the driver's reason" },
	[FINDING_TAKEN_BACK] = { "taken-back", SEVERITY_WARNING,
				 "remove the device from the driver's own options, or write a rule that binds it" },
	[FINDING_UNFINISHED] = { "unfinished", SEVERITY_ERROR,
				 "look in the kernel log for how the agent ended; if assign or release was interrupted, run it again" },
	[FINDING_CHANGED] = { "changed", SEVERITY_ERROR,
			      "look in the kernel log, udev rules and scripts for what bound or unbound it" },
	[FINDING_NO_RECORD] = { "no-record", SEVERITY_ERROR,
				"rebuild the image, then run `passthru check --image FILE` on it" },
	[FINDING_PERMISSIVE_FAILED] = { "permissive-failed", SEVERITY_ERROR,
					"set it by hand: echo ADDRESS > /sys/bus/pci/drivers/pciback/permissive" },
	[FINDING_SETTING] = { "setting", SEVERITY_INFO, NULL },
	[FINDING_SETTING_FAILED] = { "setting-failed", SEVERITY_WARNING,
				     "look in the kernel log for the reason; correct the rule, or set it by hand" },
	[FINDING_SETTING_CHANGED] = { "setting-changed", SEVERITY_WARNING,
				      "look for what sets it (udev rules, TLP, powertop, the manager of guests); then `passthru release` and `passthru assign` the device" },
	[FINDING_SETTING_UNSUPPORTED] = { "setting-unsupported", SEVERITY_WARNING,
					  "remove the key from the rule, or use a kernel or device that has it" },
	[FINDING_OWNER_UNKNOWN] = { "owner-unknown", SEVERITY_WARNING,
				    "rebuild the image on this host, or write the owner as numbers" },
	[FINDING_RETURN_FAILED] = { "return-failed", SEVERITY_ERROR,
				    "clear it by hand: echo > /sys/bus/pci/devices/ADDRESS/driver_override" },
	[FINDING_TRIAL_FAILED] = { "trial-failed", SEVERITY_ERROR,
				   "correct the configuration and rebuild the image; or have it tried once more: `passthru trial reset`, then rebuild the image" },
	[FINDING_UNPROVEN] = { "unproven", SEVERITY_ERROR,
			       "rebuild the image on this host: dracut -f, update-initramfs -u or mkinitcpio -P; then reboot" },
	[FINDING_TRIAL_STATE] = { "trial-state", SEVERITY_WARNING,
				  "look at `passthru trial`; without a place for the state set trial = no" },
	[FINDING_NO_TRIAL] = { "no-trial", SEVERITY_INFO, NULL },
	[FINDING_IMAGE_NO_AGENT] = { "image-no-agent", SEVERITY_ERROR,
				     "install passthru's hook for this initramfs framework, then dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_CONFIG] = { "image-config", SEVERITY_ERROR,
				   "rebuild it: dracut -f, update-initramfs -u or mkinitcpio -P; an archive: `passthru image`" },
	[FINDING_IMAGE_OWNERS] = { "image-owners", SEVERITY_ERROR,
				   "rebuild it on this host: dracut -f, update-initramfs -u or mkinitcpio -P; an archive: `passthru image`" },
	[FINDING_IMAGE_MODULE] = { "image-module", SEVERITY_ERROR,
				   "check that the kernel has it, then rebuild the image: dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_LATE] = { "image-late", SEVERITY_ERROR,
				 "install passthru's hook for this initramfs framework, then dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_RDINIT] = { "image-rdinit", SEVERITY_ERROR,
				   "add rdinit=/passthru-init to the command line of the image or of an addon" },
	[FINDING_IMAGE_STUB] = { "image-stub", SEVERITY_ERROR,
				 "build the unified kernel image with the archive as a second initrd, or with the stub of systemd 257 or later" },
};
/* clang-format on */

const char *finding_word(enum finding_code code)
{
	return types[code].word;
}

enum severity finding_severity(enum finding_code code)
{
	return types[code].severity;
}

const char *finding_key(enum finding_code code)
{
	return types[code].set.key;
}

char *finding_remedy(enum finding_code code, enum remedy_form form)
{
	const struct finding_type *type = &types[code];
	const struct key_to_set *set = &type->set;
	const char *after = set->after ? set->after : "";

	if (!type->remedy)
		return NULL;
	if (!set->key)
		return memory_dup(type->remedy);
	return form == REMEDY_OPTION
		       ? memory_printf("%suse --%s %s%s", type->remedy, set->key, set->value, after)
		       : memory_printf("%sset %s = %s for the rule%s", type->remedy, set->key,
				       set->value, after);
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = { "info", "warning", "error" };

	return words[severity];
}
