/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/others.h"

#include "report/json_value.h"
#include "report/note.h"
#include "util/text.h"

/* Also what was claimed, which any loading of the driver completes. */
static bool is_ours(const struct store *store, const struct held_device *device)
{
	const struct entry *entry = store_find_at(store, &device->address);

	return entry && streq(entry->driver, device->driver) && entry->state != STATE_REFUSED &&
	       entry->state != STATE_RETURNED && entry->state != STATE_UNKNOWN;
}

void others_keep(struct held *held, const struct store *store)
{
	size_t kept = 0;

	for (size_t i = 0; i < held->count; i++) {
		if (!is_ours(store, &held->items[i]))
			held->items[kept++] = held->items[i];
	}
	held->count = kept;
}

void others_record(const struct held *held, struct store *store)
{
	struct json_document *document = store->document;
	struct json_value *array =
		json_set(document, store->report, "bound_by_other", JSON_ARRAY, "");
	char name[ADDRESS_SIZE];

	for (size_t i = 0; i < held->count; i++) {
		struct json_value *object = json_new(document, NULL, JSON_OBJECT, "");

		json_set_text(document, object, "address",
			      address_format(&held->items[i].address, name));
		json_set_text(document, object, "driver", held->items[i].driver);
		json_append(array, object);
	}
}
