/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/others.h"

#include <string.h>

/* Also what was claimed, which any loading of the driver completes. */
static bool is_ours(struct stored *stored, const struct held_device *device)
{
	const struct json_value *entry;
	const char *state;

	if (!stored->report)
		return false;
	entry = stored_find_at(stored, &device->address);
	state = stored_text(entry, "state");
	return strcmp(stored_text(entry, "driver"), device->driver) == 0 &&
	       strcmp(state, state_word(STATE_REFUSED)) != 0 &&
	       strcmp(state, state_word(STATE_RETURNED)) != 0;
}

void others_keep(struct held *held, struct stored *stored)
{
	size_t kept = 0;

	for (size_t i = 0; i < held->count; i++) {
		if (!is_ours(stored, &held->items[i]))
			held->items[kept++] = held->items[i];
	}
	held->count = kept;
}
