/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB reads and writes its environment block itself, before the kernel starts (01_passthru). */
#include "trial/grub.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

#define NO_TOKEN "-"

static int set_token(struct trial_state *state, const char *word, const char *configuration,
		     bool *ret_is_turned)
{
	static const char *const words[] = { "armed", "trying", "failed" };
	enum { ARMED, TRYING, FAILED } number = (unsigned)text_find(word, words, ARRAY_SIZE(words));

	if (number > FAILED || !configuration)
		return -EBADMSG;
	*ret_is_turned = number == TRYING;
	if (streq(configuration, NO_TOKEN))
		return number == FAILED ? 0 : -EBADMSG;
	if (!trial_is_digest(configuration))
		return -EBADMSG;
	trial_arm(state, configuration);
	if (number != ARMED)
		trial_try(state, configuration);
	return 0;
}

static int parse_value(const char *value, struct trial_state *ret, bool *ret_is_turned)
{
	_cleanup_free_ char *copy = memory_dup(value);
	struct trial_state state = { 0 };
	char *rest = copy;
	const char *word = strsep(&rest, ":"), *digest = strsep(&rest, ":");
	int r = set_token(&state, word, digest, ret_is_turned);

	if (r == 0)
		r = trial_add_proven(&state, rest);
	if (r == 0)
		*ret = state;
	return r;
}

/* The last one counts, as of all options. */
int trial_grub_parse(const char *cmdline, struct trial_state *ret, bool *ret_is_turned)
{
	_cleanup_free_ char *copy = memory_dup(cmdline);
	struct parameter parameter;
	const char *rest;
	int r = -ENOMSG;

	for (char *next = copy; (next = parameter_next(next, &parameter));) {
		if (parameter.value &&
		    text_parameter_starts(parameter.name, "passthru.trial", &rest) && !*rest)
			r = parse_value(parameter.value, ret, ret_is_turned);
	}
	return r;
}

void trial_grub_turn(const struct trial_host *host, const char *configuration, uint32_t tries,
		     struct trial_turn *ret)
{
	struct trial_state state = { 0 };
	bool is_turned = false;
	int r = trial_grub_parse(host->cmdline, &state, &is_turned);

	(void)tries; /* GRUB counts them */
	*ret = (struct trial_turn){ .read_error = r };
	if (r < 0) {
		/* By another loader, or from before the script was there. */
		ret->verdict = TRIAL_TRYING;
		ret->write_error = r;
		return;
	}
	ret->verdict = trial_judge(&state, configuration, is_turned ? TRIAL_TRIES_MAX : 0);
	if (ret->verdict == TRIAL_TRYING && !is_turned)
		ret->write_error = -EROFS;
}
