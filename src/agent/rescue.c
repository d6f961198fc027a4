/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks of the frameworks, or watch_run(), call this again and again while the root file system is
 * not there; that they call at all is how we know. What there is to do is in one small file: first
 * "grace SECONDS", from the first call on "due MILLISECONDS" of the boot clock. Without the file
 * nothing is to be given back, and the hooks do not even call.
 *
 * The process may die or be killed at any point. So the file stays until everything was given
 * back; it says how often that was begun ("attempts NUMBER"), which is only so often, and with
 * which devices ("tried ADDRESS"). Those come last the next time: one at which all end keeps no
 * other from the host.
 */
#include "agent/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/settle.h"
#include "apply/sysfs.h"
#include "facts/network_root.h"
#include "plan/rescue.h"
#include "report/settings.h"
#include "report/store.h"
#include "system/clock.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define RESCUE_SIZE_MAX 65536
#define ATTEMPTS_MAX    5
#define GRACE_FALLBACK  15              /* seconds, where the file does not say */
#define AGENT_NAME      "passthru-init" /* as the kernel has it: proc_pid_comm(5) */

/* What the file says. */
struct progress_note {
	uint32_t grace_s, due_ms, attempts;
	bool is_due_set;
	struct pci_address *tried;
	size_t tried_count;
};

struct rescue {
	struct agent *agent;
	struct progress_note note;
	bool is_noted;      /* in the file, that this attempt was begun */
	bool is_incomplete; /* something may be left to do */
	bool *is_missed;    /* for each device: it is to be given back */
};

/* Among the first COUNT of them. */
static bool is_among(const struct progress_note *note, size_t count,
		     const struct pci_address *address)
{
	for (size_t i = 0; i < count; i++) {
		if (address_compare(&note->tried[i], address) == 0)
			return true;
	}
	return false;
}

static bool was_tried(const struct progress_note *note, const struct pci_address *address)
{
	return is_among(note, note->tried_count, address);
}

static void add_tried(struct progress_note *note, const struct pci_address *address)
{
	if (was_tried(note, address))
		return;
	note->tried = memory_grow(note->tried, note->tried_count, sizeof(note->tried[0]));
	note->tried[note->tried_count++] = *address;
}

static int write_note(const struct root *root, const struct progress_note *note)
{
	char *text = note->is_due_set
			     ? memory_printf("due %u\nattempts %u\n", note->due_ms, note->attempts)
			     : memory_printf("grace %u\n", note->grace_s);
	int r;

	for (size_t i = 0; i < note->tried_count; i++) {
		_cleanup_free_ char *before = text;
		char name[ADDRESS_SIZE];

		text = memory_printf("%stried %s\n", before, address_format(&note->tried[i], name));
	}
	r = root_replace_file(root, REPORT_DIRECTORY, RESCUE_NAME, text);
	free(text);
	return r;
}

/* A line that nobody wrote here says nothing. */
static void parse_line(struct progress_note *note, char *line)
{
	const char *word = strsep(&line, " ");
	struct pci_address address;

	if (!line)
		return;
	if (strcmp(word, "grace") == 0)
		parse_decimal(line, UINT32_MAX, &note->grace_s);
	else if (strcmp(word, "due") == 0)
		note->is_due_set = parse_decimal(line, UINT32_MAX, &note->due_ms) == 0;
	else if (strcmp(word, "attempts") == 0)
		parse_decimal(line, UINT32_MAX, &note->attempts);
	else if (strcmp(word, "tried") == 0 && address_parse(line, &address) == 0)
		add_tried(note, &address);
}

static int read_note(const struct root *root, struct progress_note *note)
{
	_cleanup_free_ char *text = NULL;
	char *rest;
	size_t size;
	int r = root_read_file(root, RESCUE_PATH, RESCUE_SIZE_MAX, &text, &size);

	if (r < 0)
		return r;
	note->grace_s = GRACE_FALLBACK;
	rest = text;
	for (char *line; (line = strsep(&rest, "\n"));)
		parse_line(note, line);
	return 0;
}

bool rescue_is_readable(const struct root *root)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	return root_read_file(root, RESCUE_PATH, RESCUE_SIZE_MAX, &text, &size) == 0;
}

void rescue_postpone(const struct root *root, int64_t ms)
{
	struct progress_note note = { 0 };

	if (read_note(root, &note) == 0 && note.is_due_set) {
		note.due_ms += (uint32_t)ms;
		write_note(root, &note);
	}
	free(note.tried);
}

/* "could not WHAT: text of ERROR"; returns STATUS. */
static int log_error(struct agent *agent, const char *what, int error, int status)
{
	_cleanup_free_ char *text =
		memory_printf("error: could not %s: %s", what, strerror(-error));

	log_line(SEVERITY_ERROR, text, &agent->log);
	return status;
}

/*
 * Also where no rule has storage taken: a stub driver may know other devices by itself, or be told
 * of them later.
 */
void rescue_prepare(struct agent *agent)
{
	struct progress_note note = { .grace_s = agent->session.want.options.root_grace_s };
	int r = note.grace_s ? write_note(&agent->root, &note) : 0;

	if (r < 0)
		log_error(
			agent,
			"write /" RESCUE_PATH
			", so no device is returned to the host if the root file system does not appear",
			r, 0);
}

/*
 * Where the first call cannot be noted, as in a /run that is full, the time counts from the
 * beginning of the boot.
 */
static bool is_due(const struct root *root, struct progress_note *note)
{
	if (note->is_due_set)
		return clock_ms() >= note->due_ms;
	note->due_ms = (uint32_t)(clock_ms() + (int64_t)note->grace_s * 1000);
	note->is_due_set = true;
	if (write_note(root, note) == 0)
		return false;
	note->due_ms = note->grace_s * 1000;
	return clock_ms() >= note->due_ms;
}

/* The override of DEVICE; "" for none, and where it cannot be read. */
static int read_override(const struct root *root, const struct pci_device *device,
			 char override[static DRIVER_NAME_SIZE])
{
	char path[DEVICE_FILE_SIZE];
	int r = root_read_attribute(root, device_file(device, "driver_override", path), override,
				    DRIVER_NAME_SIZE);

	if (r < 0 || strcmp(override, OVERRIDE_CLEARED) == 0)
		override[0] = '\0';
	return r == -ENOENT ? 0 : r;
}

static bool is_planned(const struct agent *agent, const struct pci_device *device)
{
	const struct decision *decision = plan_find(&agent->session.plan, device);

	return decision && decision_claims(decision);
}

/*
 * What keeps DEVICE from the host: the stub driver that has it or that it is claimed for, "none"
 * when it is held, "" when an attempt before this one did not come to its end with it, or it has no
 * driver because of us. NULL when nothing does.
 */
static const char *find_keeper(struct rescue *rescue, const struct pci_device *device,
			       char override[static DRIVER_NAME_SIZE])
{
	if (read_override(&rescue->agent->root, device, override) < 0)
		rescue->is_incomplete = true;
	if (stub_of_driver(device->driver))
		return device->driver;
	if (stub_of_driver(override) || strcmp(override, HOLD_OVERRIDE) == 0)
		return override;
	if (was_tried(&rescue->note, &device->address) ||
	    (!device->driver[0] && is_planned(rescue->agent, device)))
		return "";
	return NULL;
}

/* It is taken from the stub driver that has it, or may come to have it, whatever was planned. */
static void set_keeper(struct decision *decision, const char *keeper)
{
	const struct stub *stub = stub_of_driver(keeper);

	if (!stub)
		return;
	decision->stub = stub;
	snprintf(decision->driver, sizeof(decision->driver), "%s", keeper);
	if (strcmp(decision->host_driver, keeper) == 0)
		decision->host_driver[0] = '\0';
}

static void find_missed(struct rescue *rescue, const struct pci_device *device, bool on_network)
{
	/* As plan/others.c has it, for a device that a stub driver keeps though no rule matches it.
	 */
	static const struct rule no_rule = { .name = "-", .origin = "nobody" };
	struct session *session = &rescue->agent->session;
	struct decision *decision = plan_find(&session->plan, device);
	char override[DRIVER_NAME_SIZE];
	const char *keeper;

	if (!rescue_may_be_missed(device, on_network) ||
	    rescue_is_allowed(decision ? decision->rule : NULL, device))
		return;
	keeper = find_keeper(rescue, device, override);
	if (!keeper)
		return;
	if (!decision)
		decision = plan_add(&session->plan, &no_rule, device);
	decision->verdict =
		VERDICT_RETURN; /* it may have been refused, and a stub have it by its ids= */
	set_keeper(decision, keeper);
	rescue->is_missed[device - session->facts.devices] = true;
}

static bool is_missed(const struct decision *decision, const void *context)
{
	const struct rescue *rescue = context;

	return decision->device &&
	       rescue->is_missed[decision->device - rescue->agent->session.facts.devices];
}

/* All that stub drivers keep from the host, and nothing else, becomes the plan. */
static void plan_return(struct rescue *rescue)
{
	struct session *session = &rescue->agent->session;
	bool on_network = network_root_find(session->cmdline);

	rescue->is_missed = memory_new(session->facts.device_count, sizeof(bool));
	for_each_device(device, &session->facts)
		find_missed(rescue, device, on_network);
	session_keep(session, is_missed, rescue);
}

/* On record at once: the next device may hang. */
static void return_device(struct rescue *rescue, struct decision *decision, struct store *store)
{
	struct agent *agent = rescue->agent;
	struct apply apply = agent_apply(agent);

	add_tried(&rescue->note, &decision->device->address);
	if (rescue->is_noted)
		write_note(&agent->root, &rescue->note);
	findings_add(&decision->findings, FINDING_RETURNED,
		     "the root file system did not appear; returned to the host");
	settings_recall(decision, store_find_at(store, &decision->device->address));
	settle_return(&apply, decision);
	if (!store->report)
		return;
	store_note(store, decision);
	agent_write_changed(agent, store);
}

/* They are returned all the same: the boot waits for them. */
static void log_unrecorded(struct agent *agent, int error)
{
	_cleanup_free_ char *text =
		memory_printf("error: could not update /" REPORT_PATH
			      ", so it does not say which devices are returned to the host: %s",
			      store_read_error(error));

	log_line(SEVERITY_ERROR, text, &agent->log);
}

/* What there is no time for is left to the next call. */
static void return_devices(struct rescue *rescue)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const struct agent *agent = rescue->agent;
	struct plan *plan = &rescue->agent->session.plan;
	size_t tried_before = rescue->note.tried_count;
	int r = store_lock(&agent->root, &store);

	if (r < 0 && plan->count)
		log_unrecorded(rescue->agent, r);
	for (int tried = 0; tried <= 1; tried++) {
		for_each_decision(decision, plan) {
			if (is_among(&rescue->note, tried_before, &decision->device->address) !=
			    tried)
				continue;
			if (clock_ms() < agent->deadline_ms)
				return_device(rescue, decision, &store);
			rescue->is_incomplete |= decision->state != STATE_RETURNED;
		}
	}
}

/* What is wanted has been told at the first run; here it only counts. */
static int return_missed(struct rescue *rescue)
{
	struct agent *agent = rescue->agent;
	struct session *session = &agent->session;
	const struct record record = { .plan = &session->plan };
	int status, r;

	rescue->is_incomplete = true;
	r = agent_begin(agent, &status);
	if (r < 0) {
		rescue->is_incomplete = r != -ECANCELED;
		return status;
	}
	rescue->is_incomplete = session->facts.left_out_count;
	if (rescue->is_incomplete)
		agent_tell_unread(agent);
	agent_decide(agent);
	plan_return(rescue);
	return_devices(rescue);
	record_each_line(&record, log_line, &agent->log);
	return session->plan.count ? EXIT_NOT_OK : EXIT_OK;
}

/* That it was begun is noted before anything is done. */
static int attempt(struct rescue *rescue)
{
	struct agent *agent = rescue->agent;
	int r;

	if (rescue->note.attempts >= ATTEMPTS_MAX) {
		root_remove(&agent->root, RESCUE_PATH);
		log_line(SEVERITY_ERROR,
			 "error: could not return all devices to the host: too many attempts",
			 &agent->log);
		return EXIT_NOT_OK;
	}
	rescue->note.attempts++;
	r = write_note(&agent->root, &rescue->note);
	rescue->is_noted = r == 0;
	if (r < 0)
		log_error(agent, "write /" RESCUE_PATH ", so there is no other attempt", r, 0);
	r = return_missed(rescue);
	/* What cannot be counted is done once. */
	if (!rescue->is_incomplete || !rescue->is_noted)
		root_remove(&agent->root, RESCUE_PATH);
	return r;
}

static void rescue_free(struct rescue *rescue)
{
	free(rescue->is_missed);
	free(rescue->note.tried);
}

/* By then the kernel may have given the number to another process. */
static bool is_agent(const struct root *root, uint32_t number)
{
	char path[32], name[32];

	snprintf(path, sizeof(path), "proc/%u/comm", number);
	return root_read_attribute(root, path, name, sizeof(name)) >= 0 && streq(name, AGENT_NAME);
}

static bool is_watched(const struct root *root)
{
	char text[16];
	uint32_t number;

	return root_read_attribute(root, WATCH_PATH, text, sizeof(text)) >= 0 &&
	       parse_decimal(text, INT32_MAX, &number) == 0 && number > 0 &&
	       kill((pid_t)number, 0) == 0 && is_agent(root, number);
}

/* Hooks may be called while a process watches: that does it. */
static int run_rescue(struct agent *agent)
{
	_cleanup_(rescue_free) struct rescue rescue = { .agent = agent };
	int r;

	agent->progress->is_recorded = true; /* by the run before */
	if (!agent->is_watching && is_watched(&agent->root))
		return EXIT_OK;
	r = read_note(&agent->root, &rescue.note);
	if (r < 0 && r != -ENOENT)
		r = log_error(agent, "read /" RESCUE_PATH, r, EXIT_UNKNOWN);
	else if (r < 0 || !is_due(&agent->root, &rescue.note))
		r = EXIT_OK;
	else
		r = attempt(&rescue);
	return r;
}

const struct mode rescue_mode = {
	.option = "--rescue",
	.run = run_rescue,
	.limit_ms = 10000,
};
