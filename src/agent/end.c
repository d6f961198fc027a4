/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No run of the agent fails in silence: the caller may keep neither output nor exit status. */
#include "agent/agent.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static const struct {
	enum severity severity;
	const char *text;
} ends[] = {
	[EXIT_NOT_OK] = { SEVERITY_WARNING, "a device is not in the configured state" },
	[EXIT_ERRORS] = { SEVERITY_ERROR, "the configuration has errors, nothing was done" },
	[EXIT_UNKNOWN] = { SEVERITY_ERROR, "could not read the host, or did not finish" },
};

void agent_tell_status(struct agent *agent, int status)
{
	const char *option = agent->mode->option;
	char address[ADDRESS_SIZE] = "";
	_cleanup_free_ char *text = NULL;

	if (status <= EXIT_OK || status >= (int)ARRAY_SIZE(ends))
		return;
	if (agent->mode->has_device)
		address_format(&agent->address, address);
	text = memory_printf(
		"%s: passthru-init%s%s%s%s: exit status %d: %s (see the lines before it)",
		severity_word(ends[status].severity), *option ? " " : "", option,
		*address ? " " : "", address, status, ends[status].text);
	log_line(ends[status].severity, text, &agent->log);
}

/* Such as udev, by a rule that an agent of another version wrote. */
void agent_tell_usage(char **argv)
{
	_cleanup_(root_close) struct root root = { .fd = -1 };
	_cleanup_(buffer_free) struct buffer call = { 0 };
	_cleanup_free_ char *escaped = NULL, *text = NULL;
	struct log log = { &root, true, { 0 } };

	if (root_open("/", &root) < 0)
		return;
	for (char **argument = argv + 1; *argument; argument++)
		buffer_printf(&call, " %s", *argument);
	escaped = text_escape(call.text ? call.text : "");
	text = memory_printf("error: passthru-init%s: exit status %d: wrong usage (see "
			     "passthru-init(8), OPTIONS; rebuild the image if it is older)",
			     escaped, EXIT_USAGE);
	log_line(SEVERITY_ERROR, text, &log);
	log_end(&log);
}
