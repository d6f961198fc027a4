/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/hotplug.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/reason.h"
#include "plan/hotplug.h"
#include "system/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define WRITE_TIMEOUT_MS 3000

/* What one stub driver is told, for all decisions that would have it told the same. */
struct announcement {
	const struct decision *decision; /* the first of these */
	char *path, *text; /* what to write where; no text: the host has such a device */
	int result;
};

struct announcements {
	const struct root *root;
	struct announcement *items;
	size_t count;
	size_t *places;     /* a hash table of their numbers, from 1; 0: none */
	size_t place_count; /* a power of two */
	int *results;       /* one for each, shared with the child */
};

static const char *file_of(const struct decision *decision)
{
	return decision->stub->lists_slots ? "new_slot" : "new_id";
}

/* COUNT entries, and twice as many places, so that those with one key are soon told apart. */
static void make_room(struct announcements *entries, size_t count)
{
	entries->items = memory_new(count, sizeof(*entries->items));
	entries->place_count = 1;
	while (entries->place_count < count * 2 + 1)
		entries->place_count *= 2;
	entries->places = memory_new(entries->place_count, sizeof(*entries->places));
}

/* Where the entry for DECISION is, or is to be. */
static size_t *find_place(const struct announcements *entries, const struct decision *decision)
{
	size_t i = hotplug_key(decision) & (entries->place_count - 1);

	while (entries->places[i] &&
	       !hotplug_is_same(entries->items[entries->places[i] - 1].decision, decision))
		i = (i + 1) & (entries->place_count - 1);
	return &entries->places[i];
}

static struct announcement *find_same(const struct announcements *entries,
				      const struct decision *decision)
{
	size_t number = *find_place(entries, decision);

	return number ? &entries->items[number - 1] : NULL;
}

static void add_entry(struct announcements *entries, const struct plan *plan,
		      const struct decision *decision)
{
	size_t *place = find_place(entries, decision);
	struct announcement *entry;

	if (*place)
		return;
	entry = &entries->items[entries->count++];
	*place = entries->count;
	entry->decision = decision;
	entry->text = hotplug_entry(plan, decision);
	entry->path = memory_printf(PCI_DRIVERS "/%s/%s", decision->driver, file_of(decision));
}

static bool is_first_of_rule(const struct plan *plan, size_t index)
{
	return index == 0 || plan->decisions[index - 1].rule != plan->decisions[index].rule;
}

static bool is_told(const struct plan *plan, size_t index)
{
	const struct decision *decision = &plan->decisions[index];

	return hotplug_is_wanted(decision) &&
	       (is_first_of_rule(plan, index) || hotplug_is_of_device(decision));
}

/* Of what is written into the list of a driver, that driver tries all devices without one. */
static int write_entries(void *context)
{
	const struct announcements *entries = context;

	for (size_t i = 0; i < entries->count; i++) {
		const struct announcement *entry = &entries->items[i];

		if (entry->text && entry->result == 0)
			entries->results[i] = root_write(entries->root, entry->path, entry->text);
	}
	return 0;
}

/* Load the stub drivers that are to be told something. Returns whether one is there. */
static bool load_stubs(const struct apply *apply, const struct announcements *entries)
{
	bool has_stub = false;

	for (size_t i = 0; i < entries->count; i++) {
		struct announcement *entry = &entries->items[i];

		if (entry->text)
			entry->result = apply_load_driver(apply, entry->decision);
		has_stub |= entry->text && entry->result == 0;
	}
	return has_stub;
}

/* Something went wrong with a device: it may be one that hangs, with an override for the driver. */
static bool may_hang(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].verdict == VERDICT_TAKE &&
		    plan->decisions[i].state != STATE_BOUND)
			return true;
	}
	return false;
}

/* No stub knows of anything, because of ERROR. */
static void leave_untold(struct announcements *entries, int error)
{
	for (size_t i = 0; i < entries->count; i++) {
		if (entries->items[i].result == 0)
			entries->items[i].result = error;
	}
}

static void tell_stubs(const struct apply *apply, const struct plan *plan,
		       struct announcements *entries)
{
	size_t size = entries->count * sizeof(*entries->results);
	int left;

	if (!load_stubs(apply, entries))
		return;
	left = apply_time_left(apply, WRITE_TIMEOUT_MS);
	if (!left) {
		leave_untold(entries, -ETIME);
		return;
	}
	entries->results = child_share(size);
	for (size_t i = 0; entries->results && i < entries->count; i++)
		entries->results[i] = -ETIMEDOUT;
	if (entries->results && may_hang(plan))
		child_run(write_entries, entries, left, NULL);
	else if (entries->results)
		write_entries(entries);
	for (size_t i = 0; i < entries->count; i++) {
		struct announcement *entry = &entries->items[i];
		int written = entries->results ? entries->results[i] : -ENOMEM;

		if (entry->result == 0 && written != -EEXIST)
			entry->result = written;
	}
	child_unshare(entries->results, size);
}

static void note_entry(struct decision *decision, const struct announcement *entry)
{
	if (!entry || !entry->text)
		return;
	decision->is_armed = entry->result == 0;
	if (entry->result < 0)
		findings_add(&decision->findings, FINDING_WATCH_FAILED,
			     "could not announce hot-plugged devices to %s: %s", decision->driver,
			     reason_text(FINDING_WATCH_FAILED, entry->result));
}

static void entries_free(struct announcements *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		free(entries->items[i].path);
		free(entries->items[i].text);
	}
	free(entries->items);
	free(entries->places);
}

void hotplug_arm(const struct apply *apply, struct plan *plan)
{
	_cleanup_(entries_free) struct announcements entries = { .root = apply->root };

	make_room(&entries, plan->count);
	for (size_t i = 0; i < plan->count; i++) {
		if (is_told(plan, i))
			add_entry(&entries, plan, &plan->decisions[i]);
	}
	/* A device that could not be read may be such a one, and no guard has seen it. */
	if (plan->facts->left_out_count)
		leave_untold(&entries, -ENODATA);
	else
		tell_stubs(apply, plan, &entries);
	for (size_t i = 0; i < plan->count; i++) {
		if (is_told(plan, i))
			note_entry(&plan->decisions[i], find_same(&entries, &plan->decisions[i]));
	}
}
