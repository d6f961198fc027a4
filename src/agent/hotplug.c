/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * udev calls `passthru-init --hotplug ADDRESS` for a new device, or one whose driver has just
 * bound. The same want, facts and plan as at boot; of the plan, what concerns this device is
 * carried out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/links.h"
#include "apply/apply.h"
#include "apply/node_rules.h"
#include "apply/settle.h"
#include "apply/sriov.h"
#include "apply/sysfs.h"
#include "plan/hotplug.h"
#include "report/settings.h"
#include "system/clock.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define LOCK_NAME       "hotplug"
#define LOCK_TIMEOUT_MS 30000

struct hotplug {
	struct agent *agent;
	/* The device on record, before this run. */
	bool is_on_record, has_id;
	enum state before;
	uint16_t vendor, device;
	bool is_divided; /* virtual functions of it were made */
};

/* `passthru assign` keeps the record to itself while it works, which may take its time. */
static int lock_record(const struct agent *agent, struct store *store)
{
	int r;

	do {
		r = store_lock(&agent->root, store);
	} while (r == -ETIMEDOUT && clock_ms() < agent->deadline_ms);
	return r;
}

/*
 * What the record says of the device, once the process that is changing it is done. Negative errno
 * when it could not be read: then the device may have been given back.
 */
static int read_state(struct hotplug *hotplug)
{
	const struct agent *agent = hotplug->agent;
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const struct entry *entry;
	int r = lock_record(agent, &store);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	entry = store_find_at(&store, &agent->address);
	hotplug->is_on_record = entry && *entry->state_text;
	if (!entry)
		return 0;
	hotplug->before = entry->state;
	hotplug->has_id = entry->has_id;
	hotplug->vendor = entry->vendor;
	hotplug->device = entry->device;
	return 0;
}

static const struct pci_device *find_device(const struct agent *agent)
{
	const struct facts *facts = &agent->session.facts;
	long index = facts_find(facts, &agent->address);

	return index >= 0 ? &facts->devices[index] : NULL;
}

/* The decision to divide the device, when it can be carried out now. */
static struct decision *find_division(const struct agent *agent)
{
	const struct pci_device *device = find_device(agent);

	for_each_decision(decision, &agent->session.plan) {
		if (decision->device == device && decision->verdict == VERDICT_DIVIDE &&
		    decision->state == STATE_PLANNED)
			return decision;
	}
	return NULL;
}

/* There may be virtual functions then that no driver can have yet. 0, or what agent_renew() says.
 */
static int divide(struct hotplug *hotplug)
{
	struct agent *agent = hotplug->agent;
	struct decision *decision = find_division(agent);
	struct apply apply = agent_apply(agent);

	hotplug->is_divided = decision && sriov_make(&apply, decision) == 0;
	return hotplug->is_divided ? agent_renew(agent) : 0;
}

/* The device, or a virtual function that it has since a moment ago, is there, but not seen. */
static bool has_unread(const struct hotplug *hotplug)
{
	const struct facts *facts = &hotplug->agent->session.facts;

	return facts_has_left_out(facts, &hotplug->agent->address) ||
	       (hotplug->is_divided && facts->left_out_count);
}

/* About the device, or about a virtual function of it. */
static bool concerns_device(const struct decision *decision, const void *context)
{
	const struct agent *agent = context;
	const struct pci_device *device = find_device(agent), *its = decision->device;

	return its && (its == device || facts_physical(&agent->session.facts, its) == device);
}

/* The stub driver has by its list what is not to be taken; not by the hand of somebody else. */
static bool must_return(const struct agent *agent, const struct decision *decision)
{
	return decision_is_to_be_taken(decision) && decision->verdict == VERDICT_REFUSE &&
	       !agent->is_coldplug && decision_is_bound(decision) &&
	       !sysfs_has_override(&agent->root, decision->device);
}

/* The name of the rule on record for a device of the ids of DEVICE, and with its driver; or NULL.
 */
static const char *recorded_rule(const struct store *store, const struct pci_device *device)
{
	for_each_entry(entry, store)
	{
		if (entry_has_id_of(entry, device) && streq(entry->driver, device->driver))
			return entry->rule;
	}
	return NULL;
}

static const struct rule *find_suspect(const struct agent *agent, const struct pci_device *device)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const char *told = NULL;

	if (store_read(&agent->root, &store) == 0)
		told = recorded_rule(&store, device);
	return hotplug_suspect(&agent->session.want, device, told);
}

/* No rule means DEVICE, but one may have made a stub driver take it. */
static void add_id_only_match(struct agent *agent, const struct pci_device *device)
{
	const struct rule *rule = find_suspect(agent, device);
	struct decision *decision;

	if (!rule)
		return;
	decision = plan_add(&agent->session.plan, rule, device);
	plan_refuse(decision, FINDING_NOT_MEANT,
		    "not matched by the rule from %s: same ID, different address", rule->origin);
	decision->verdict = VERDICT_REFUSE; /* whatever on-failure says: it is nobody's */
	if (must_return(agent, decision))
		return;
	plan_drop_last(&agent->session.plan);
}

/* Should this run not come to its end, the record knows what it was about to do. */
static void announce(struct agent *agent)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	bool has_work = false;

	if (lock_record(agent, &store) < 0)
		return;
	for_each_decision(decision, &agent->session.plan) {
		if (!decision_claims(decision))
			continue;
		if (sysfs_has_override(&agent->root, decision->device))
			settings_recall_former(decision,
					       store_find_at(&store, &decision->device->address));
		store_intend(&store, decision, "passthru-init");
		has_work = true;
	}
	if (has_work)
		agent_write_changed(agent, &store);
}

static void carry_out(struct agent *agent)
{
	struct plan *plan = &agent->session.plan;
	struct apply apply = agent_apply(agent);

	announce(agent);
	if (agent_learn_groups(agent))
		plan_keep(plan, concerns_device, agent);
	/* The boot's are for what it bound: this keeps what is set once. */
	node_rules_write(&agent->root, plan);
	apply_plan(&apply, plan);
	for_each_decision(decision, plan) {
		if (must_return(agent, decision))
			settle_return(&apply, decision);
	}
}

/* The report comes first: who waits reads there for which. */
static void request_links(const struct agent *agent, struct record *record)
{
	int r = 0;

	for_each_decision(decision, record->plan) {
		if (links_are_awaited(decision))
			r = links_request(&agent->root);
	}
	if (r < 0)
		findings_add(&record->findings, FINDING_WATCH_FAILED,
			     "could not write /" LINKS_PATH
			     ", so VFs are not tried again when the interface comes up: %s",
			     strerror(-r));
}

static void note(struct agent *agent)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const struct plan *plan = &agent->session.plan;
	struct record record = { .plan = plan };
	int r = lock_record(agent, &store);

	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_TAKE && decision->state != STATE_BOUND)
			node_rules_remove(&agent->root, decision->device);
	}
	for (size_t i = 0; r == 0 && i < plan->count; i++) {
		store_note(&store, &plan->decisions[i]);
		store_settle(&store, &plan->decisions[i].device->address);
	}
	if (r == 0)
		agent_write_changed(agent, &store);
	else
		findings_add(&record.findings, FINDING_NO_RECORD,
			     "could not update /" REPORT_PATH ": %s", store_read_error(r));
	request_links(agent, &record);
	record_each_line(&record, log_line, &agent->log);
	findings_free(&record.findings);
}

/* The process that was to handle the rest may have been stopped at the end of the initramfs. */
static bool has_rest(const struct hotplug *hotplug)
{
	for_each_decision(decision, &hotplug->agent->session.plan) {
		if (decision->state == STATE_READY)
			return hotplug->is_divided || hotplug->before == STATE_WAITING;
	}
	return false;
}

/* A run before this one has seen to the device since it came. */
static bool is_done(const struct hotplug *hotplug)
{
	const struct plan *plan = &hotplug->agent->session.plan;
	const struct decision *decision = plan->decisions;

	return hotplug->before == STATE_BOUND && plan->count == 1 &&
	       decision->verdict == VERDICT_TAKE && decision_is_bound(decision) &&
	       sysfs_has_override(&hotplug->agent->root, decision->device);
}

/* The user who returned it wants it to stay with the host, also when it is found again. */
static bool is_to_stay_returned(const struct hotplug *hotplug)
{
	const struct plan *plan = &hotplug->agent->session.plan;
	const struct pci_device *device = plan->count == 1 ? plan->decisions[0].device : NULL;

	return hotplug->before == STATE_RETURNED && device &&
	       !must_return(hotplug->agent, plan->decisions) && hotplug->has_id &&
	       hotplug->vendor == device->vendor && hotplug->device == device->device;
}

static void leave_rest(struct agent *agent, const struct pci_device *physical)
{
	const struct plan *plan = &agent->session.plan;
	struct decision *decision = plan_find(plan, physical);
	struct apply apply = agent_apply(agent);
	int r = sriov_release_unused(&apply, physical, plan);

	if (r < 0 && decision)
		apply_fail(decision, r, FINDING_SRIOV_FAILED,
			   "could not return the remaining VFs to the host");
}

/* Nothing more can be done for the device, since the host could not be looked at again. */
static int miss_host(struct agent *agent)
{
	agent_log_findings(agent, &agent->session.findings);
	return EXIT_UNKNOWN;
}

static int handle_device(struct hotplug *hotplug)
{
	struct agent *agent = hotplug->agent;
	struct plan *plan = &agent->session.plan;
	const struct pci_device *device;
	bool is_unread;

	if (divide(hotplug) < 0)
		return miss_host(agent);
	device = find_device(agent);
	is_unread = has_unread(hotplug);
	if (is_unread)
		agent_tell_unread(agent);
	if (!device) /* or gone */
		return is_unread ? EXIT_UNKNOWN : EXIT_OK;
	plan_keep(plan, concerns_device, agent);
	if (is_done(hotplug) || is_to_stay_returned(hotplug))
		return EXIT_OK;
	if (!plan->count)
		add_id_only_match(agent, device);
	carry_out(agent);
	if (has_rest(hotplug))
		leave_rest(agent, device);
	if (plan->count)
		note(agent);
	return agent_is_good(agent) && !is_unread ? EXIT_OK : EXIT_NOT_OK;
}

static int follow(struct hotplug *hotplug)
{
	struct agent *agent = hotplug->agent;
	int status;

	/* At coldplug udev calls for every device once more. */
	if (agent->is_coldplug && hotplug->is_on_record && hotplug->before != STATE_WAITING)
		return EXIT_OK;
	if (agent_begin(agent, &status) < 0)
		return status;
	agent_decide(agent);
	return handle_device(hotplug);
}

/* Without what the boot left nobody knows what is to become of the device, so it stays as it is. */
static int miss(struct agent *agent, const char *path, int error)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	findings_add(&findings, FINDING_NO_RECORD, "could not read /%s: %s", path,
		     store_read_error(error));
	agent_log_findings(agent, &findings);
	return EXIT_UNKNOWN;
}

static int run_hotplug(struct agent *agent)
{
	struct hotplug hotplug = { .agent = agent };
	/* Devices come together, and load the same modules: one after the other, if need be. */
	int lock_fd = root_lock(&agent->root, REPORT_DIRECTORY, LOCK_NAME, LOCK_TIMEOUT_MS);
	int r;

	agent->progress->is_recorded = true; /* by the run at boot */
	r = image_copy_open(&agent->root, &agent->image);
	if (r < 0 && r != -ENOENT)
		r = miss(agent, IMAGE_COPY_DIRECTORY, r);
	else if ((r = read_state(&hotplug)) < 0)
		r = miss(agent, REPORT_PATH, r);
	else
		r = follow(&hotplug);
	root_close(&agent->image);
	root_unlock(lock_fd);
	return r;
}

const struct mode hotplug_mode = {
	.option = "--hotplug",
	.run = run_hotplug,
	.limit_ms = 60000, /* VFs take long, and udev waits 180 s */
	.has_device = true,
};
