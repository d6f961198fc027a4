/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru trial: which configuration is proven on this host, and which one is on trial. */
#include <errno.h>
#include <stdio.h>

#include "cli/kept.h"
#include "cli/message.h"
#include "cli/trial/prove.h"
#include "cli/trial/wait.h"
#include "report/exit_status.h"
#include "report/trial.h"
#include "system/file.h"
#include "trial/place.h"
#include "util/cleanup.h"
#include "util/nearest.h"
#include "util/text.h"

static void print_boot(const struct root *root)
{
	static const char *const texts[] = {
		[TRIAL_NONE] = "no trial",
		[TRIAL_PROVEN] = "used the configuration of its image, which is proven",
		[TRIAL_TRYING] = "uses the configuration of its image on trial",
		[TRIAL_FAILED] =
			"did not use the configuration of its image, which failed its trial",
		[TRIAL_UNPROVEN] =
			"did not use the configuration of its image, which was never armed here",
	};
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	struct recorded_trial trial;
	int r = store_read(root, &store);

	if (r < 0) {
		printf("This boot: unknown, could not read /" REPORT_PATH ": %s\n",
		       store_read_error(r));
		return;
	}
	trial = store_trial(&store);
	printf("This boot: %s%s\n", texts[trial.verdict],
	       trial.verdict == TRIAL_TRYING && trial.awaits_confirmation
		       ? "; run `passthru confirm`, else the host reboots"
		       : "");
}

static void print_state(const struct trial_state *state)
{
	if (state->token == TRIAL_TOKEN_ARMED)
		printf("Armed: %s, for the next boot\n", state->configuration);
	else if (state->token == TRIAL_TOKEN_TRYING)
		printf("Tried: %s, %u times, not proven\n", state->configuration, state->tries);
	for (size_t i = 0; i < state->proven_count; i++)
		printf("Proven: %s\n", state->proven[i]);
	if (state->token == TRIAL_TOKEN_NONE && !state->proven_count)
		puts("Nothing is armed, tried or proven.");
}

static int find_place(struct call *call, enum trial_store_kind *ret)
{
	bool is_here;
	const char *why = trial_find_place(&call->root, ret, &is_here);

	if (!why)
		return 0;
	printf("No state of trials here: %s.\n", why);
	call->status = EXIT_NOT_OK;
	return -ENODEV;
}

static int show(struct call *call)
{
	struct trial_state state = { 0 };
	enum trial_store_kind kind;
	int r;

	print_boot(&call->root);
	r = find_place(call, &kind);
	if (r < 0)
		return 0;
	printf("State in %s:\n", trial_store_name(kind));
	r = trial_place_read(&call->root, kind, &state);
	if (r == 0 || r == -ENOENT) {
		print_state(&state);
		return 0;
	}
	printf("could not be read: %s; `passthru trial reset` makes it anew\n",
	       trial_store_error(r));
	call->status = EXIT_UNKNOWN;
	return 0;
}

static int forget(const struct root *root, enum trial_store_kind kind, struct trial_state *state)
{
	trial_forget(state);
	return trial_place_write(root, kind, state, 0);
}

/* What is proven stays: a host is not to lose its devices by this. */
static int reset(struct call *call)
{
	struct trial_state state = { 0 };
	enum trial_store_kind kind;
	int r = find_place(call, &kind);

	if (r < 0)
		return r;
	r = trial_place_read(&call->root, kind, &state);
	if (r == 0 && state.token == TRIAL_TOKEN_NONE) {
		puts("Nothing is armed or tried.");
		return 0;
	}
	if (r == -EBADMSG)
		r = trial_place_clear(&call->root, kind);
	else if (r == 0)
		r = forget(&call->root, kind, &state);
	if (r < 0 && r != -ENOENT) {
		fprintf(stderr, "passthru: could not reset %s: %s\n", trial_store_name(kind),
			trial_store_error(r));
		return r;
	}
	puts("The trial is forgotten. The next image that is built arms its configuration anew.");
	return 0;
}

static int prove(struct call *call)
{
	return trial_settle_proof(call, false);
}

/* The last two are for the units. */
static const struct {
	const char *name;
	int (*run)(struct call *call);
} actions[] = {
	{ "show", show },
	{ "reset", reset },
	{ "prove", prove },
	{ "wait", trial_wait },
};

static int run_trial(struct call *call)
{
	const char *name = call->operand_count ? call->operands[0] : "show";
	_cleanup_free_ char *hint = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (streq(name, actions[i].name))
			return actions[i].run(call);
	}
	hint = nearest_hint_of_list(name, "show, reset, prove or wait");
	return cli_usage_error(call, "expected show, reset, prove or wait, not '%s'%s", name, hint);
}

const struct command trial_command = {
	.name = "trial",
	.operands = "[show|reset|prove|wait]",
	.operand_max = 1,
	.summary = "which configuration is proven on this host, and which is on trial",
	.run = run_trial,
};
