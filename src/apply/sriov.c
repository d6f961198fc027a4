/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/sriov.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "apply/interface.h"
#include "apply/sysfs.h"
#include "system/child.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define PROBE_TIMEOUT_MS 3000

static int write_number(const struct root *root, const struct pci_device *device, const char *name,
			uint32_t value)
{
	char path[DEVICE_FILE_SIZE], text[16];

	snprintf(text, sizeof(text), "%u", value);
	return root_write(root, device_file(device, name, path), text);
}

/* It is but a flag of the kernel's: no driver is asked, and nothing hangs. */
static int set_autoprobe(const struct apply *apply, const struct pci_device *device, bool on)
{
	const char *wanted = on ? "1" : "0";
	char path[DEVICE_FILE_SIZE], now[16];
	int written;
	int r = root_write_and_read(apply->root,
				    device_file(device, "sriov_drivers_autoprobe", path), wanted,
				    now, sizeof(now), &written);

	if (r < 0)
		return r;
	if (streq(now, wanted))
		return 0;
	return written < 0 ? written : -EIO;
}

struct count {
	const struct root *root;
	const struct pci_device *device;
	uint32_t wanted;
};

/* Returns how many there are then: a driver may make fewer, and the write succeeds all the same. */
static int write_count(void *context)
{
	const struct count *count = context;
	char path[DEVICE_FILE_SIZE], text[16];
	uint32_t now;
	int r = write_number(count->root, count->device, "sriov_numvfs", count->wanted);

	if (r == 0)
		r = root_read_attribute(count->root,
					device_file(count->device, "sriov_numvfs", path), text,
					sizeof(text));
	if (r < 0)
		return r;
	return parse_decimal(text, VF_COUNT_MAX, &now) < 0 ? -EIO : (int)now;
}

/* Drivers can take seconds for this, and hang. */
static int set_count(const struct apply *apply, const struct pci_device *device, uint32_t wanted)
{
	struct count count = { apply->root, device, wanted };
	int left = apply_time_left(apply, INT_MAX);

	return left ? child_run(write_count, &count, left, NULL) : -ETIME;
}

static int make(const struct apply *apply, struct decision *decision)
{
	const struct pci_device *device = decision->device;
	_cleanup_free_ char *what = NULL, *reason = NULL;
	uint32_t wanted = decision->rule->vfs;
	int made = device->vf_count ? set_count(apply, device, 0) : 0;

	if (made == 0)
		made = set_count(apply, device, wanted);
	what = memory_printf("could not enable %u VFs", wanted);
	if (made < 0)
		apply_fail(decision, made, FINDING_SRIOV_FAILED, "%s", what);
	if (made < 0 || (uint32_t)made == wanted)
		return made < 0 ? made : 0;
	reason = memory_printf("the driver enabled %d, which were disabled again", made);
	apply_fail_because(decision, -ENOSPC, FINDING_SRIOV_FAILED, what, reason);
	set_count(apply, device, 0);
	return -ENOSPC;
}

/* What the rule needs the PF's interface for. A PF without one waits for it. */
static int prepare_interface(const struct apply *apply, struct decision *decision)
{
	const struct rule *rule = decision->rule;
	struct interface interface;
	int r;

	if (rule->pf_up != CHOICE_YES && !vf_lists_are_given(&rule->lists))
		return 0;
	r = interface_find(apply->root, decision->device, &interface);
	if (r < 0) {
		decision->state = r == -ENOENT ? STATE_WAITING : STATE_FAILED;
		apply_fail(decision, r, FINDING_PF_INTERFACE,
			   "could not find the interface that mac, vlan, pf-up and the like need");
		return r;
	}
	if (rule->pf_up != CHOICE_YES || interface.is_up)
		return 0;
	r = interface_bring_up(apply, decision->device, &interface);
	if (r < 0)
		apply_fail(decision, r, FINDING_PF_DOWN, "could not bring up interface %s",
			   interface.name);
	return r;
}

/* Some drivers make none then: it waits for a next try. */
static void explain(const struct apply *apply, struct decision *decision)
{
	struct interface interface;

	if (interface_find(apply->root, decision->device, &interface) < 0 || interface.is_up)
		return;
	decision->state = STATE_WAITING;
	findings_add(&decision->findings, FINDING_PF_DOWN,
		     "interface %s of the PF is down, and its driver may need it up",
		     interface.name);
}

static int make_quietly(const struct apply *apply, struct decision *decision)
{
	int r = set_autoprobe(apply, decision->device, false);

	if (r < 0)
		apply_fail(decision, r, FINDING_SRIOV_FAILED,
			   "could not disable sriov_drivers_autoprobe");
	else
		r = make(apply, decision);
	if (r == 0)
		return 0;
	set_autoprobe(apply, decision->device, true);
	explain(apply, decision);
	return r;
}

int sriov_make(const struct apply *apply, struct decision *decision)
{
	int r = prepare_interface(apply, decision);

	if (r == 0)
		r = make_quietly(apply, decision);
	/* A driver may reset its card for VFs (igb), and takes a rate only while there is a link.
	 */
	if (r == 0 && decision->rule->pf_up == CHOICE_YES &&
	    decision->rule->lists.of[VF_MAX_TX_RATE].count)
		interface_await_link(apply, decision->device);
	if (r < 0 && decision->state != STATE_WAITING)
		decision->state = STATE_FAILED;
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

	return decision && decision_claims(decision);
}

int sriov_release_unused(const struct apply *apply, const struct pci_device *physical,
			 const struct plan *plan)
{
	int r = set_autoprobe(apply, physical, true);

	for_each_device(device, plan->facts) {
		struct probing probing = { apply->root, device };
		int left = apply_time_left(apply, PROBE_TIMEOUT_MS);

		if (facts_physical(plan->facts, device) != physical || is_kept(plan, device))
			continue;
		if (left)
			child_run(probe, &probing, left, NULL);
		else if (r == 0)
			r = -ETIME;
	}
	return r;
}
