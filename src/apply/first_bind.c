/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/first_bind.h"

#include <errno.h>

#include "apply/sysfs.h"
#include "apply/task.h"
#include "util/cleanup.h"
#include "util/text.h"

#define BIND_TIMEOUT_MS 3000

static bool awaits(const struct decision *decision)
{
	return decision->verdict == VERDICT_TAKE && decision->device->group_awaits_bind;
}

bool first_bind_is_needed(const struct plan *plan)
{
	for_each_decision(decision, plan) {
		if (awaits(decision))
			return true;
	}
	return false;
}

static const char *first_driver(const struct root *root, const struct decision *decision)
{
	const char *harmless = stub_find("pci-stub")->driver;

	return sysfs_driver_exists(root, harmless) ? harmless : decision->driver;
}

/* 0 only when the driver had the device. vfio-pci lets go by itself of one without a group. */
static int bind_and_unbind(const struct root *root, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	const char *driver = first_driver(root, decision);
	int r = sysfs_set_override(root, device, driver, driver), fenced;

	if (r == 0)
		r = sysfs_bind(root, device, driver);
	if (r == 0 && !sysfs_has_driver(root, device, driver))
		r = -ENODEV;
	if (sysfs_has_driver(root, device, driver))
		sysfs_unbind(root, device, driver);
	fenced = sysfs_set_override(root, device, HOLD_OVERRIDE, HOLD_OVERRIDE);
	return r < 0 ? r : fenced;
}

static int load_first_driver(const struct apply *apply, const struct decision *decision)
{
	const struct stub *harmless = stub_find("pci-stub");

	if (sysfs_driver_exists(apply->root, harmless->driver) ||
	    apply_load_empty(apply, harmless) == 0)
		return 0;
	return apply_load_driver(apply, decision);
}

static int bind_first(const struct apply *apply, const struct decision *decision)
{
	char *out = stpcpy(apply->progress->step, "first bind of ");
	int left, r = 0;

	address_format(&decision->device->address, out);
	if (apply_time_left(apply, BIND_TIMEOUT_MS))
		r = load_first_driver(apply, decision);
	if (r < 0)
		return r;
	left = apply_time_left(apply, BIND_TIMEOUT_MS);
	return left ? task_run(apply, decision, bind_and_unbind, left) : -ETIMEDOUT;
}

void first_bind(const struct apply *apply, const struct plan *plan,
		void (*note)(const struct pci_device *device, int error, void *context),
		void *context)
{
	for_each_decision(decision, plan) {
		if (awaits(decision))
			note(decision->device, bind_first(apply, decision), context);
	}
}

/* Where there was no driver to bind first, the device was not even fenced. */
static bool is_fenced_by_us(const struct root *root, const struct decision *decision)
{
	char path[DEVICE_FILE_SIZE], now[DRIVER_NAME_SIZE];
	int r = root_read_attribute(root, device_file(decision->device, "driver_override", path),
				    now, sizeof(now));

	return r < 0 || streq(now, HOLD_OVERRIDE) || streq(now, first_driver(root, decision));
}

static int unfence(const struct root *root, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	const char *driver = first_driver(root, decision);
	int r = 0;

	if (!is_fenced_by_us(root, decision))
		return 0;
	if (sysfs_has_driver(root, device, driver))
		r = sysfs_unbind(root, device, driver);
	if (r == 0)
		r = sysfs_set_override(root, device, OVERRIDE_CLEAR, OVERRIDE_CLEARED);
	return r < 0 ? r : sysfs_probe(root, device);
}

static void undo(const struct apply *apply, struct decision *decision)
{
	int r = task_return(apply, decision, unfence);

	if (r < 0)
		apply_fail(decision, r, FINDING_RETURN_FAILED,
			   "could not return the device to the host");
}

void first_bind_settle(const struct apply *apply, struct plan *plan)
{
	for_each_decision(decision, plan) {
		if (decision->device && decision->device->is_fenced && !decision_claims(decision))
			undo(apply, decision);
	}
}
