/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/watch.h"

#include <errno.h>
#include <string.h>

#include "plan/watch.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define WRITE_TIMEOUT_MS 3000

struct list_entry {
	const struct root *root;
	const char *path, *text;
};

static int write_entry(void *context)
{
	const struct list_entry *entry = context;

	return root_write(entry->root, entry->path, entry->text);
}

/* The driver then looks at all devices that have no driver, which can hang at one. */
static int tell_stub(const struct apply *apply, const struct decision *decision, const char *text)
{
	_cleanup_free_ char *path =
		memory_printf("sys/bus/pci/drivers/%s/%s", decision->driver,
			      decision->stub->lists_slots ? "new_slot" : "new_id");
	struct list_entry entry = { apply->root, path, text };
	int r = apply_load_driver(apply, decision);

	if (r == 0)
		r = child_run(write_entry, &entry, WRITE_TIMEOUT_MS, NULL);
	return r == -EEXIST ? 0 : r;
}

static bool is_first_of_rule(const struct plan *plan, size_t index)
{
	return index == 0 || plan->decisions[index - 1].rule != plan->decisions[index].rule;
}

void watch_arm(const struct apply *apply, struct plan *plan, const struct facts *facts)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];
		_cleanup_free_ char *text =
			is_first_of_rule(plan, i) ? watch_entry(plan, facts, decision) : NULL;
		int r;

		if (!text || clock_ms() >= apply->deadline_ms)
			continue;
		r = tell_stub(apply, decision, text);
		decision->is_armed = r == 0;
		if (r < 0)
			findings_add(&decision->findings, FINDING_WATCH_FAILED,
				     "%s cannot be told of devices that come later: %s",
				     decision->driver, strerror(-r));
	}
}
