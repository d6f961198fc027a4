/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/iommu.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define UNITS          "sys/class/iommu"
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

struct iommu_survey {
	const struct root *root;
	struct facts *facts;
	int error;
};

/*
 * A unit of virtio-iommu is called as its device (linux/drivers/iommu/virtio-iommu.c,
 * virtio_bus_name()): by a PCI address, or as a platform device.
 */
static bool is_virtio_unit(const char *name)
{
	struct pci_address address;

	return address_parse(name, &address) == 0 || strstr(name, ".virtio_mmio");
}

static int note_unit(const char *name, void *context)
{
	struct facts *facts = context;

	if (is_virtio_unit(name)) {
		facts->iommu_kind = IOMMU_KIND_VIRTIO;
		facts->iommu_state = IOMMU_STATE_ON;
	}
	/* linux/drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c; version 2 is "smmu.ADDRESS" */
	facts->is_smmu_v3 |= strncmp(name, "smmu3.", strlen("smmu3.")) == 0;
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

static void note_unread(struct facts *facts, const char *path, int error)
{
	findings_add(&facts->iommu_findings, FINDING_IOMMU_UNKNOWN, "could not read /%s: %s", path,
		     strerror(-error));
}

static int names_smmu(const struct root *root, const char *path)
{
	_cleanup_free_ char *table = NULL;
	size_t size;
	int r = root_read_file(root, path, TABLE_SIZE_MAX, &table, &size);

	return r < 0 ? r : iommu_iort_has_smmu((const uint8_t *)table, size);
}

/* 1 when the table at PATH is there and, for one that every host has, names an SMMU. */
static int has_table(const struct root *root, const char *path, enum iommu_kind kind)
{
	int r = root_exists(root, path);

	if (r < 0)
		return r;
	return kind == IOMMU_KIND_SMMU ? names_smmu(root, path) : 1;
}

static void look_for_tables(const struct root *root, struct facts *facts)
{
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++) {
		_cleanup_free_ char *path =
			memory_printf("sys/firmware/acpi/tables/%s", architectures[i].table);
		int r = has_table(root, path, architectures[i].kind);

		if (r > 0)
			facts->iommu_kind = architectures[i].kind;
		else if (r < 0 && !is_absent(r))
			note_unread(facts, path, r);
	}
	if (facts->iommu_findings.count)
		facts->iommu_state = IOMMU_STATE_UNKNOWN;
	else
		facts->iommu_state =
			facts->iommu_kind == IOMMU_KIND_NONE ? IOMMU_STATE_ABSENT : IOMMU_STATE_OFF;
}

static void read_remapping_offer(const struct root *root, struct facts *facts)
{
	_cleanup_free_ char *table = NULL;
	size_t size;
	int r = root_read_file(root, "sys/firmware/acpi/tables/DMAR", TABLE_SIZE_MAX, &table,
			       &size);

	facts->remapping_is_offered = r == 0 && iommu_dmar_can_remap((const uint8_t *)table, size);
	facts->remapping_offer_is_unread = r < 0 && !is_absent(r);
}

/* A negative return ends the walk at the first chip that remaps. */
static int note_remapping(const char *name, void *context)
{
	struct iommu_survey *survey = context;
	_cleanup_free_ char *path = memory_printf("sys/kernel/irq/%s/chip_name", name);
	char chip[64];
	int r = root_read_attribute(survey->root, path, chip, sizeof(chip));

	if (r < 0 && !is_absent(r))
		survey->error = r;
	if (r < 0 || strncmp(chip, "IR-", 3) != 0)
		return 0;
	survey->facts->interrupt_remapping = true;
	return -ECANCELED;
}

static void survey_remapping(const struct root *root, struct facts *facts)
{
	struct iommu_survey survey = { root, facts, 0 };
	int r = root_each_entry(root, "sys/kernel/irq", note_remapping, &survey);

	if (r == 0)
		r = survey.error;
	if (facts->interrupt_remapping || r == 0 || is_absent(r))
		return;
	note_unread(facts, "sys/kernel/irq", r);
	facts->remapping_is_unread = true;
}

void iommu_survey(const struct root *root, struct facts *facts)
{
	int r = root_each_entry(root, UNITS, note_unit, facts);

	if (facts->iommu_state == IOMMU_STATE_ON) {
		survey_remapping(root, facts);
	} else {
		if (r < 0 && !is_absent(r))
			note_unread(facts, UNITS, r);
		look_for_tables(root, facts);
	}
	if (facts->iommu_kind == IOMMU_KIND_INTEL && !facts->interrupt_remapping)
		read_remapping_offer(root, facts);
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

/* ATTRIBUTE, "" where it is not there. */
static int read_optional(const struct root *directory, const char *attribute, char *buffer,
			 size_t size, const char **ret_unread)
{
	int r = root_read_attribute(directory, attribute, buffer, size);

	if (r >= 0)
		return 0;
	buffer[0] = '\0';
	if (is_absent(r))
		return 0;
	*ret_unread = attribute;
	return r;
}

/*
 * The kernel's own group has one as soon as a device is in it; that of vfio's no-IOMMU mode never
 * (linux/drivers/iommu/iommu.c iommu_group_show_type).
 */
static bool has_domain(const struct iommu_group *group)
{
	return *group->type && !streq(group->type, "unknown");
}

/*
 * Without a domain and without a name (before vfio's no-IOMMU mode gives it one) the group is the
 * kernel's own, too.
 */
int iommu_read_group(const struct root *directory, struct iommu_group *group,
		     const char **ret_unread)
{
	_uninitialized_ char text[REGIONS_SIZE];
	int r = read_optional(directory, "type", group->type, sizeof(group->type), ret_unread);

	group->is_real = has_domain(group);
	if (r == 0 && !group->is_real) {
		r = read_optional(directory, "name", text, sizeof(text), ret_unread);
		group->is_real = !streq(text, "vfio-noiommu");
	}
	if (r == 0) {
		r = read_optional(directory, "reserved_regions", text, sizeof(text), ret_unread);
		group->has_direct_region = iommu_has_direct_region(text);
	}
	return r;
}

int iommu_read_unit(const struct root *device, char **ret)
{
	char name[NAME_MAX + 1];
	int r = root_link_name(device, "iommu", name, sizeof(name));

	if (r > 0)
		*ret = memory_dup(name);
	return r < 0 && !is_absent(r) ? r : 0;
}
