/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work in the running system, before anything starts guests. What was claimed in the initramfs
 * without its driver gets it now; the rest is looked at, never changed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
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
static void complete_claims(struct run *run, struct stored *stored)
{
	struct apply apply;

	if (!run->cmdline || !has_claims(stored) || run->want.has_errors || run_scan(run) < 0)
		return;
	run_decide(run);
	run_keep(run, is_claimed, &stored);
	apply = run_apply(run);
	apply_plan(&apply, &run->plan);
	for (size_t i = 0; i < run->plan.count; i++)
		stored_note(stored, &run->plan.decisions[i]);
	record_each_line(&run->record, log_line, &run->agent->log);
}

/* The record is of texts that are escaped. */
static void tell_changed(struct findings *findings, const struct json_value *device,
			 const char *now)
{
	_cleanup_free_ char *state = text_unescape(stored_text(device, "state"));
	_cleanup_free_ char *driver = text_unescape(stored_text(device, "driver"));

	findings_add(findings, FINDING_CHANGED, "%s is on record as %s for %s, now: %s",
		     stored_text(device, "address"), state, driver, now);
}

/* Returns whether the device is as wanted. */
static bool check_device(struct agent *agent, struct stored *stored, struct json_value *device)
{
	const char *address = stored_text(device, "address");
	const struct recorded recorded = stored_recorded(device);
	_cleanup_free_ char *text = NULL;
	struct record record = { 0 };
	struct pci_address parsed;
	struct standing now;

	if (address_parse(address, &parsed) < 0)
		return false;
	standing_read(&agent->root, address, &now);
	if (standing_fits(&now, &recorded))
		return standing_is_as_wanted(&now, &recorded) && !stored_is_unfinished(device);
	text = standing_text(&now, &recorded);
	tell_changed(&record.findings, device, text);
	stored_add(stored, device, &record.findings);
	record_each_line(&record, log_line, &agent->log);
	findings_free(&record.findings);
	return false;
}

static bool check_devices(struct agent *agent, struct stored *stored)
{
	struct json_value *device = stored_first(stored->report, "devices");
	_cleanup_free_ char *text = NULL;
	size_t count = 0, good = 0;

	for (; device; device = device->next, count++)
		good += check_device(agent, stored, device);
	text = memory_printf("verified: %zu of %zu devices are as wanted", good, count);
	if (count)
		log_line(good < count ? SEVERITY_WARNING : SEVERITY_INFO, text, &agent->log);
	return good == count;
}

/* Nothing has started a guest yet, so it was an image's script, new_id or the like. */
static void tell_others(struct agent *agent, struct stored *stored)
{
	_cleanup_(held_free) struct held held = { 0 };
	struct record record = { 0 };
	char name[ADDRESS_SIZE];
	int r = held_read(&agent->root, &held);

	if (r < 0 && r != -ENOENT)
		findings_add(&record.findings, FINDING_UNREADABLE, "/sys/bus/pci/drivers: %s",
			     strerror(-r));
	others_keep(&held, stored);
	for (size_t i = 0; i < held.count; i++)
		findings_add(&record.findings, FINDING_BOUND_BY_OTHER,
			     "%s is bound to %s in the running system, but not by passthru",
			     address_format(&held.items[i].address, name), held.items[i].driver);
	stored_add(stored, stored->report, &record.findings);
	record_each_line(&record, log_line, &agent->log);
	findings_free(&record.findings);
}

static int verify_record(struct run *run, struct stored *stored)
{
	struct agent *agent = run->agent;
	bool is_good;

	complete_claims(run, stored);
	tell_others(agent, stored);
	is_good = check_devices(agent, stored) && !stored_has_error(stored->report);
	stored_set_verified(stored, is_good);
	if (agent_write_stored(agent, stored) == 0)
		root_remove(&agent->root, REPORT_EARLY_PATH);
	return is_good ? EXIT_AS_WANTED : EXIT_NOT_AS_WANTED;
}

/* It matters only where there was something to do. ERROR says why there is no record. */
static int miss_record(struct run *run, int error)
{
	struct record record = { 0 };

	if (error == -ENOENT && run->cmdline && (run->want.off || !run->want.rule_count))
		return EXIT_AS_WANTED;
	findings_add(&record.findings, FINDING_NO_RECORD, "/" REPORT_PATH ": %s", strerror(-error));
	record_each_line(&record, log_line, &run->agent->log);
	findings_free(&record.findings);
	return EXIT_NOT_AS_WANTED;
}

/* A configuration that has become bad asks for nothing; one that is not known is told. */
static int read_want(struct run *run)
{
	struct record record = { 0 };
	int r = run_read(run);

	if (r >= 0)
		return EXIT_AS_WANTED;
	findings_add(&record.findings, FINDING_NO_PROC, "could not read /proc/cmdline: %s",
		     strerror(-r));
	record_each_line(&record, log_line, &run->agent->log);
	findings_free(&record.findings);
	return EXIT_ENVIRONMENT;
}

int verify_work(void *agent)
{
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	struct run run = { .agent = agent };
	int r = stored_lock(&run.agent->root, &stored), read;

	run.agent->progress->is_recorded = true; /* by the run before */
	read = read_want(&run);
	r = r < 0 ? miss_record(&run, r) : verify_record(&run, &stored);
	if (r == EXIT_AS_WANTED)
		r = read;
	run_free(&run);
	run.agent->progress->status = r;
	run.agent->progress->is_finished = true;
	return r;
}
