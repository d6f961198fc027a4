/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device of a report that was read, and the findings of one. */
#ifndef PASSTHRU_REPORT_ENTRY_H
#define PASSTHRU_REPORT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/observed.h"
#include "finding/catalogue.h"
#include "plan/decision.h"

struct json_document;
struct json_value;

/*
 * Texts are of printable characters (text_unescape()), as they stand in the report, and "" where
 * they do not. All of it lives as long as the report, and is of the time when that was read, or of
 * the last entry_update().
 */
struct entry {
	const char *rule, *driver, *previous_driver;
	const char *list_entry; /* of a stub driver's own option, the part that made the rule */
	const char *address_text, *state_text; /* also where these are none: */
	bool has_address, has_id;
	struct pci_address address;
	uint16_t vendor, device; /* the id */
	enum state state;        /* STATE_UNKNOWN for another word */
	const char *path;        /* as of struct pci_device */
	bool has_group;
	uint32_t group; /* of IOMMU, if it has one */
	uint32_t vfs;   /* how many virtual functions it is to have; 0 if it is no physical one */
	struct vf_values vf_wanted; /* what the rule of a VF sets of it */
	struct vf_values vf_former; /* what a VF was set to before its rule set it */
	bool is_unfinished;         /* something was begun with it, and not brought to its end */

	/* Of report/ only. */
	struct json_value *value;
	size_t number;      /* among those that were read, from 1; 0: added since */
	struct entry *next; /* in its bucket of entries.c */
};

/* An entry for VALUE, one of the report's `devices`, in DOCUMENT. */
struct entry *entry_make(struct json_document *document, struct json_value *value);

/* Read ->value, which was changed or replaced, again. */
void entry_update(struct entry *entry);

/* Whether ENTRY has the ids of DEVICE. */
bool entry_has_id_of(const struct entry *entry, const struct pci_device *device);

/* What observed_fits() and the like compare with. */
struct recorded entry_recorded(const struct entry *entry);

/* A finding on record; texts as of struct entry. */
struct recorded_finding {
	const char *code, *severity, *text, *remedy;
	const struct json_value *value; /* NULL behind the last */
};

/* The first of the findings of ENTRY, or of OWNER: the report, its IOMMU, a device or NULL. */
struct recorded_finding entry_findings(const struct entry *entry);
struct recorded_finding recorded_findings(const struct json_value *owner);
struct recorded_finding recorded_next(const struct recorded_finding *finding);

/* EACH becomes FIRST, and each finding behind it. */
#define for_each_recorded(each, first) \
	for (struct recorded_finding each = (first); each.value; each = recorded_next(&each))

bool recorded_is(const struct recorded_finding *finding, enum finding_code code);
bool recorded_has_severity(const struct recorded_finding *finding, enum severity severity);

#endif
