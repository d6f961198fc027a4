/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/iommu.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

static const struct {
	enum iommu_kind kind;
	const char *unit_prefix; /* below /sys/class/iommu */
	const char *table;       /* below /sys/firmware/acpi/tables */
} architectures[] = {
	{ IOMMU_KIND_INTEL, "dmar", "DMAR" },
	{ IOMMU_KIND_AMD, "ivhd", "IVRS" },
	{ IOMMU_KIND_SMMU, "smmu", "IORT" },
};

struct survey {
	const struct root *root;
	struct facts *facts;
};

static int note_unit(const char *name, void *context)
{
	struct facts *facts = context;

	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++) {
		if (strncmp(name, architectures[i].unit_prefix,
			    strlen(architectures[i].unit_prefix)) == 0) {
			facts->iommu_kind = architectures[i].kind;
			facts->iommu_state = IOMMU_STATE_ON;
		}
	}
	return 0;
}

static void look_for_tables(const struct root *root, struct facts *facts)
{
	facts->iommu_state = IOMMU_STATE_ABSENT;
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++) {
		_cleanup_free_ char *path =
			memory_printf("sys/firmware/acpi/tables/%s", architectures[i].table);

		if (root_exists(root, path) == 0) {
			facts->iommu_kind = architectures[i].kind;
			facts->iommu_state = IOMMU_STATE_OFF;
		}
	}
}

/* A negative return ends the walk at the first chip that remaps. */
static int note_remapping(const char *name, void *context)
{
	const struct survey *survey = context;
	_cleanup_free_ char *path = memory_printf("sys/kernel/irq/%s/chip_name", name);
	char chip[64];

	if (root_read_attribute(survey->root, path, chip, sizeof(chip)) < 0 ||
	    strncmp(chip, "IR-", 3) != 0)
		return 0;
	survey->facts->interrupt_remapping = true;
	return -ECANCELED;
}

void iommu_survey(const struct root *root, struct facts *facts)
{
	struct survey survey = { root, facts };

	root_each_entry(root, "sys/class/iommu", note_unit, facts);
	if (facts->iommu_state == IOMMU_STATE_ON)
		root_each_entry(root, "sys/kernel/irq", note_remapping, &survey);
	else
		look_for_tables(root, facts);
}

bool iommu_translates(const struct root *root, const char *address)
{
	_cleanup_free_ char *name_path =
		memory_printf("sys/bus/pci/devices/%s/iommu_group/name", address);
	_cleanup_free_ char *unit_path = memory_printf("sys/bus/pci/devices/%s/iommu", address);
	char name[64];

	if (root_read_attribute(root, name_path, name, sizeof(name)) > 0 &&
	    strcmp(name, "vfio-noiommu") == 0)
		return false;
	return root_exists(root, unit_path) == 0;
}
