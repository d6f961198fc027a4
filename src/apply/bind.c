/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/bind.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "apply/sysfs.h"
#include "system/child.h"
#include "util/memory.h"

#define BIND_TIMEOUT_MS 3000

/* What one child does: COUNT bindings, one after the other. */
struct batch {
	const struct root *root;
	struct binding *bindings;
	size_t count;
};

/* Claim a device that was only fenced off until now, and bind it. */
static int claim_and_bind(const struct root *root, const struct decision *decision)
{
	int r = 0;

	if (decision->stub->is_slow)
		r = sysfs_set_override(root, decision->device, decision->driver, decision->driver);
	return r < 0 ? r : sysfs_bind(root, decision->device, decision->driver);
}

static int bind_batch(void *context)
{
	const struct batch *batch = context;

	for (size_t i = 0; i < batch->count; i++)
		batch->bindings[i].result =
			claim_and_bind(batch->root, batch->bindings[i].decision);
	return 0;
}

/* When the child does not come back, another one goes on behind the device at which it hangs. */
static void bind_in_turn(const struct apply *apply, struct binding *bindings, size_t count)
{
	size_t next = 0;

	for (int left; next < count && (left = apply_time_left(apply, BIND_TIMEOUT_MS));) {
		struct batch batch = { apply->root, bindings + next, count - next };

		if (child_run(bind_batch, &batch, left, NULL) == 0)
			return;
		while (next < count && bindings[next].result != -ETIMEDOUT)
			next++;
		next++;
	}
}

/*
 * A driver that resets each device it takes sleeps most of the time, so all binds are begun at
 * once. Children, since one that hangs can be left behind; threads were no faster. The kernel's own
 * way, the module parameter async_probe, is none: most loads then took one device after the other
 * all the same.
 */
static void bind_at_once(const struct apply *apply, struct binding *bindings, size_t count)
{
	struct batch *batches = memory_new(count, sizeof(*batches));
	void **contexts = memory_new(count, sizeof(*contexts));
	int left = apply_time_left(apply, INT_MAX);

	for (size_t i = 0; i < count; i++) {
		batches[i] = (struct batch){ apply->root, &bindings[i], 1 };
		contexts[i] = &batches[i];
	}
	if (left)
		child_run_all(bind_batch, contexts, count, left);
	free(contexts);
	free(batches);
}

static int compare_slowness(const void *a, const void *b)
{
	const struct binding *left = a, *right = b;

	return left->decision->stub->is_slow - right->decision->stub->is_slow;
}

void bind_devices(const struct apply *apply, struct binding *bindings, size_t count)
{
	size_t fast = 0;

	if (!count)
		return;
	qsort(bindings, count, sizeof(*bindings), compare_slowness);
	while (fast < count && !bindings[fast].decision->stub->is_slow)
		fast++;
	for (size_t i = 0; i < count; i++)
		bindings[i].result = -ETIMEDOUT;
	bind_in_turn(apply, bindings, fast);
	if (count > fast)
		bind_at_once(apply, bindings + fast, count - fast);
}
