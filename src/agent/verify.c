/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work in the running system, before anything starts guests. What was claimed in the initramfs
 * without its driver gets it now; the rest is looked at, never changed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "apply/apply.h"
#include "apply/observed.h"
#include "report/others.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static bool has_claim(const struct json_value *device)
{
	return strcmp(stored_text(device, "state"), "claimed") == 0;
}

static bool is_claimed(const struct decision *decision, const void *context)
{
	struct stored *const *stored = context;

	return decision->verdict == VERDICT_TAKE && has_claim(stored_find(*stored, decision));
}

static bool has_claims(const struct stored *stored)
{
	const struct json_value *device = stored_first(stored->report, "devices");

	while (device && !has_claim(device))
		device = device->next;
	return device;
}

/* The same steps as in the initramfs, for what is still configured. */
static void complete_claims(struct agent *agent, struct stored *stored)
{
	struct session *session = &agent->session;
	const struct record record = { .plan = &session->plan };
	struct apply apply;

	if (!session->cmdline || !has_claims(stored) || session->want.has_errors ||
	    agent_scan(agent) < 0)
		return;
	agent_decide(agent);
	session_keep(session, is_claimed, &stored);
	apply = agent_apply(agent);
	apply_plan(&apply, &session->plan);
	for_each_decision(decision, &session->plan)
		stored_note(stored, decision);
	record_each_line(&record, log_line, &agent->log);
}

/* The record is of texts that are escaped. */
static void tell_changed(struct findings *findings, const struct json_value *device,
			 const char *now)
{
	_cleanup_free_ char *state = text_unescape(stored_text(device, "state"));
	_cleanup_free_ char *driver = text_unescape(stored_text(device, "driver"));

	findings_add(findings, FINDING_CHANGED, "%s is recorded as %s for %s, now %s",
		     stored_text(device, "address"), state, driver, now);
}

/* Returns whether the device is in the configured state. */
static bool check_device(struct agent *agent, struct stored *stored, struct json_value *device)
{
	const char *address = stored_text(device, "address");
	const struct recorded recorded = stored_recorded(device);
	_cleanup_free_ char *text = NULL;
	_cleanup_(findings_free) struct findings findings = { 0 };
	struct pci_address parsed;
	struct standing now;

	if (address_parse(address, &parsed) < 0)
		return false;
	standing_read(&agent->root, address, &now);
	if (standing_fits(&now, &recorded))
		return standing_is_configured(&now, &recorded) && !stored_is_unfinished(device);
	text = standing_text(&now, &recorded);
	tell_changed(&findings, device, text);
	stored_add(stored, device, &findings);
	agent_log_findings(agent, &findings);
	return false;
}

static bool check_devices(struct agent *agent, struct stored *stored)
{
	struct json_value *device = stored_first(stored->report, "devices");
	_cleanup_free_ char *text = NULL;
	size_t count = 0, good = 0;

	for (; device; device = device->next, count++)
		good += check_device(agent, stored, device);
	text = memory_printf("verified: %zu of %zu devices OK", good, count);
	if (count)
		log_line(good < count ? SEVERITY_WARNING : SEVERITY_INFO, text, &agent->log);
	return good == count;
}

/* Nothing has started a guest yet, so it was an image's script, new_id or the like. */
static void tell_others(struct agent *agent, struct stored *stored)
{
	_cleanup_(held_free) struct held held = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	char name[ADDRESS_SIZE];
	int r = held_read(&agent->root, &held);

	if (r < 0 && r != -ENOENT)
		findings_add(&findings, FINDING_UNREADABLE, "/sys/bus/pci/drivers: %s",
			     strerror(-r));
	others_keep(&held, stored);
	for (size_t i = 0; i < held.count; i++)
		findings_add(&findings, FINDING_BOUND_BY_OTHER,
			     "%s is bound to %s in the running system, but not by passthru",
			     address_format(&held.items[i].address, name), held.items[i].driver);
	stored_add(stored, stored->report, &findings);
	agent_log_findings(agent, &findings);
}

static int verify_record(struct agent *agent, struct stored *stored)
{
	bool is_good;

	complete_claims(agent, stored);
	tell_others(agent, stored);
	is_good = check_devices(agent, stored) && !stored_has_error(stored->report);
	stored_set_verified(stored, is_good);
	if (agent_write_stored(agent, stored) == 0)
		root_remove(&agent->root, REPORT_EARLY_PATH);
	return is_good ? EXIT_OK : EXIT_NOT_OK;
}

/* It matters only where there was something to do. ERROR says why there is no record. */
static int miss_record(struct agent *agent, int error)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	const struct session *session = &agent->session;

	if (error == -ENOENT && session->cmdline &&
	    (session->want.off || !session->want.rule_count))
		return EXIT_OK;
	findings_add(&findings, FINDING_NO_RECORD, "/" REPORT_PATH ": %s", strerror(-error));
	agent_log_findings(agent, &findings);
	return EXIT_NOT_OK;
}

/* A configuration that has become bad asks for nothing; one that is not known is told. */
static int read_want(struct agent *agent)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	int r = agent_read(agent);

	if (r >= 0)
		return EXIT_OK;
	findings_add(&findings, FINDING_NO_PROC, "could not read /proc/cmdline: %s", strerror(-r));
	agent_log_findings(agent, &findings);
	return EXIT_UNKNOWN;
}

static int run_verify(struct agent *agent)
{
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	int r = stored_lock(&agent->root, &stored), read;

	agent->progress->is_recorded = true; /* by the run before */
	read = read_want(agent);
	r = r < 0 ? miss_record(agent, r) : verify_record(agent, &stored);
	if (r == EXIT_OK)
		r = read;
	return r;
}

const struct mode verify_mode = {
	.option = "--verify",
	.run = run_verify,
	.limit_ms = 10000,
};
