/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From command line and kernel log to what explains the state of the IOMMU. */
#include "helpers.h"

#include "facts/evidence.h"

#define OPTION_OFF "iommu-off-by-option: "
#define REMAPPING_OFF                                            \
	"remapping-off-by-option: interrupts are not remapped: " \
	"intremap=off or nointremap on the kernel command line"

static const struct row {
	const char *name;
	enum iommu_kind kind;
	enum iommu_state state;
	bool remapping;
	const char *cmdline;
	const char *log; /* one line of the kernel's, or NULL */
	const char *findings;
} rows[] = {
	{ "all is on", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "intel_iommu=on", NULL, NULL },
	{ "on by default", IOMMU_KIND_AMD, IOMMU_STATE_ON, true, "quiet", NULL, NULL },
	{ "no table", IOMMU_KIND_NONE, IOMMU_STATE_ABSENT, false, "intel_iommu=on", NULL,
	  "iommu-no-table: " },
	{ "the folklore line proves nothing", IOMMU_KIND_NONE, IOMMU_STATE_ABSENT, false, "",
	  "DMAR: IOMMU enabled", "iommu-no-table: " },
	{ "VT-d is not asked for", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "quiet", NULL,
	  "iommu-not-enabled: " },
	{ "intel_iommu=off", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "intel_iommu=off", NULL,
	  OPTION_OFF "intel_iommu=off" },
	{ "off in a list", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "intel_iommu=igfx_off,off",
	  NULL, OPTION_OFF "intel_iommu=off" },
	{ "igfx_off is not off", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "intel_iommu=on,igfx_off",
	  NULL, NULL },
	{ "amd_iommu=off", IOMMU_KIND_AMD, IOMMU_STATE_OFF, false, "amd_iommu=off", NULL,
	  OPTION_OFF "amd_iommu=off" },
	{ "iommu=off", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "iommu=off intel_iommu=on", NULL,
	  OPTION_OFF "iommu=off" },
	{ "initialisation failed", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "intel_iommu=on",
	  "DMAR: Initialization failed", "iommu-init-failed: the kernel could not initialize" },
	{ "nobody says why", IOMMU_KIND_AMD, IOMMU_STATE_OFF, false, "", NULL,
	  "iommu-init-failed: the firmware offers" },
	{ "a firmware bug", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "",
	  "DMAR: [Firmware Bug]: RMRR entry for device 03:00.0 is broken",
	  "iommu-firmware-bug: DMAR: [Firmware Bug]: RMRR entry" },
	{ "what a USB device calls itself", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "",
	  "usb 1-1: Product: DMAR: [Firmware Bug]: RMRR entry", NULL },
	{ "a firmware bug of somebody else's", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "",
	  "ACPI: DMAR: [Firmware Bug]: x", NULL },
	{ "what a disk calls itself", IOMMU_KIND_AMD, IOMMU_STATE_OFF, false, "",
	  "scsi 0:0:0:0: Direct-Access AMD-Vi: Failed to initialize",
	  "iommu-init-failed: the firmware offers" },
	{ "remapping, what a USB device calls itself", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false, "",
	  "usb 1-1: Manufacturer: DMAR-IR: Failed to enable irq remapping",
	  "interrupt-remapping-off: interrupts are not remapped: the hardware" },
	{ "another firmware bug", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "",
	  "x86/cpu: [Firmware Bug]: the BIOS", NULL },
	{ "amd_iommu=on", IOMMU_KIND_AMD, IOMMU_STATE_ON, true, "amd_iommu=on", NULL,
	  "iommu-option-ineffective: amd_iommu=on" },
	{ "iommu=on", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "iommu=on", NULL,
	  "iommu-not-enabled: \niommu-option-ineffective: iommu=on" },
	{ "iommu=pt is one", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true, "iommu=pt", NULL, NULL },
	{ "no remapping", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false, "", NULL,
	  "interrupt-remapping-off: interrupts are not remapped: the hardware" },
	{ "no remapping, by option", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false, "intremap=off", NULL,
	  REMAPPING_OFF },
	{ "no remapping, by the other option", IOMMU_KIND_AMD, IOMMU_STATE_ON, false, "nointremap",
	  NULL, REMAPPING_OFF },
	{ "noirqremap is folklore", IOMMU_KIND_AMD, IOMMU_STATE_ON, false, "noirqremap", NULL,
	  "interrupt-remapping-off: interrupts are not remapped: the hardware" },
	{ "no remapping, failed", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false, "",
	  "DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection attacks.",
	  "interrupt-remapping-off: interrupts are not remapped: the kernel's log" },
	{ "no remapping, allowed", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false,
	  "vfio_iommu_type1.allow_unsafe_interrupts=1", NULL, "unsafe-interrupts: " },
	{ "no remapping, not allowed", IOMMU_KIND_INTEL, IOMMU_STATE_ON, false,
	  "vfio_iommu_type1.allow_unsafe_interrupts=0", NULL, "interrupt-remapping-off: " },
	{ "Arm", IOMMU_KIND_SMMU, IOMMU_STATE_ON, false, "", NULL, NULL },
	{ "the ACS patch", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true,
	  "pcie_acs_override=downstream,multifunction", NULL, "acs-override: " },
	{ "no-IOMMU mode", IOMMU_KIND_INTEL, IOMMU_STATE_ON, true,
	  "vfio.enable_unsafe_noiommu_mode=1", NULL, "iommu-noiommu-mode: " },
	{ "behind -- it is init's", IOMMU_KIND_INTEL, IOMMU_STATE_OFF, false, "-- intel_iommu=off",
	  NULL, "iommu-not-enabled: " },
};

static void test_explain(void **state)
{
	const struct row *row = *state;
	_cleanup_(evidence_free) struct evidence evidence = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	const struct facts facts = {
		.iommu_kind = row->kind,
		.iommu_state = row->state,
		.interrupt_remapping = row->remapping,
	};

	evidence_read_cmdline(&evidence, row->cmdline);
	if (row->log)
		evidence_read_log_line(row->log, &evidence);
	evidence_explain(&evidence, &facts, &findings);
	assert_findings(&findings, row->findings);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "explain", test_explain, rows);
	return suite_run(&suite, "evidence");
}
