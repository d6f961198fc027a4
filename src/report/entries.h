/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of a report: looked up, and with thousands of them searches would take seconds. */
#ifndef PASSTHRU_REPORT_ENTRIES_H
#define PASSTHRU_REPORT_ENTRIES_H

#include "report/entry.h"

/* What becomes of a device that was read. */
enum fate { FATE_KEPT, FATE_REPLACED, FATE_FORGOTTEN };

struct entries {
	struct json_document *document;
	struct json_value *array;
	struct bucket *buckets;
	size_t size, count;
	unsigned char *fates; /* of those that were read, in order */
};

/* All of ARRAY, as long as DOCUMENT. */
void entries_read(struct entries *entries, struct json_document *document,
		  struct json_value *array);

/* In the order in which they stand there; NULL behind the last. */
struct entry *entries_first(const struct entries *entries);
struct entry *entry_next(const struct entry *entry);

/* The first that was added for RULE and ADDRESS, or NULL. */
struct entry *entries_find(const struct entries *entries, const char *rule,
			   const struct pci_address *address);

/*
 * The first that has no address and was added for RULE and LIST_ENTRY, or NULL. The rules of one
 * option have one name, so only LIST_ENTRY, as in struct entry, says which of them it is.
 */
struct entry *entries_find_absent(const struct entries *entries, const char *rule,
				  const char *list_entry);

/* The one for ADDRESS that was added next after AFTER; the first for NULL. */
struct entry *entries_next_at(const struct entries *entries, const struct pci_address *address,
			      const struct entry *after);

/* Put VALUE, a device, at the end, or in the place of ENTRY, which has it then. */
struct entry *entries_append(struct entries *entries, struct json_value *value);
void entries_replace(struct entries *entries, struct entry *entry, struct json_value *value);

void entries_remove(struct entries *entries, struct entry *entry);

#endif
