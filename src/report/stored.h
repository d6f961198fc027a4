/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record that an earlier run left: read, and changed by those who come behind it. */
#ifndef PASSTHRU_REPORT_STORED_H
#define PASSTHRU_REPORT_STORED_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "apply/standing.h"
#include "plan/plan.h"
#include "report/record.h"
#include "util/root.h"

struct stored {
	struct json_object *report; /* it has the shape of passthru-init(8), REPORT */
	int lock_fd;                /* negative when it was only read */
};

/*
 * Read the record below ROOT, also where it waits for its place in /run. Whatever in it would have
 * to be escaped is escaped. -ENOENT without one, -EBADMSG when it is none. stored_close() takes one
 * that did not open.
 */
int stored_read(const struct root *root, struct stored *ret);

/* The same for a change: other runs wait for stored_close(), but no longer than two seconds. */
int stored_lock(const struct root *root, struct stored *ret);

/* The same; where there is no record yet, FRESH is one. */
int stored_begin(const struct root *root, const struct record *fresh, struct stored *ret);

/*
 * Note how DECISION ended: state, driver and errno of its entry are replaced, the previous driver
 * where there is one, findings appended that it does not have. Without an entry for its rule and
 * address one is added, in the place of one that the rule has for a device which was absent. One
 * that was waiting is replaced as a whole.
 */
void stored_note(struct stored *stored, const struct decision *decision);

/* The last entry for the device at ADDRESS, or NULL. */
struct json_object *stored_find_at(const struct stored *stored, const struct pci_address *address);

/* The state of the device at ADDRESS on record, by the last of its entries; "" when it is not
 * there. */
const char *stored_state(const struct stored *stored, const struct pci_address *address);

/* Remove all entries for the device at ADDRESS. */
void stored_forget(struct stored *stored, const struct pci_address *address);

/* The entry for the rule and the device of DECISION, or NULL. */
struct json_object *stored_find(const struct stored *stored, const struct decision *decision);

/* Append to OBJECT, the record itself or one of its devices, the FINDINGS that it does not have. */
void stored_add(struct json_object *object, const struct findings *findings);

/* Note whether all devices were found as wanted in the running system. */
void stored_set_verified(struct stored *stored, bool is_verified);

/* One of the findings of REPORT that are of no device, or of its IOMMU, is an error. */
bool stored_has_error(struct json_object *report);

/* Write the record, in one step, to its place in /run, and to no other. */
int stored_write(const struct root *root, const struct stored *stored);

void stored_close(struct stored *stored);

/* The text under KEY of OBJECT, or "". */
const char *stored_text(struct json_object *object, const char *key);

/* What the entry DEVICE says of state, driver and virtual functions; texts as of stored_text(). */
struct recorded stored_recorded(struct json_object *device);

/* The array under KEY as its length; *RET_ARRAY is only for use up to that. */
size_t stored_array(struct json_object *object, const char *key, struct json_object **ret_array);

#endif
