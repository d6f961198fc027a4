/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/compare.h"

#include <stdlib.h>

#include "report/settings.h"

struct comparison entry_compare(const struct root *root, const struct entry *entry)
{
	const struct recorded recorded = entry_recorded(entry);
	struct comparison comparison = { 0 };

	if (entry->has_address)
		observed_read(root, &entry->address, &comparison.now);
	comparison.holds = observed_fits(&comparison.now, &recorded);
	/* A claim that was completed since is as good as a bind. */
	comparison.is_ok = comparison.holds && observed_is_configured(&comparison.now, &recorded) &&
			   !entry->is_unfinished;
	if (comparison.is_ok && entry->state == STATE_BOUND)
		comparison.settings = settings_difference(root, entry);
	comparison.is_ok &= !comparison.settings;
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	free(comparison->settings);
	comparison->settings = NULL;
}
