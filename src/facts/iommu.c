/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/iommu.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define REGIONS_SIZE   4097 /* the kernel's own limit is a page */
#define TABLE_SIZE_MAX 1048576

enum {
	DMAR_FLAGS = 37,
	DMAR_INTR_REMAP = 1,
	IORT_COUNT = 36,
	IORT_NODES = 40,
	IORT_SMMU = 3,
	IORT_SMMU_V3 = 4,
};

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

/*
 * Whether one of the nodes of the I/O remapping table TABLE (LENGTH bytes) is an SMMU: Arm hosts
 * have the table without any too (Arm DEN 0049, IO Remapping Table; node types 3 and 4).
 */
bool iommu_iort_has_smmu(const uint8_t *table, size_t length)
{
	uint32_t count, offset;

	if (length < IORT_NODES + sizeof(offset))
		return false;
	memcpy(&count, table + IORT_COUNT, sizeof(count));
	memcpy(&offset, table + IORT_NODES, sizeof(offset));
	while (count-- && length >= 3 && offset <= length - 3) {
		uint16_t size;

		memcpy(&size, table + offset + 1, sizeof(size));
		if (table[offset] == IORT_SMMU || table[offset] == IORT_SMMU_V3)
			return true;
		if (size == 0)
			return false;
		offset += size;
	}
	return false;
}

bool iommu_dmar_can_remap(const uint8_t *table, size_t length)
{
	return length > DMAR_FLAGS && table[DMAR_FLAGS] & DMAR_INTR_REMAP;
}

static bool table_has_smmu(const struct root *root, const char *path)
{
	_cleanup_free_ char *table = NULL;
	size_t size;

	/* Whoever may not read it cannot tell. */
	return root_read_file(root, path, TABLE_SIZE_MAX, &table, &size) == 0 &&
	       iommu_iort_has_smmu((const uint8_t *)table, size);
}

static void look_for_tables(const struct root *root, struct facts *facts)
{
	facts->iommu_state = IOMMU_STATE_ABSENT;
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++) {
		_cleanup_free_ char *path =
			memory_printf("sys/firmware/acpi/tables/%s", architectures[i].table);

		if (root_exists(root, path) == 0 &&
		    (architectures[i].kind != IOMMU_KIND_SMMU || table_has_smmu(root, path))) {
			facts->iommu_kind = architectures[i].kind;
			facts->iommu_state = IOMMU_STATE_OFF;
		}
	}
}

static bool dmar_can_remap(const struct root *root)
{
	_cleanup_free_ char *table = NULL;
	size_t size;

	return root_read_file(root, "sys/firmware/acpi/tables/DMAR", TABLE_SIZE_MAX, &table,
			      &size) == 0 &&
	       iommu_dmar_can_remap((const uint8_t *)table, size);
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
	if (facts->iommu_kind == IOMMU_KIND_INTEL && !facts->interrupt_remapping)
		facts->remapping_is_offered = dmar_can_remap(root);
}

bool iommu_has_direct_region(const char *text)
{
	const char *line = text;

	while (*line) {
		size_t length = strcspn(line, "\n");

		/* "0x00000000fee00000 0x00000000feefffff msi" */
		if (length > strlen(" direct") &&
		    strncmp(line + length - strlen(" direct"), " direct", strlen(" direct")) == 0)
			return true;
		line += length + (line[length] == '\n');
	}
	return false;
}

int iommu_read_group_number(const struct root *device, int *ret)
{
	char name[16];
	uint32_t number;
	int r = root_link_name(device, "iommu_group", name, sizeof(name));

	if (r >= 0)
		r = parse_decimal(name, INT_MAX, &number);
	if (r >= 0)
		*ret = (int)number;
	return r < 0 ? r : 0;
}

void iommu_read_group(const struct root *directory, struct iommu_group *group)
{
	char text[REGIONS_SIZE];

	if (root_read_attribute(directory, "type", group->type, sizeof(group->type)) < 0)
		group->type[0] = '\0';
	group->is_real = root_read_attribute(directory, "name", text, sizeof(text)) < 0 ||
			 strcmp(text, "vfio-noiommu") != 0;
	group->has_direct_region =
		root_read_attribute(directory, "reserved_regions", text, sizeof(text)) >= 0 &&
		iommu_has_direct_region(text);
}

char *iommu_read_unit(const struct root *device)
{
	char name[NAME_MAX + 1];

	if (root_link_name(device, "iommu", name, sizeof(name)) <= 0)
		return NULL;
	return memory_copy(name, strlen(name));
}
