/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/boot_rules.h"

#include <errno.h>

#include "plan/match.h"
#include "report/record.h"
#include "util/cleanup.h"

bool boot_rules_may_match(const struct session *session, const struct pci_device *device)
{
	_cleanup_(root_close) struct root image = { .fd = -1 };
	const struct sources_request request = { .machine = &image };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ size_t *rule_of = NULL;
	int r = root_enter(session->input.root, IMAGE_COPY_DIRECTORY, &image);

	if (r < 0)
		return r != -ENOENT;
	sources_read(&image, &request, session->cmdline, &want);
	if (want.has_errors)
		return true;
	rule_of = match_rules(&want, &session->facts);
	return rule_of[device - session->facts.devices] != RULE_NONE;
}
