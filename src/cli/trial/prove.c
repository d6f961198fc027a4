/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/trial/prove.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/kept.h"
#include "cli/message.h"
#include "report/exit_status.h"
#include "report/trial.h"
#include "session/sources.h"
#include "system/file.h"
#include "trial/place.h"
#include "util/cleanup.h"
#include "util/text.h"

/* Keep what is in FROM, if it is the CONFIGURATION. -ENOENT when it is not. */
static int keep_from(const struct root *root, const struct root *from, contents_walk *walk,
		     const char *configuration)
{
	const struct sources_request request = { .reads_when_off = true, .at_next_boot = true };
	_cleanup_(want_free) struct want want = { 0 };
	char its[SHA256_TEXT_SIZE];

	sources_read(from, &request, "", &want);
	trial_identify(&want, its);
	return streq(its, configuration) ? kept_write(root, &kept_proven, from, walk, &want)
					 : -ENOENT;
}

/* The agent's copy of it, or that in /etc, which may have been changed since. */
static void keep(const struct root *root, const char *configuration)
{
	_cleanup_(root_close) struct root copy = { .fd = -1 };
	int r = root_enter(root, IMAGE_COPY_DIRECTORY, &copy);

	if (r == 0)
		r = keep_from(root, &copy, kept_each_file, configuration);
	if (r == -ENOENT)
		r = keep_from(root, root, contents_each_file, configuration);
	if (r < 0)
		fprintf(stderr,
			"passthru: warning: could not keep the proven configuration in /%s: %s; "
			"if a later one fails its trial, %s\n",
			kept_proven.directory,
			r == -ENOENT ? "/etc has another one by now" : strerror(-r),
			root_exists(root, kept_proven.digest) == 0
				? "the one kept before replaces it"
				: "nothing replaces it");
}

static int write_proof(const struct root *root, const char *configuration)
{
	struct trial_state state = { 0 };
	enum trial_store_kind kind;
	bool is_here;
	const char *why = trial_find_place(root, &kind, &is_here);
	int r;

	if (why) {
		fprintf(stderr, "passthru: could not record the proof: %s\n", why);
		return -ENODEV;
	}
	r = trial_place_read(root, kind, &state);
	if (r == 0 && trial_is_proven(&state, configuration))
		return 0;
	trial_prove(&state, configuration);
	r = trial_place_write(root, kind, &state, 0);
	if (r < 0)
		fprintf(stderr, "passthru: could not record the proof in %s: %s\n",
			trial_store_name(kind), trial_store_error(r));
	return r;
}

static void update_report(const struct root *root)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	int r = store_lock(root, &store);

	if (r == 0) {
		store_set_proven(&store);
		r = store_write(root, &store);
	}
	if (r < 0)
		fprintf(stderr, "passthru: warning: could not write /" REPORT_PATH ": %s\n",
			store_write_error(r));
	root_remove(root, TRIAL_FLAG_PATH);
}

static int record_proof(const struct root *root, const char *configuration)
{
	int r = write_proof(root, configuration);

	if (r < 0)
		return r;
	keep(root, configuration);
	update_report(root);
	printf("The configuration %.12s is proven.\n", configuration);
	return 0;
}

/* The state was lost, with the firmware's settings for one, but the host knows better. */
static int restore(const struct root *root, const struct recorded_trial *trial)
{
	_cleanup_(root_close) struct root kept = { .fd = -1 };
	_cleanup_(want_free) struct want want = { 0 };
	char its[SHA256_TEXT_SIZE] = "";
	int r = kept_open(root, &kept_proven, &kept, &want);

	if (r == 0)
		trial_identify(&want, its);
	if (r < 0 || !streq(its, trial->configuration)) {
		fprintf(stderr,
			"passthru: this boot did not use the configuration of its image, so it cannot be proven; "
			"rebuild the image and reboot\n");
		return -EINVAL;
	}
	r = write_proof(root, trial->configuration);
	if (r == 0)
		puts("The configuration was proven before, and this is recorded again: the next boot uses it.");
	return r;
}

static int prove_tried(const struct store *store, const struct root *root,
		       const struct recorded_trial *trial, bool by_hand)
{
	if (!by_hand && trial->awaits_confirmation)
		return 0;
	if (!store_is_as_planned(store)) {
		fputs("passthru: not proven: the plan for a device was not carried out, or passthru-verify has not run; see "
		      "`passthru status`\n",
		      stderr);
		return -EINVAL;
	}
	return record_proof(root, trial->configuration);
}

static int settle(const struct store *store, const struct root *root, bool by_hand)
{
	const struct recorded_trial trial = store_trial(store);

	switch (trial.verdict) {
	case TRIAL_TRYING:
		return prove_tried(store, root, &trial, by_hand);
	case TRIAL_PROVEN:
		if (by_hand)
			puts("The configuration is proven already.");
		else
			keep(root, trial.configuration);
		return 0;
	case TRIAL_UNPROVEN:
		return restore(root, &trial);
	case TRIAL_FAILED:
		fputs("passthru: the configuration was tried before and failed, so this boot did not use it: nothing to prove\n",
		      stderr);
		return -EINVAL;
	default:
		puts("No configuration is on trial in this boot.");
		return 0;
	}
}

int trial_settle_proof(struct call *call, bool by_hand)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	int r = store_read(&call->root, &store);

	if (r < 0) {
		call->status = EXIT_UNKNOWN;
		fprintf(stderr, "passthru: could not read /" REPORT_PATH ": %s\n",
			r == -EBADMSG ? "not a report, or damaged" : strerror(-r));
		return r;
	}
	return settle(&store, &call->root, by_hand);
}
