/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/status/comparison.h"

#include <stdlib.h>

#include "cli/rebuild.h"
#include "report/others.h"
#include "util/memory.h"

static struct device_status compare(const struct root *root, struct entry *entry)
{
	struct device_status device = { .entry = entry };
	const struct recorded recorded = entry_recorded(entry);

	if (entry->has_address)
		observed_read(root, &entry->address, &device.now);
	device.holds = observed_fits(&device.now, &recorded);
	/* A claim that was completed since is as good as a bind. */
	device.is_ok = device.holds && observed_is_configured(&device.now, &recorded) &&
		       !entry->is_unfinished;
	return device;
}

static void compare_all(const struct root *root, struct status *status)
{
	status->is_stale = rebuild_is_due(root, &status->store);
	for_each_entry(entry, &status->store)
	{
		status->devices =
			memory_grow(status->devices, status->count, sizeof(status->devices[0]));
		status->devices[status->count] = compare(root, entry);
		status->good += status->devices[status->count++].is_ok;
	}
}

int status_read(const struct root *root, struct status *ret)
{
	int r;

	*ret = (struct status){ 0 };
	r = store_read(root, &ret->store);
	if (r == 0)
		compare_all(root, ret);
	/* A guest's manager binds devices, too, for as long as the guest runs: this is no fault. */
	held_read(root, &ret->others);
	others_keep(&ret->others, &ret->store);
	return r;
}

bool status_is_good(const struct status *status)
{
	return status->store.report && status->good == status->count &&
	       !store_has_error(&status->store);
}

void status_free(struct status *status)
{
	store_close(&status->store);
	free(status->devices);
	held_free(&status->others);
}
