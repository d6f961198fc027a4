/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru modules: how to load the stub drivers, as the list that the agent follows. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/command.h"
#include "cli/image/contents.h"
#include "cli/image/fill.h"
#include "cli/message.h"
#include "system/module.h"
#include "util/cleanup.h"

static int resolve(struct call *call, const char *release, struct module_list *list)
{
	_cleanup_(session_free) struct session session = { 0 };
	const struct session_input input = fill_input(&call->root, NULL);
	int r = session_read_next_boot(&session, &input, NULL);

	if (r == 0 && !session.want.has_errors)
		fill_look(&session, NULL);
	r = contents_resolve_modules(&session, release, list);
	if (r < 0)
		fprintf(stderr,
			"passthru: could not list the modules of /" MODULE_TREES "/%s: %s\n",
			release, strerror(-r));
	return r;
}

static int run_modules(struct call *call)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *text = NULL;
	struct utsname kernel;
	const char *release;
	int r;

	uname(&kernel);
	release = call->operand_count ? call->operands[0] : kernel.release;
	if (strchr(release, '/'))
		return cli_usage_error(call, "no kernel release: '%s'", release);
	r = resolve(call, release, &list);
	if (r < 0)
		return r;
	text = module_list_format(&list);
	fputs(text, stdout);
	return 0;
}

const struct command modules_command = {
	.name = "modules",
	.operands = "[RELEASE]",
	.operand_max = 1,
	.summary = "how a kernel loads the stub drivers: the module list of an image",
	.run = run_modules,
};
