/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/status/comparison.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/vf_settings.h"
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

/* Of a bound VF, and only here: the unit of passthru-verify has no rtnetlink. */
static void compare_vf(struct status *status, struct device_status *device, const struct root *root)
{
	const struct entry *entry = device->entry;
	const struct facts *facts = &status->host.facts;
	long index = entry->has_address ? facts_find(facts, &entry->address) : -1;

	if (index < 0 || !device->is.is_ok || entry->state != STATE_BOUND || !entry->vf_wanted.has)
		return;
	device->is.settings =
		vf_settings_difference(root, facts, &facts->devices[index], &entry->vf_wanted);
	if (!device->is.settings)
		return;
	device->is.is_ok = false;
	status->good--;
}

static bool has_vf_settings(const struct status *status)
{
	for (size_t i = 0; i < status->count; i++) {
		if (status->devices[i].entry->vf_wanted.has)
			return true;
	}
	return false;
}

static void compare_vfs(const struct root *root, struct status *status)
{
	if (!status->host.is_scanned || !has_vf_settings(status))
		return;
	session_scan_functions(&status->host);
	for (size_t i = 0; i < status->count; i++)
		compare_vf(status, &status->devices[i], root);
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
	compare_vfs(root, ret);
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
