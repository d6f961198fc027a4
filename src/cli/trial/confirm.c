/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru confirm: the administrator reaches the host, so its configuration is proven. */
#include "cli/trial/prove.h"
#include "cli/trial/wait.h"
#include "util/cleanup.h"

struct confirm_options {
	bool later;
};

static int run_confirm(struct call *call)
{
	const struct confirm_options *options = call->options;

	return options->later ? trial_postpone(call) : trial_settle_proof(call, true);
}

static const struct command_option accepted[] = {
	{ .name = "later",
	  .offset = offsetof(struct confirm_options, later),
	  .meaning = "not yet: begin the time to confirm in anew" },
};

const struct command confirm_command = {
	.name = "confirm",
	.operands = "",
	.summary = "keep the configuration that is on trial in this boot",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct confirm_options),
	.run = run_confirm,
};
