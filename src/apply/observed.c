/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/observed.h"

#include <string.h>

#include "apply/sysfs.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"
#include "want/vf.h"

void standing_read(const struct root *root, const char *address, struct standing *ret)
{
	_cleanup_free_ char *device = memory_printf(PCI_DEVICES "/%s", address);
	_cleanup_free_ char *link = memory_printf("%s/driver", device);
	_cleanup_free_ char *override = memory_printf("%s/driver_override", device);
	_cleanup_free_ char *vfs = memory_printf("%s/sriov_numvfs", device);
	char count[16];

	*ret = (struct standing){ .is_present = root_exists(root, device) == 0 };
	root_link_name(root, link, ret->driver, sizeof(ret->driver));
	if (!text_is_plain(ret->driver))
		strcpy(ret->driver, "?");
	root_read_attribute(root, override, ret->override, sizeof(ret->override));
	if (root_read_attribute(root, vfs, count, sizeof(count)) >= 0)
		parse_decimal(count, VF_COUNT_MAX, &ret->vfs);
}

/* The states after which a device may have any driver; a word that is no state is none of them. */
static bool promises_nothing(const char *state)
{
	static const char *const states[] = { "planned", "refused",  "failed",
					      "absent",  "returned", "waiting" };

	return text_is_one_of(state, states, ARRAY_SIZE(states));
}

bool standing_fits(const struct standing *standing, const struct recorded *recorded)
{
	const char *state = recorded->state, *driver = recorded->driver;
	bool has_stub = streq(standing->driver, driver);

	if (streq(state, "bound"))
		return has_stub;
	if (streq(state, "ready"))
		return has_stub && (!recorded->vfs || standing->vfs == recorded->vfs);
	if (streq(state, "claimed"))
		return has_stub || (!standing->driver[0] && streq(standing->override, driver));
	if (streq(state, "held"))
		return standing->is_present && !standing->driver[0] &&
		       streq(standing->override, HOLD_OVERRIDE);
	return promises_nothing(state);
}

bool standing_is_configured(const struct standing *standing, const struct recorded *recorded)
{
	if (recorded->vfs && !streq(recorded->state, "ready"))
		return false;
	return *recorded->driver && streq(standing->driver, recorded->driver);
}

char *standing_text(const struct standing *standing, const struct recorded *recorded)
{
	const char *driver = standing->driver[0] ? standing->driver : "no driver";

	if (!standing->is_present)
		return memory_printf("gone");
	if (!recorded->vfs)
		return memory_printf("%s", driver);
	return memory_printf("%s, %u VFs", driver, standing->vfs);
}
