/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/sriov.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/sysfs.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define PROBE_TIMEOUT_MS 3000

struct attribute {
	const struct root *root;
	const struct pci_device *device;
	const char *name;
	uint32_t value;
};

/* Write the number and read it back. */
static int set_attribute(void *context)
{
	const struct attribute *attribute = context;
	char path[DEVICE_FILE_SIZE], wanted[16], now[16];
	int r;

	device_file(attribute->device, attribute->name, path);
	snprintf(wanted, sizeof(wanted), "%u", attribute->value);
	r = root_write(attribute->root, path, wanted);
	if (r == 0)
		r = root_read_attribute(attribute->root, path, now, sizeof(now));
	if (r < 0)
		return r;
	return strcmp(now, wanted) == 0 ? 0 : -EIO;
}

/* Drivers can take seconds for this, and hang. */
static int set_in_child(const struct apply *apply, const struct pci_device *device,
			const char *name, uint32_t value)
{
	struct attribute attribute = { apply->root, device, name, value };
	int64_t left = apply->deadline_ms - clock_ms();

	return left > 0 ? child_run(set_attribute, &attribute, (int)left, NULL) : -ETIMEDOUT;
}

static int set_count(const struct apply *apply, const struct pci_device *device, uint32_t count)
{
	return set_in_child(apply, device, "sriov_numvfs", count);
}

static int set_autoprobe(const struct apply *apply, const struct pci_device *device, bool on)
{
	return set_in_child(apply, device, "sriov_drivers_autoprobe", on);
}

int sriov_make(const struct apply *apply, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	int r = set_autoprobe(apply, device, false);

	if (r < 0)
		return r;
	if (device->vf_count)
		r = set_count(apply, device, 0);
	if (r == 0)
		r = set_count(apply, device, decision->rule->vfs);
	if (r < 0)
		set_autoprobe(apply, device, true);
	return r;
}

struct probing {
	const struct root *root;
	const struct pci_device *device;
};

static int probe(void *context)
{
	const struct probing *probing = context;

	return sysfs_probe(probing->root, probing->device);
}

static bool is_kept(const struct plan *plan, const struct pci_device *device)
{
	const struct decision *decision = plan_find(plan, device);

	return decision && (decision->verdict == VERDICT_TAKE || decision->verdict == VERDICT_HOLD);
}

void sriov_leave_rest(const struct apply *apply, const struct pci_device *physical,
		      const struct plan *plan, const struct facts *facts)
{
	set_autoprobe(apply, physical, true);
	for (size_t d = 0; d < facts->device_count; d++) {
		const struct pci_device *device = &facts->devices[d];
		struct probing probing = { apply->root, device };

		if (facts_physical(facts, device) == physical && !is_kept(plan, device))
			child_run(probe, &probing, PROBE_TIMEOUT_MS, NULL);
	}
}
