/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

/* VALUE NULL: any value but a false one. Values are lists (linux/drivers/iommu/intel/iommu.c). */
static const struct {
	const char *name, *value;
	enum sign sign;
} options[] = {
	{ "intel_iommu", "off", SIGN_INTEL_OFF },
	{ "intel_iommu", "on", SIGN_INTEL_ON },
	{ "amd_iommu", "off", SIGN_AMD_OFF },
	{ "amd_iommu", "on", SIGN_AMD_ON },
	{ "iommu", "off", SIGN_IOMMU_OFF },
	{ "iommu", "on", SIGN_IOMMU_ON },
	{ "intremap", "off", SIGN_REMAPPING_OFF },
	{ "nointremap", NULL, SIGN_REMAPPING_OFF },
	{ "pcie_acs_override", NULL, SIGN_ACS_OVERRIDE },
	{ "vfio.enable_unsafe_noiommu_mode", NULL, SIGN_NO_IOMMU_MODE },
	{ "vfio_iommu_type1.allow_unsafe_interrupts", NULL, SIGN_UNSAFE_INTERRUPTS },
	{ "vfio-pci.disable_denylist", NULL, SIGN_DENYLIST_OFF },
};

/*
 * A line begins with the first mark, which is what the subsystem puts before all it prints
 * (pr_fmt), and has the other one in it. Anywhere else it may be a name that a device gives itself.
 */
static const struct {
	const char *prefix, *mark;
	enum sign sign;
} lines[] = {
	{ "DMAR: Initialization failed", "", SIGN_INITIALISATION_FAILED },
	{ "AMD-Vi: ", "ailed to initialize", SIGN_INITIALISATION_FAILED },
	{ "DMAR: [Firmware Bug]", "", SIGN_FIRMWARE_BUG },
	{ "AMD-Vi: [Firmware Bug]", "", SIGN_FIRMWARE_BUG },
	{ "DMAR-IR: [Firmware Bug]", "", SIGN_FIRMWARE_BUG },
	{ "DMAR-IR: ", "ailed to enable irq remapping", SIGN_REMAPPING_FAILED },
	{ "DMAR-IR: ", "Disable Interrupt-Remapping", SIGN_REMAPPING_FAILED },
};

struct value_search {
	const char *wanted;
	bool found;
};

static void compare_item(char *item, void *context)
{
	struct value_search *search = context;

	search->found |= streq(item, search->wanted);
}

static bool has_value(const char *value, const char *wanted)
{
	struct value_search search = { .wanted = wanted };

	if (wanted) {
		text_each_item(value ? value : "", compare_item, &search);
		return search.found;
	}
	return !value || !strchr("0nN", *value);
}

/* Of on and off the last one counts. */
static void set_sign(struct evidence *evidence, enum sign sign)
{
	evidence->signs[sign] = true;
	if (sign == SIGN_INTEL_ON || sign == SIGN_INTEL_OFF)
		evidence->signs[sign == SIGN_INTEL_ON ? SIGN_INTEL_OFF : SIGN_INTEL_ON] = false;
}

void evidence_read_cmdline(struct evidence *evidence, const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct parameter parameter;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter))) {
		for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
			if (text_parameter_equal(parameter.name, options[i].name) &&
			    has_value(parameter.value, options[i].value))
				set_sign(evidence, options[i].sign);
		}
	}
}

void evidence_read_log_line(const char *text, void *context)
{
	struct evidence *evidence = context;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (strncmp(text, lines[i].prefix, strlen(lines[i].prefix)) != 0 ||
		    !strstr(text, lines[i].mark))
			continue;
		evidence->signs[lines[i].sign] = true;
		if (lines[i].sign == SIGN_FIRMWARE_BUG && !evidence->firmware_bug)
			evidence->firmware_bug = text_unescape(text); /* the kernel escapes so */
	}
}

/* Only the options for this kind of IOMMU count. */
static const char *option_that_is_off(const bool *signs, enum iommu_kind kind)
{
	if (kind == IOMMU_KIND_INTEL && signs[SIGN_INTEL_OFF])
		return "intel_iommu=off";
	if (kind == IOMMU_KIND_AMD && signs[SIGN_AMD_OFF])
		return "amd_iommu=off";
	return kind != IOMMU_KIND_SMMU && signs[SIGN_IOMMU_OFF] ? "iommu=off" : NULL;
}

static void explain_off(const struct evidence *evidence, const struct facts *facts,
			struct findings *findings)
{
	const bool *signs = evidence->signs;
	const char *option = option_that_is_off(signs, facts->iommu_kind);

	if (facts->iommu_state == IOMMU_STATE_ABSENT)
		findings_add(findings, FINDING_IOMMU_NO_TABLE,
			     "the firmware has no DMAR, IVRS or IORT table");
	else if (option)
		findings_add(findings, FINDING_IOMMU_OFF_BY_OPTION, "%s on the kernel command line",
			     option);
	else if (signs[SIGN_INITIALISATION_FAILED])
		findings_add(findings, FINDING_IOMMU_INIT_FAILED,
			     "the kernel could not initialize the IOMMU, says its log");
	else if (facts->iommu_kind == IOMMU_KIND_INTEL && !signs[SIGN_INTEL_ON])
		findings_add(findings, FINDING_IOMMU_NOT_ENABLED,
			     "this kernel does not enable VT-d by default");
	else
		findings_add(findings, FINDING_IOMMU_INIT_FAILED,
			     "the firmware offers an IOMMU, but the kernel has none; its log %s",
			     evidence->log_error < 0 ? "could not be read here" : "may say why");
}

#define REMAPPING_OPTIONS "intremap=off or nointremap on the kernel command line"

static void explain_remapping(const struct evidence *evidence, const struct facts *facts,
			      struct findings *findings)
{
	const char *reason = "the hardware or firmware does not offer it";

	if (evidence->signs[SIGN_REMAPPING_OFF])
		reason = REMAPPING_OPTIONS;
	else if (evidence->signs[SIGN_REMAPPING_FAILED])
		reason = "the kernel's log says that it could not be enabled";
	else if (facts->remapping_is_offered)
		reason = "the firmware offers it, but the kernel has not enabled it";
	else if (facts->remapping_offer_is_unread || evidence->log_error < 0)
		reason = "why is not known: the kernel's log or the DMAR table could not be read";
	if (evidence->signs[SIGN_UNSAFE_INTERRUPTS])
		findings_add(
			findings, FINDING_UNSAFE_INTERRUPTS,
			"interrupts are not remapped: %s; allow_unsafe_interrupts lets guests start nevertheless",
			reason);
	else
		findings_add(findings,
			     evidence->signs[SIGN_REMAPPING_OFF] ? FINDING_REMAPPING_OPTION
								 : FINDING_INTERRUPT_REMAPPING_OFF,
			     "interrupts are not remapped: %s", reason);
}

/* On Arm the interrupt controller does it, whatever the IOMMU. */
static bool needs_remapping(const struct facts *facts)
{
	return facts->iommu_state == IOMMU_STATE_ON && facts->iommu_kind != IOMMU_KIND_SMMU &&
	       !facts->remapping_is_unread;
}

void evidence_explain(const struct evidence *evidence, const struct facts *facts,
		      struct findings *findings)
{
	const bool *signs = evidence->signs;

	if (facts->iommu_state == IOMMU_STATE_OFF || facts->iommu_state == IOMMU_STATE_ABSENT)
		explain_off(evidence, facts, findings);
	else if (needs_remapping(facts) && !facts->interrupt_remapping)
		explain_remapping(evidence, facts, findings);
	if (signs[SIGN_FIRMWARE_BUG])
		findings_add(findings, FINDING_IOMMU_FIRMWARE_BUG, "%s", evidence->firmware_bug);
	if (signs[SIGN_AMD_ON] || signs[SIGN_IOMMU_ON])
		findings_add(findings, FINDING_IOMMU_OPTION_INEFFECTIVE,
			     "%s is not a kernel option and has no effect",
			     signs[SIGN_AMD_ON] ? "amd_iommu=on" : "iommu=on");
	if (signs[SIGN_ACS_OVERRIDE])
		findings_add(
			findings, FINDING_ACS_OVERRIDE,
			"pcie_acs_override splits IOMMU groups that the hardware does not isolate");
	if (signs[SIGN_NO_IOMMU_MODE])
		findings_add(
			findings, FINDING_NO_IOMMU_MODE,
			"vfio.enable_unsafe_noiommu_mode creates groups without DMA translation");
}

void evidence_free(struct evidence *evidence)
{
	free(evidence->firmware_bug);
	*evidence = (struct evidence){ 0 };
}
