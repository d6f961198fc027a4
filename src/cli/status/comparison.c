/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/status/comparison.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/iommu.h"
#include "cli/rebuild.h"
#include "report/others.h"
#include "system/kmod.h"
#include "util/memory.h"

static void compare_all(const struct root *root, struct status *status)
{
	status->is_stale = rebuild_is_due(root, &status->store);
	for_each_entry(entry, &status->store)
	{
		status->devices =
			memory_grow(status->devices, status->count, sizeof(status->devices[0]));
		status->devices[status->count] =
			(struct device_status){ entry, entry_compare(root, entry) };
		status->good += status->devices[status->count++].is.is_ok;
	}
}

static void look_at_iommu(const struct root *root, struct status *status)
{
	const struct session_input input = { .root = root, .open_modules = kmod_open };
	int r = session_read_next_boot(&status->host, &input, NULL);

	status->iommu =
		r < 0 ? memory_printf("unknown: could not read /proc/cmdline: %s", strerror(-r))
		      : iommu_look(&status->host);
}

int status_read(const struct root *root, struct status *ret)
{
	int r;

	*ret = (struct status){ 0 };
	r = store_read(root, &ret->store);
	if (r == 0)
		compare_all(root, ret);
	/* A guest's manager binds devices, too, for as long as the guest runs: this is no fault. */
	ret->others_error = held_read(root, &ret->others);
	if (ret->others_error == -ENOENT) /* no PCI bus, no drivers of it */
		ret->others_error = 0;
	others_keep(&ret->others, &ret->store);
	look_at_iommu(root, ret);
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
	for (size_t i = 0; i < status->count; i++)
		comparison_free(&status->devices[i].is);
	free(status->devices);
	held_free(&status->others);
	session_free(&status->host);
	free(status->iommu);
}
