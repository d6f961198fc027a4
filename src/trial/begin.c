/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/begin.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
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
			"the configuration %.12s is not proven on this host, and no trial of it was armed; %s",
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

/* systemd's words for a boot that gets to no login (systemd(1), KERNEL COMMAND LINE). */
static bool is_for_rescue(const char *cmdline)
{
	static const char *const words[] = { "rescue", "emergency", "single", "s",
					     "S",      "1",         "-s",     "-b" };
	static const char *const units[] = { "rescue.target", "emergency.target" };
	_cleanup_free_ char *copy = memory_dup(cmdline);
	struct parameter parameter;

	for (char *next = copy; (next = parameter_next(next, &parameter));) {
		if (parameter.value
			    ? streq(parameter.name, "systemd.unit") &&
				      text_is_one_of(parameter.value, units, ARRAY_SIZE(units))
			    : text_is_one_of(parameter.name, words, ARRAY_SIZE(words)))
			return true;
	}
	return false;
}

/*
 * Why a boot could not prove the configuration, or would prove too much; or NULL. Who confirms it
 * knows of that.
 */
static const char *find_obstacle(const struct trial_host *host, const struct trial *trial,
				 const struct findings *findings)
{
	if (trial->mark.proof == TRIAL_CONFIRM)
		return NULL;
	if (findings_have(findings, FINDING_SKIPPED))
		return "passthru.skip leaves a rule out";
	if (findings_have(findings, FINDING_REPLACED))
		return "a credential replaces a rule";
	return is_for_rescue(host->cmdline) ? "the kernel command line asks for rescue mode" : NULL;
}

void trial_begin(const struct trial_host *host, const struct want *want, struct trial *trial,
		 struct findings *findings)
{
	const struct trial_mark *mark = &trial->mark;
	const char *obstacle = find_obstacle(host, trial, findings);
	struct trial_host its = *host;
	struct trial_turn turn = { 0 };

	trial_identify(want, trial->configuration);
	trial->verdict = TRIAL_PROVEN;
	if (streq(trial->configuration, mark->proven))
		return;
	its.only_looks = obstacle;
	trial_store_turn(mark->store, &its, trial->configuration, mark->tries, &turn);
	trial->verdict = turn.verdict;
	if (obstacle && turn.verdict == TRIAL_TRYING) {
		findings_add(findings, FINDING_TRIAL_STATE,
			     "%s, so this boot is no trial of the configuration", obstacle);
		trial->verdict = TRIAL_NONE;
		return;
	}
	if (turn.read_error < 0 && turn.write_error == 0)
		findings_add(findings, FINDING_TRIAL_STATE,
			     "could not read the state of trials in %s: %s; the trial begins anew",
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
