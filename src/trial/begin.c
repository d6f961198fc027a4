/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/begin.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

int trial_read_mark(const struct root *image, struct trial *trial, struct findings *findings)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(image, TRIAL_MARK, TRIAL_MARK_SIZE_MAX, &text, &size);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = trial_mark_parse(text, size, &trial->mark);
	if (r == 0)
		return 1;
	findings_add(findings, FINDING_TRIAL_STATE,
		     "could not read /" TRIAL_MARK
		     ": %s; the configuration is used without a trial",
		     r == -EBADMSG ? "not as `passthru image` writes it" : strerror(-r));
	return 0;
}

static void tell_refused(const struct trial *trial, struct findings *findings)
{
	const struct trial_mark *mark = &trial->mark;

	if (trial->verdict == TRIAL_FAILED)
		findings_add(findings, FINDING_TRIAL_FAILED,
			     "the configuration %.12s was tried and not proven by %s; %s",
			     trial->configuration,
			     mark->proof == TRIAL_CONFIRM ? "`passthru confirm`" : "a good boot",
			     *mark->proven ? "the one before it is used"
					   : "there is none before it, so no device is touched");
	else
		findings_add(
			findings, FINDING_UNPROVEN,
			"the configuration %.12s is neither proven on this host nor to be tried; %s",
			trial->configuration,
			*mark->proven ? "the one before it is used"
				      : "there is none before it, so no device is touched");
}

/* A host is not refused its devices for want of a variable, unless it may not come back. */
static void on_write_error(struct trial *trial, int error, struct findings *findings)
{
	bool is_refused = trial->mark.proof == TRIAL_CONFIRM;

	findings_add(findings, FINDING_TRIAL_STATE, "could not record the trial in %s: %s; %s",
		     trial_store_name(trial->mark.store), trial_store_error(error),
		     is_refused ? "without that nobody could undo it, so it is not used"
				: "the configuration is used without a trial");
	trial->verdict = is_refused ? TRIAL_UNPROVEN : TRIAL_NONE;
}

/* A boot without one of its rules would prove the others alone. Who confirms it knows of that. */
static bool is_in_part(const struct trial *trial, const struct findings *findings)
{
	return trial->mark.proof == TRIAL_BOOT && findings_have(findings, FINDING_SKIPPED);
}

void trial_begin(const struct trial_host *host, const struct want *want, struct trial *trial,
		 struct findings *findings)
{
	const struct trial_mark *mark = &trial->mark;
	struct trial_host its = *host;
	struct trial_turn turn = { 0 };

	trial_identify(want, trial->configuration);
	trial->verdict = TRIAL_PROVEN;
	if (streq(trial->configuration, mark->proven))
		return;
	its.only_looks = is_in_part(trial, findings);
	trial_store_turn(mark->store, &its, trial->configuration, mark->tries, &turn);
	trial->verdict = turn.verdict;
	if (its.only_looks && turn.verdict == TRIAL_TRYING) {
		findings_add(
			findings, FINDING_TRIAL_STATE,
			"passthru.skip leaves a rule out, so this boot is no trial of the configuration");
		trial->verdict = TRIAL_NONE;
		return;
	}
	if (turn.read_error < 0 && turn.write_error == 0)
		findings_add(findings, FINDING_TRIAL_STATE,
			     "could not read the state of trials in %s: %s; it was begun anew",
			     trial_store_name(mark->store), trial_store_error(turn.read_error));
	if (turn.write_error < 0)
		on_write_error(trial, turn.write_error, findings);
	else if (trial_is_refused(trial))
		tell_refused(trial, findings);
}

bool trial_is_refused(const struct trial *trial)
{
	return trial->verdict == TRIAL_FAILED || trial->verdict == TRIAL_UNPROVEN;
}
