/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/units.h"

#include "util/cleanup.h"
#include "util/memory.h"

/* Of sd_booted(3). */
#define SYSTEMD "run/systemd/system"

/* One that cannot be read counts as not enabled: then all is as without trials. */
static bool is_enabled(const struct root *root, const char *unit, const char *target)
{
	static const char *const folders[] = { "etc/systemd/system", "usr/lib/systemd/system",
					       "lib/systemd/system" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		_cleanup_free_ char *path =
			memory_printf("%s/%s.wants/%s", folders[i], target, unit);

		if (root_exists(root, path) == 0)
			return true;
	}
	return false;
}

const char *trial_units_obstacle(const struct root *root, enum trial_choice proof)
{
	if (root_exists(root, SYSTEMD) < 0)
		return "the host does not run systemd, whose units end a trial";
	if (!is_enabled(root, "passthru-verify.service", "multi-user.target"))
		return "passthru-verify.service is not enabled: systemctl enable passthru-verify";
	if (!is_enabled(root, "passthru-prove.service", "multi-user.target"))
		return "passthru-prove.service is not enabled: systemctl enable passthru-prove";
	if (proof == TRIAL_CONFIRM &&
	    !is_enabled(root, "passthru-confirm.service", "sysinit.target"))
		return "passthru-confirm.service is not enabled: systemctl enable passthru-confirm";
	return NULL;
}
