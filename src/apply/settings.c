/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "apply/node.h"
#include "apply/reason.h"
#include "apply/sysfs.h"
#include "plan/settings.h"
#include "probe/settings.h"
#include "system/child.h"
#include "system/clock.h"
#include "util/cleanup.h"
#include "util/text.h"

/* What a child does, in memory that it shares. */
struct job {
	const struct root *root;
	const struct decision *decision;
	enum setting_time time;
	bool leaves_nodes;
	int results[SETTING_COUNT];
};

static bool has_value(const struct root *root, const struct pci_device *device,
		      enum setting setting, const char *value)
{
	_cleanup_free_ char *now = NULL;

	return setting_read(root, device, setting, value, &now) == 0 && streq(now, value);
}

/* Success does not say that the kernel has set it. */
static int set(const struct root *root, const struct pci_device *device, enum setting setting,
	       const char *value)
{
	char path[DEVICE_FILE_SIZE], number[16];

	if (setting_is_of_node(setting))
		return node_set_owner(root, device, setting, value);
	if (has_value(root, device, setting, value))
		return 0;
	setting_file(device, setting, value, path);
	text_put_number(number, setting == SETTING_REBAR ? rebar_size(value) : *value == 'y');
	return root_write(root, path,
			  setting == SETTING_REBAR || setting_kind(setting)->is_switch ? number
										       : value);
}

static bool is_of(const struct job *job, enum setting setting)
{
	if (job->leaves_nodes && setting_is_of_node(setting))
		return false;
	return settings_value(job->decision, setting) && setting_kind(setting)->time == job->time;
}

/* The stub driver has a device of which a BAR is to be resized: that takes one without a driver. */
static bool must_unbind(const struct job *job)
{
	const struct pci_device *device = job->decision->device;

	return is_of(job, SETTING_REBAR) && device->usage != USAGE_GUEST &&
	       sysfs_has_driver(job->root, device, job->decision->driver) &&
	       !has_value(job->root, device, SETTING_REBAR,
			  settings_value(job->decision, SETTING_REBAR));
}

static int set_all(void *context)
{
	struct job *job = context;
	const struct pci_device *device = job->decision->device;
	const char *driver = job->decision->driver;
	bool is_unbound = must_unbind(job);

	if (is_unbound)
		sysfs_unbind(job->root, device, driver);
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (is_of(job, i))
			job->results[i] =
				set(job->root, device, i, settings_value(job->decision, i));
	}
	return is_unbound ? sysfs_bind(job->root, device, driver) : 0;
}

/* The record has what was set, so the value is forgotten that was not. */
static void verify(const struct job *job, struct decision *decision, enum setting setting)
{
	const char *value = settings_value(decision, setting);
	_cleanup_free_ char *now = NULL;
	int error = job->results[setting];

	if (!setting_is_of_node(setting) && error != -ETIMEDOUT) {
		setting_read(job->root, decision->device, setting, value, &now);
		if (now && streq(now, value))
			return;
		error = error ? error : -EIO;
	}
	if (!error)
		return;
	findings_add(&decision->findings, FINDING_SETTING_FAILED, "could not set %s = %s: %s%s%s",
		     setting_kind(setting)->key, value, reason_text(FINDING_SETTING_FAILED, error),
		     now ? "; it stays " : "", now ? now : "");
	free(decision->settings[setting].value);
	decision->settings[setting].value = NULL;
}

void settings_apply(const struct apply *apply, struct decision *decision, enum setting_time time)
{
	int half_ms = (int)((apply->deadline_ms - clock_ms()) / 2);
	struct job *job = child_share(sizeof(*job));
	int error = half_ms > 0 ? -ETIMEDOUT : -ETIME;

	if (!job) {
		findings_add(&decision->findings, FINDING_SETTING_FAILED, "out of memory");
		return;
	}
	*job = (struct job){ .root = apply->root,
			     .decision = decision,
			     .time = time,
			     .leaves_nodes = apply->leaves_nodes };
	for (enum setting i = 0; i < SETTING_COUNT; i++)
		job->results[i] = error;
	if (half_ms > 0)
		child_run(set_all, job, half_ms, NULL);
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (is_of(job, i))
			verify(job, decision, i);
	}
	child_unshare(job, sizeof(*job));
}

void settings_restore(const struct root *root, const struct decision *decision)
{
	for (enum setting i = 0; decision->settings && i < SETTING_COUNT; i++) {
		if (decision->settings[i].former)
			set(root, decision->device, i, decision->settings[i].former);
	}
}

void settings_check_restored(const struct root *root, struct decision *decision)
{
	for (enum setting i = 0; decision->settings && i < SETTING_COUNT; i++) {
		const char *former = decision->settings[i].former;

		if (former && !setting_kind(i)->is_drivers &&
		    !has_value(root, decision->device, i, former))
			findings_add(&decision->findings, FINDING_SETTING_FAILED,
				     "could not set %s back to %s", setting_kind(i)->key, former);
	}
}
