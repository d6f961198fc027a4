/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frameworks call `passthru-init --heal` again and again while the root file system is not
 * there; that they call at all is how we know. What there is to do is in one small file: first
 * "grace SECONDS", from the first call on "due MILLISECONDS" of the boot clock. Without the file
 * nothing is to be given back, and the hooks do not even call.
 */
#include "init/heal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/settle.h"
#include "plan/heal.h"
#include "report/stored.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define HEAL_NAME "heal"
#define HEAL_PATH REPORT_DIRECTORY "/" HEAL_NAME

static int write_word(const struct root *root, const char *word, int64_t number)
{
	_cleanup_free_ char *text = memory_printf("%s %lld\n", word, (long long)number);

	return root_replace_file(root, REPORT_DIRECTORY, HEAL_NAME, text);
}

void heal_prepare(const struct run *run)
{
	bool on_network = heal_root_is_on_network(run->cmdline);

	for (size_t i = 0; i < run->plan.count && run->want.options.root_grace_s; i++) {
		if (heal_concerns(&run->plan.decisions[i], on_network)) {
			write_word(&run->agent->root, "grace", run->want.options.root_grace_s);
			return;
		}
	}
}

/*
 * 0 when it is time; -EAGAIN when not yet; -ENOENT when there is nothing to do. Where the first
 * call cannot be noted, as in a /run that is full, the time counts from the beginning of the boot.
 */
static int is_due(const struct root *root)
{
	char text[32], *number;
	uint32_t value;
	int r = root_read_attribute(root, HEAL_PATH, text, sizeof(text));

	if (r < 0)
		return r;
	number = strchr(text, ' ');
	if (!number || parse_decimal(number + 1, UINT32_MAX, &value) < 0)
		return -EINVAL;
	if (strncmp(text, "due ", strlen("due ")) == 0)
		return clock_ms() < value ? -EAGAIN : 0;
	if (write_word(root, "due", clock_ms() + (int64_t)value * 1000) < 0)
		return clock_ms() < (int64_t)value * 1000 ? -EAGAIN : 0;
	return -EAGAIN;
}

/* The stub has it, or nobody: it was not given back before. */
static bool is_kept(const struct decision *decision)
{
	const char *driver = decision->device ? decision->device->driver : "";

	return !*driver || strcmp(driver, decision->driver) == 0;
}

static bool is_concerned(const struct decision *decision, const void *context)
{
	const bool *on_network = context;

	return heal_concerns(decision, *on_network) && is_kept(decision);
}

/* On record at once: the next device may hang. */
static void return_device(struct run *run, struct decision *decision, struct stored *stored)
{
	struct apply apply = run_apply(run);

	findings_add(&decision->findings, FINDING_RETURNED,
		     "the root file system did not appear, so it was given back");
	settle_return(&apply, decision);
	if (!stored->report)
		return;
	stored_note(stored, decision);
	agent_write_stored(run->agent, stored);
}

static void return_devices(struct run *run)
{
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };

	stored_lock(&run->agent->root, &stored);
	for (size_t i = 0; i < run->plan.count; i++)
		return_device(run, &run->plan.decisions[i], &stored);
}

/* What is wanted has been told at the first run; here it only counts. */
static int heal(struct run *run)
{
	bool on_network;
	int r = run_begin(run);

	if (r >= 0)
		return r;
	run_decide(run);
	on_network = heal_root_is_on_network(run->cmdline);
	run_keep(run, is_concerned, &on_network);
	return_devices(run);
	record_each_line(&run->record, log_line, &run->agent->log);
	return run->plan.count ? EXIT_NOT_AS_WANTED : EXIT_AS_WANTED;
}

int heal_work(void *agent)
{
	struct run run = { .agent = agent };
	const struct root *root = &run.agent->root;
	int r = EXIT_AS_WANTED;

	run.agent->progress->is_recorded = true; /* by the run before */
	if (is_due(root) == 0) {
		root_remove(root, HEAL_PATH); /* once is enough, whatever comes of it */
		r = heal(&run);
	}
	run_free(&run);
	run.agent->progress->status = r;
	run.agent->progress->is_finished = true;
	return r;
}
