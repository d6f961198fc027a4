/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/use.h"

#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/stub.h"

#define REASON_SEPARATOR ", "

/* TEXT and BRIEF are ITEM's from here on. */
static void set(struct item *item, enum use_kind kind, char *text, char *brief)
{
	item->use = (struct use){ .kind = kind, .text = text, .brief = brief };
}

static void set_words(struct item *item, enum use_kind kind, const char *text, const char *brief)
{
	set(item, kind, memory_dup(text), brief ? memory_dup(brief) : NULL);
}

static bool is_unread(const struct item *item)
{
	return item->device->unread[UNREAD_GUARD] || item->device->unread[UNREAD_GROUP];
}

static void set_rule(struct item *item)
{
	static const char *const words[] = {
		[VERDICT_REFUSE] = "refused",  [VERDICT_HOLD] = "held",
		[VERDICT_ABSENT] = "absent",   [VERDICT_DIVIDE] = "VFs",
		[VERDICT_RETURN] = "returned",
	};

	if (item->is_taken)
		set(item, USE_TAKEN, memory_printf("taken by rule %s", item->rule),
		    memory_printf("rule %s", item->rule));
	else
		set(item, USE_RULE, memory_printf("rule %s: %s", item->rule, words[item->verdict]),
		    memory_printf("%s: %s", item->rule, words[item->verdict]));
}

/* "/ on /dev/vda1, swap on /dev/vda2": "/, swap" */
static void put_mounts(struct buffer *text, const char *why)
{
	_cleanup_free_ char *copy = memory_dup(why);

	for (char *part = copy, *next; part; part = next) {
		char *end;

		next = strstr(part, REASON_SEPARATOR);
		if (next) {
			*next = '\0';
			next += strlen(REASON_SEPARATOR);
		}
		end = strstr(part, " on /");
		if (end)
			*end = '\0';
		buffer_printf(text, "%s%s", text->length ? ", " : "", part);
	}
}

/* What the host needs it for, or where it needs a disk, what is mounted from it. */
static void put_need(struct buffer *text, const struct need *need)
{
	if (need->kind == NEED_STORAGE)
		put_mounts(text, need->why);
	else
		buffer_printf(text, "%s%s", text->length ? ", " : "", need_word(need->kind));
}

static bool set_host(const struct inventory *inventory, struct item *item)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };
	const struct need *need;
	size_t next = 0, first;

	while ((need = inventory_next_need(inventory, item, &next)))
		put_need(&text, need);
	if (!text.length)
		return false;
	first = strcspn(text.text, ",");
	set(item, USE_HOST, memory_printf("host: %s", text.text),
	    memory_printf("host: %.*s%s", (int)first, text.text,
			  first < text.length ? ", ..." : ""));
	return true;
}

/* Those besides ITEM that VFIO minds. */
static size_t count_others(const struct inventory *inventory, const struct item *item)
{
	const struct item *other;
	size_t next = 0, count = 0;

	while ((other = inventory_next_member(inventory, item, &next)))
		count += !inventory_is_bridge(other);
	return count;
}

/* Not all needs of the host could be resolved, and they may lead to ITEM. */
static bool may_be_needed(const struct inventory *inventory, const struct item *item)
{
	const struct pci_device *device = item->device;

	return inventory->session.findings.count &&
	       (device_is_storage(device) || device_is_network(device) || device_is_usb(device));
}

/* It is the host's, and could be a guest's. */
static void set_spare(const struct inventory *inventory, struct item *item)
{
	const struct pci_device *device = item->device;
	size_t others = count_others(inventory, item);

	if (device->group_awaits_bind)
		set_words(item, USE_UNKNOWN, "group unknown until bound", "group unknown");
	else if (!device->translated)
		set_words(item, USE_BARRED, "no IOMMU", NULL);
	else if (device->has_direct_region)
		set_words(item, USE_BARRED, "firmware memory (RMRR)", "RMRR");
	else if (others)
		set(item, USE_SHARED,
		    memory_printf("shares group %d with %zu other%s", device->group, others,
				  others == 1 ? "" : "s"),
		    memory_printf("shares with %zu", others));
	else if (device->reset == RESET_NONE || device->reset == RESET_WEAK)
		set_words(item, USE_LIMITED,
			  device->reset == RESET_NONE ? "no reset" : "weak reset", NULL);
	else if (may_be_needed(inventory, item))
		set_words(item, USE_UNKNOWN, "free, unless the host needs it", "free?");
	else
		set_words(item, USE_FREE, "free", NULL);
}

static bool set_other(struct item *item)
{
	if (item->is_binder_unknown)
		set_words(item, USE_OTHER, "bound, perhaps by another program", "bound by ?");
	else if (item->is_bound_by_other)
		set_words(item, USE_OTHER, "bound by another program", "other program");
	else if (stub_of_driver(item->driver))
		set_words(item, USE_OTHER, "bound by passthru", NULL);
	else
		return false;
	return true;
}

void use_find(const struct inventory *inventory, struct item *item)
{
	const struct pci_device *device = item->device;

	if (is_unread(item))
		set_words(item, USE_UNKNOWN, "could not be read", "unreadable");
	else if (item->rule && (item->is_taken || !device_is_infrastructure(device)))
		set_rule(item);
	else if (device_is_infrastructure(device))
		set_words(item, USE_CHIPSET, device->class >> 16 == 6 ? "bridge" : "chipset", NULL);
	else if (!set_host(inventory, item) && !set_other(item))
		set_spare(inventory, item);
}
