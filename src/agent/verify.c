/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work in the running system, before anything starts guests. What was claimed in the initramfs
 * without its driver gets it now; the rest is looked at, never changed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/agent.h"
#include "agent/announce.h"
#include "agent/arm.h"
#include "apply/apply.h"
#include "report/compare.h"
#include "report/others.h"
#include "report/settings.h"
#include "report/trial.h"
#include "system/clock.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define SETTINGS_WAIT_MS  2000
#define SETTINGS_PAUSE_MS 50

/* A stub of systemd ignores without a word what Secure Boot does not let it load. */
#define NOT_RUN                                                                                    \
	"; there are rules, but the agent did not run in this boot: the boot loader did not load " \
	"what has it, or Secure Boot refused it (an addon that is not signed)"

static bool is_claimed(const struct decision *decision, const void *context)
{
	struct store *const *store = context;
	const struct entry *entry = store_find(*store, decision);

	return decision->verdict == VERDICT_TAKE && entry && entry->state == STATE_CLAIMED;
}

static bool has_claims(const struct store *store)
{
	for_each_entry(entry, store)
	{
		if (entry->state == STATE_CLAIMED)
			return true;
	}
	return false;
}

/* The same steps as in the initramfs, for what is still configured. */
static void complete_claims(struct agent *agent, struct store *store)
{
	struct session *session = &agent->session;
	const struct record record = { .plan = &session->plan };
	struct apply apply;

	if (!session->cmdline || !has_claims(store) || session->want.has_errors)
		return;
	if (agent_scan(agent) < 0) {
		agent_log_findings(agent, &session->findings);
		return;
	}
	agent_decide(agent);
	session_keep(session, is_claimed, &store);
	/* VFs were set before the claim was recorded, and the unit's sandbox has no rtnetlink. */
	for_each_decision(decision, &session->plan) {
		settings_recall_former(decision, store_find(store, decision));
		decision->vf_wanted.has = 0;
	}
	apply = agent_apply(agent);
	apply.leaves_nodes = true;
	apply_plan(&apply, &session->plan);
	for_each_decision(decision, &session->plan)
		store_note(store, decision);
	record_each_line(&record, log_line, &agent->log);
}

/* The record is of texts that are escaped. */
static void tell_difference(struct findings *findings, const struct entry *entry,
			    const struct observed *observed)
{
	const struct recorded recorded = entry_recorded(entry);
	_cleanup_free_ char *error = observed_error(observed);
	_cleanup_free_ char *now = observed_text(observed, &recorded);
	_cleanup_free_ char *state = text_unescape(entry->state_text);
	_cleanup_free_ char *driver = text_unescape(entry->driver);

	if (error)
		findings_add(findings, FINDING_UNREADABLE,
			     "%s is recorded as %s for %s, now unknown: %s", entry->address_text,
			     state, driver, error);
	else
		findings_add(findings, FINDING_CHANGED, "%s is recorded as %s for %s, now %s",
			     entry->address_text, state, driver, now);
}

/* What came of a look at all devices. */
struct tally {
	size_t count, good;
	bool is_as_planned;
	int64_t settings_by_ms; /* on clock_ms(): until then udev may be setting what is missing */
};

/* udev may not have come to the nodes of the device yet, whose owner it sets. */
static struct comparison compare_patiently(const struct root *root, const struct entry *entry,
					   int64_t until_ms)
{
	const struct timespec pause = { .tv_nsec = SETTINGS_PAUSE_MS * 1000000 };
	struct comparison is = entry_compare(root, entry);

	while (is.settings && settings_await_udev(entry) && clock_ms() < until_ms) {
		nanosleep(&pause, NULL);
		comparison_free(&is);
		is = entry_compare(root, entry);
	}
	return is;
}

static void check_device(struct agent *agent, struct store *store, struct entry *entry,
			 struct tally *tally)
{
	_cleanup_(comparison_free) struct comparison is =
		compare_patiently(&agent->root, entry, tally->settings_by_ms);
	_cleanup_(findings_free) struct findings findings = { 0 };

	tally->count++;
	tally->good += is.is_ok;
	if (is.holds || !entry->has_address) {
		tally->is_as_planned &= entry_is_as_planned(entry);
	} else {
		tally->is_as_planned = false;
		tell_difference(&findings, entry, &is.now);
	}
	if (is.settings)
		findings_add(&findings, FINDING_SETTING_CHANGED, "%s: %s", entry->address_text,
			     is.settings);
	store_add(store, entry, &findings);
	agent_log_findings(agent, &findings);
}

static struct tally check_devices(struct agent *agent, struct store *store)
{
	struct tally tally = { .is_as_planned = store_ended_well(store),
			       .settings_by_ms = clock_ms() + SETTINGS_WAIT_MS };
	_cleanup_free_ char *text = NULL;

	for_each_entry(entry, store) check_device(agent, store, entry, &tally);
	text = memory_printf("verified: %zu of %zu devices OK", tally.good, tally.count);
	if (tally.count)
		log_line(tally.good < tally.count ? SEVERITY_WARNING : SEVERITY_INFO, text,
			 &agent->log);
	return tally;
}

/* Nothing has started a guest yet, so it was an image's script, new_id or the like. */
static void tell_others(struct agent *agent, struct store *store)
{
	_cleanup_(held_free) struct held held = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	char name[ADDRESS_SIZE];
	int r = held_read(&agent->root, &held);

	if (r < 0 && r != -ENOENT)
		findings_add(&findings, FINDING_UNREADABLE, "could not read /" PCI_DRIVERS ": %s",
			     strerror(-r));
	others_keep(&held, store);
	for (size_t i = 0; i < held.count; i++)
		findings_add(&findings, FINDING_BOUND_BY_OTHER,
			     "%s is bound to %s in the running system, but not by passthru",
			     address_format(&held.items[i].address, name), held.items[i].driver);
	store_add(store, NULL, &findings);
	agent_log_findings(agent, &findings);
}

/* The agent was PID 1, and the /init behind it has lost what udev was to know. */
static void check_rules(struct agent *agent, struct store *store)
{
	const struct root *root = &agent->root;
	_cleanup_(findings_free) struct findings findings = { 0 };

	if (root_exists(root, RULES_EARLY_PATH) < 0 || root_exists(root, RULES_PATH) != -ENOENT)
		return;
	findings_add(&findings, FINDING_WATCH_FAILED,
		     "the initramfs did not keep /" RULES_PATH ", so udev does not call the agent");
	store_add(store, NULL, &findings);
	agent_log_findings(agent, &findings);
}

/* No finding for the report: that would stay when sysfs can be read again. */
static int miss_host(struct agent *agent, int error)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	findings_add(&findings, FINDING_NO_SYSFS, "could not read /" PCI_DEVICES ": %s",
		     strerror(-error));
	agent_log_findings(agent, &findings);
	return EXIT_UNKNOWN;
}

static int verify_devices(struct agent *agent, struct store *store)
{
	int r = root_exists(&agent->root, PCI_DEVICES);
	struct tally tally;

	if (r < 0)
		return miss_host(agent, r);
	complete_claims(agent, store);
	tell_others(agent, store);
	check_rules(agent, store);
	tally = check_devices(agent, store);
	store_set_as_planned(store, tally.is_as_planned);
	return tally.good == tally.count && !store_has_error(store) ? EXIT_OK : EXIT_NOT_OK;
}

static int verify_record(struct agent *agent, struct store *store)
{
	int status = verify_devices(agent, store);

	store_set_flag(store, NULL, "verified", status == EXIT_OK);
	/* It may be one directory, mounted at two places. */
	if (agent_write_changed(agent, store) == 0 &&
	    root_is_same(&agent->root, REPORT_EARLY_DIRECTORY, REPORT_DIRECTORY) == 0)
		root_remove(&agent->root, REPORT_EARLY_PATH);
	announce_trial(agent, store);
	return status;
}

/* It matters only where there was something to do. ERROR says why there is no record. */
static int miss_record(struct agent *agent, int error)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	const struct session *session = &agent->session;

	if (error == -ENOENT && session->cmdline &&
	    (session->want.off || !session->want.rule_count))
		return EXIT_OK;
	findings_add(&findings, FINDING_NO_RECORD, "could not read /" REPORT_PATH ": %s%s",
		     store_read_error(error), error == -ENOENT ? NOT_RUN : "");
	agent_log_findings(agent, &findings);
	return EXIT_NOT_OK;
}

/* A configuration that has become bad asks for nothing; one that is not known is told. */
static int read_want(struct agent *agent)
{
	if (agent_read(agent) == 0)
		return EXIT_OK;
	agent_log_findings(agent, &agent->session.findings);
	return EXIT_UNKNOWN;
}

static int run_verify(struct agent *agent)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	int r = store_lock(&agent->root, &store), read;

	agent->progress->is_recorded = true; /* by the run before */
	read = read_want(agent);
	r = r < 0 ? miss_record(agent, r) : verify_record(agent, &store);
	if (r == EXIT_OK)
		r = read;
	return r;
}

const struct mode verify_mode = {
	.option = "--verify",
	.run = run_verify,
	.limit_ms = 10000,
};
