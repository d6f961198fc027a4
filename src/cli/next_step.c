/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/next_step.h"

#include "cli/rebuild.h"
#include "report/compare.h"
#include "report/note.h"
#include "util/memory.h"

/* What is left to the host is what it was. */
static bool is_as_planned(const struct root *root, struct store *store,
			  const struct decision *decision)
{
	const struct entry *entry;
	struct comparison is;

	if (decision->state != STATE_PLANNED)
		return true;
	entry = store_find_at(store, &decision->device->address);
	if (!entry)
		return false;
	is = entry_compare(root, entry);
	return decision->verdict == VERDICT_HOLD ? is.holds : is.is_ok;
}

char *next_step(const struct root *root, struct store *store, const struct plan *plan)
{
	if (!store->report || rebuild_is_due(root, store))
		return memory_printf("%s, then reboot", rebuild_command(root));
	for_each_decision(decision, plan) {
		if (!is_as_planned(root, store, decision))
			return memory_dup("reboot");
	}
	return NULL;
}
