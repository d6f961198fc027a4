/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "finding/finding.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct finding_type {
	const char *word;
	enum severity severity;
	const char *remedy;
};

static const struct finding_type types[FINDING_CODE_COUNT] = {
	[FINDING_CONFIG_ERROR] = { "config-error", SEVERITY_ERROR,
				   "correct it (passthru.conf(5)) and run `passthru check`; after a change in a file rebuild the image" },
	[FINDING_BAD_OPTION] = { "bad-option", SEVERITY_WARNING,
				 "correct the option where it stands; after a change in a file rebuild the image" },
	[FINDING_OPTION_OVERRIDDEN] = { "option-overridden", SEVERITY_WARNING,
					"give the option once, with all devices in one list" },
	[FINDING_OPTIONS_IN_FORCE] = { "options-in-force", SEVERITY_WARNING,
				       "remove the options, or have passthru act on them (passthru import)" },
	[FINDING_OFF] = { "off", SEVERITY_INFO,
			  "remove passthru=off or rd.passthru=0 from the kernel command line to take devices again" },
	[FINDING_NOTHING_CONFIGURED] = { "nothing-configured", SEVERITY_INFO, NULL },
	[FINDING_SKIPPED] = { "skipped", SEVERITY_INFO, NULL },
	[FINDING_NO_SYSFS] = { "no-sysfs", SEVERITY_ERROR,
			       "run it where sysfs is mounted on /sys and the kernel has PCI" },
	[FINDING_NO_PROC] = { "no-proc", SEVERITY_ERROR, "run it where proc is mounted on /proc" },
	[FINDING_HOST_UNSEEN] = { "host-unseen", SEVERITY_WARNING,
				  "check again on the host itself" },
	[FINDING_UNREADABLE] = { "unreadable", SEVERITY_WARNING,
				 "look in the kernel log for why it could not be read; see whether the device answers" },
	[FINDING_AGENT_DIED] = { "agent-died", SEVERITY_ERROR,
				 "report it with the kernel log; passthru=off boots without it" },
	[FINDING_DEADLINE] = { "deadline", SEVERITY_ERROR,
			       "look in the kernel log for what hangs" },
	[FINDING_ABSENT] = { "absent", SEVERITY_WARNING,
			     "compare the rule with `passthru list`, or remove it" },
	[FINDING_ID_MISMATCH] = { "id-mismatch", SEVERITY_ERROR,
				  "addresses may have moved: compare with `passthru list` and correct the rule" },
	[FINDING_LOCATION_MISMATCH] = { "location-mismatch", SEVERITY_ERROR,
					"addresses may have moved: compare with `passthru list` and correct the rule" },
	[FINDING_COUNT_MISMATCH] = { "count-mismatch", SEVERITY_ERROR,
				     "compare with `passthru list`, then correct count or the selectors" },
	[FINDING_SEVERAL_MATCH] = { "several-match", SEVERITY_INFO,
				    "add count to say how many are meant, or address or path to say which" },
	[FINDING_BRIDGE] = { "bridge", SEVERITY_ERROR, "list the devices behind it instead" },
	[FINDING_ADDRESS_ALONE] = { "address-alone", SEVERITY_INFO,
				    "add the line: then no other device is taken when addresses move" },
	[FINDING_GUARD_STORAGE] = { "guard-storage", SEVERITY_ERROR,
				    "list another device; or, if the host can do without it, set allow = storage for the rule" },
	[FINDING_GUARD_NETWORK] = { "guard-network", SEVERITY_ERROR,
				    "list another device; or, if the host can do without it, set allow = network for the rule" },
	[FINDING_GUARD_CONSOLE] = { "guard-console", SEVERITY_ERROR,
				    "list another device; or, if the host can do without it, set allow = console for the rule" },
	[FINDING_GUARD_UNKNOWN] = { "guard-unknown", SEVERITY_ERROR,
				    "look in the kernel log for why it could not be read, then try again" },
	[FINDING_GUARD_OVERRIDDEN] = { "guard-overridden", SEVERITY_WARNING,
				       "should the host not come up: add passthru.skip=NAME or passthru=off to the kernel command line in the boot loader" },
	[FINDING_HOST_NETWORK] = { "host-network", SEVERITY_WARNING,
				   "see that the host is reached in another way, and set allow = network for the rule" },
	[FINDING_HOST_DISPLAY] = { "host-display", SEVERITY_WARNING,
				   "the host's screen goes dark: have another way to reach it, and set allow = console for the rule" },
	[FINDING_HOST_KEYBOARD] = { "host-keyboard", SEVERITY_WARNING,
				    "have another way to reach the host, and set allow = console for the rule" },
	[FINDING_ROOT_UNRESOLVED] = { "root-unresolved", SEVERITY_WARNING,
				      "run it as root, on the host itself; see that root= on the kernel command line and /etc/fstab name what is there" },
	[FINDING_NEED_UNRESOLVED] = { "need-unresolved", SEVERITY_WARNING,
				      "correct the line that names it, or add nofail to it; see for yourself that no rule takes what it is on" },
	[FINDING_NEEDS_UNRECORDED] = { "needs-unrecorded", SEVERITY_INFO,
				       "build the image on the host itself, not in a chroot" },
	[FINDING_NEEDS_OF_OTHER_HOST] = { "needs-of-other-host", SEVERITY_WARNING,
					  "build the image on this host" },
	[FINDING_NEEDS_DAMAGED] = { "needs-damaged", SEVERITY_ERROR,
				    "look in the kernel log for why it could not be read, or rebuild the image; "
				    "until then no storage, USB or network controller is taken without allow" },
	[FINDING_RETURNED] = { "returned", SEVERITY_ERROR,
			       "list another device, or rebuild the image on the host itself; root-grace says how long to wait" },
	[FINDING_SRIOV_MISSING] = { "sriov-missing", SEVERITY_ERROR,
				    "list the physical function of a device with SR-IOV; some have a switch for it in the firmware setup" },
	[FINDING_SRIOV_TOO_MANY] = { "sriov-too-many", SEVERITY_ERROR,
				     "lower vfs, or raise the limit in the device's own firmware" },
	[FINDING_SRIOV_TAKEN] = { "sriov-taken", SEVERITY_ERROR,
				  "have one rule for the physical function: it is given away, or divided, and that once" },
	[FINDING_SRIOV_IN_USE] = { "sriov-in-use", SEVERITY_ERROR,
				   "release its virtual functions, then echo 0 > /sys/bus/pci/devices/ADDRESS/sriov_numvfs; or reboot" },
	[FINDING_SRIOV_WAITING] = { "sriov-waiting", SEVERITY_INFO,
				    "if this stays so, load the driver of the physical function: modprobe" },
	[FINDING_SRIOV_FAILED] = { "sriov-failed", SEVERITY_ERROR,
				   "the kernel log says why; the driver of the physical function has to support SR-IOV" },
	[FINDING_NOT_MEANT] = { "not-meant", SEVERITY_WARNING,
				"give the rule no place, or set hotplug = no for it" },
	[FINDING_WATCH_FAILED] = { "watch-failed", SEVERITY_WARNING,
				   "rebuild the image so that it holds the stub driver's module" },
	[FINDING_RELEASED] = { "released", SEVERITY_INFO, NULL },
	[FINDING_NOT_ASSIGNED] = { "not-assigned", SEVERITY_INFO, NULL },
	[FINDING_XEN_DOM0] = { "xen-dom0", SEVERITY_ERROR,
			       "vfio-pci cannot work in a Xen dom0: set driver = auto or xen-pciback" },
	[FINDING_NOT_XEN] = { "not-xen", SEVERITY_ERROR,
			      "xen-pciback works in a Xen dom0 only: set driver = auto, or boot Xen" },
	[FINDING_XEN_PVH] = { "xen-pvh", SEVERITY_WARNING,
			      "Xen passes no PCI devices through from a PVH dom0: remove dom0=pvh from its command line" },
	[FINDING_XEN_IOMMU_OFF] = { "xen-iommu-off", SEVERITY_WARNING,
				    "turn VT-d or AMD-Vi on in the firmware and remove iommu=off from Xen's command line" },
	[FINDING_DRIVER_IN_USE] = { "driver-in-use", SEVERITY_ERROR,
				    "have the agent run before modules are loaded: rebuild the image and reboot" },
	[FINDING_IN_USE] = { "in-use", SEVERITY_ERROR,
			     "stop what uses it first: umount, swapoff, `ip link set NAME down`, or shut the guest down" },
	[FINDING_ALREADY_BOUND] = { "already-bound", SEVERITY_INFO, NULL },
	[FINDING_BOUND_BY_OTHER] = { "bound-by-other", SEVERITY_WARNING,
				     "write a rule for the device, or look for what binds it: hooks and scripts of the image, new_id, driverctl, libvirt" },
	[FINDING_IOMMU_OFF] = { "iommu-off", SEVERITY_ERROR,
				"turn VT-d or AMD-Vi on in the firmware; on Intel add intel_iommu=on to the kernel command line" },
	[FINDING_IOMMU_UNKNOWN] = { "iommu-unknown", SEVERITY_ERROR,
				    "look in the kernel log for why it could not be read; "
				    "in a Xen dom0 see that the module xen-privcmd is in the image; or set iommu = warn" },
	[FINDING_IOMMU_IGNORED] = { "iommu-ignored", SEVERITY_WARNING,
				    "a guest can then reach all of the host's memory: turn the IOMMU on" },
	[FINDING_GROUP_INCOMPLETE] = { "group-incomplete", SEVERITY_WARNING,
				       "list the others too, or set group = whole" },
	[FINDING_GROUP_REFUSED] = { "group-refused", SEVERITY_ERROR,
				    "list the others too, or set group = listed or whole" },
	[FINDING_GROUP_WHOLE] = { "group-whole", SEVERITY_INFO, NULL },
	[FINDING_GROUP_DRIVERS_DIFFER] = { "group-drivers-differ", SEVERITY_WARNING,
					   "give all devices of a group the same driver" },
	[FINDING_GROUP_OF_HOST] = { "group-of-host", SEVERITY_WARNING,
				    "put the device into another slot: this one's group cannot go to a guest" },
	[FINDING_IOMMU_NO_TABLE] = { "iommu-no-table", SEVERITY_WARNING,
				     "look in the firmware setup for VT-d (Intel), AMD-Vi or IOMMU (AMD) or SMMU (Arm) and turn it on" },
	[FINDING_IOMMU_OFF_BY_OPTION] = { "iommu-off-by-option", SEVERITY_WARNING,
					  "remove the option from the kernel command line" },
	[FINDING_IOMMU_NOT_ENABLED] = { "iommu-not-enabled", SEVERITY_WARNING,
					"add intel_iommu=on to the kernel command line" },
	[FINDING_IOMMU_INIT_FAILED] = { "iommu-init-failed", SEVERITY_WARNING,
					"look for DMAR or AMD-Vi in the kernel log; update the firmware" },
	[FINDING_IOMMU_FIRMWARE_BUG] = { "iommu-firmware-bug", SEVERITY_WARNING,
					 "update the firmware" },
	[FINDING_LOG_ENDLESS] = { "log-endless", SEVERITY_WARNING,
				  "look in the kernel log for what writes to it all the time, and stop that" },
	[FINDING_IOMMU_OPTION_INEFFECTIVE] = { "iommu-option-ineffective", SEVERITY_INFO,
					       "remove the option; on Intel it is intel_iommu=on, on AMD none is needed" },
	[FINDING_NO_IOMMU_MODE] = { "iommu-noiommu-mode", SEVERITY_WARNING,
				    "remove enable_unsafe_noiommu_mode" },
	[FINDING_ACS_OVERRIDE] = { "acs-override", SEVERITY_WARNING,
				   "give devices that such groups tear apart to one guest, or remove pcie_acs_override" },
	[FINDING_INTERRUPT_REMAPPING_OFF] = { "interrupt-remapping-off", SEVERITY_WARNING,
					      "turn it on in the firmware (x2APIC, VT-d); or trust guests: vfio_iommu_type1.allow_unsafe_interrupts=1" },
	[FINDING_UNSAFE_INTERRUPTS] = { "unsafe-interrupts", SEVERITY_WARNING,
					"a guest can then send the host any interrupt: give devices to trusted guests only" },
	[FINDING_DENYLISTED] = { "denylisted", SEVERITY_ERROR,
				 "vfio-pci.disable_denylist=1 on the kernel command line, for trusted guests only" },
	[FINDING_DIRECT_REGION] = { "direct-region", SEVERITY_WARNING,
				    "look in the firmware setup for what uses the device, such as USB legacy support or remote management" },
	[FINDING_RESET_MISSING] = { "reset-missing", SEVERITY_WARNING,
				    "it may fail in the second guest that gets it: reboot the host between guests" },
	[FINDING_RESET_WEAK] = { "reset-weak", SEVERITY_WARNING,
				 "it may keep state from one guest to the next" },
	[FINDING_CONVENTIONAL_BRIDGE] = { "conventional-bridge", SEVERITY_INFO, NULL },
	[FINDING_REMOVABLE] = { "removable", SEVERITY_WARNING,
				"give it to a trusted guest only, and expect it to vanish" },
	[FINDING_CLAIM_FAILED] = { "claim-failed", SEVERITY_ERROR,
				   "see whether sysfs is writable here and the device is still present" },
	[FINDING_RELEASE_FAILED] = { "release-failed", SEVERITY_ERROR,
				     "keep the driver off by its own option on the kernel command line" },
	[FINDING_STUB_MISSING] = { "stub-missing", SEVERITY_WARNING,
				   "no other driver can take the device; rebuild the image so that it holds the module" },
	[FINDING_MODULE_FAILED] = { "module-failed", SEVERITY_ERROR,
				    "rebuild the image with the modules of the kernel that boots; see the kernel log" },
	[FINDING_BIND_FAILED] = { "bind-failed", SEVERITY_ERROR,
				  "the kernel log says why the driver refused the device" },
	[FINDING_TAKEN_BACK] = { "taken-back", SEVERITY_WARNING,
				 "remove the device from ids= of the driver, or let a rule take it" },
	[FINDING_UNFINISHED] = { "unfinished", SEVERITY_ERROR,
				 "look in the kernel log for how the agent ended; what assign or release began, run it again" },
	[FINDING_CHANGED] = { "changed", SEVERITY_ERROR,
			      "look in the kernel log for what bound or released it, and in udev rules and scripts" },
	[FINDING_NO_RECORD] = { "no-record", SEVERITY_ERROR,
				"rebuild the image, and see that the agent is in it" },
	[FINDING_PERMISSIVE_FAILED] = { "permissive-failed", SEVERITY_ERROR,
					"set it by hand: echo ADDRESS > /sys/bus/pci/drivers/pciback/permissive" },
	[FINDING_RETURN_FAILED] = { "return-failed", SEVERITY_ERROR,
				    "clear it by hand: echo > /sys/bus/pci/devices/ADDRESS/driver_override" },
	[FINDING_IMAGE_NO_AGENT] = { "image-no-agent", SEVERITY_ERROR,
				     "see that passthru is installed for the maker of the image, then dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_CONFIG] = { "image-config", SEVERITY_ERROR,
				   "rebuild it: dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_MODULE] = { "image-module", SEVERITY_ERROR,
				   "see that the kernel has it, then rebuild the image: dracut -f, update-initramfs -u or mkinitcpio -P" },
	[FINDING_IMAGE_LATE] = { "image-late", SEVERITY_ERROR,
				 "see that passthru is installed for the maker of the image, then dracut -f, update-initramfs -u or mkinitcpio -P" },
};

void findings_add_v(struct findings *findings, enum finding_code code, const char *format,
		    va_list arguments)
{
	_cleanup_free_ char *text = memory_vprintf(format, arguments);

	findings->items = memory_grow(findings->items, findings->count, sizeof(findings->items[0]));
	findings->items[findings->count++] =
		(struct finding){ .code = code, .text = text_escape(text) };
}

void findings_add(struct findings *findings, enum finding_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	findings_add_v(findings, code, format, arguments);
	va_end(arguments);
}

void findings_move(struct findings *findings, struct findings *source)
{
	for (size_t i = 0; i < source->count; i++) {
		findings->items =
			memory_grow(findings->items, findings->count, sizeof(findings->items[0]));
		findings->items[findings->count++] = source->items[i];
	}
	free(source->items);
	*source = (struct findings){ 0 };
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->items[i].text);
	free(findings->items);
	*findings = (struct findings){ 0 };
}

enum severity findings_severity(const struct findings *findings)
{
	enum severity gravest = SEVERITY_INFO;

	for (size_t i = 0; i < findings->count; i++) {
		enum severity severity = finding_severity(findings->items[i].code);

		if (severity > gravest)
			gravest = severity;
	}
	return gravest;
}

const char *finding_word(enum finding_code code)
{
	return types[code].word;
}

enum severity finding_severity(enum finding_code code)
{
	return types[code].severity;
}

const char *finding_remedy(enum finding_code code)
{
	return types[code].remedy;
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = { "info", "warning", "error" };

	return words[severity];
}
