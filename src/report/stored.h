/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record that an earlier run left: read, and changed by those who come behind it. */
#ifndef PASSTHRU_REPORT_STORED_H
#define PASSTHRU_REPORT_STORED_H

#include <stdbool.h>
#include <stddef.h>

#include "apply/observed.h"
#include "plan/decision.h"
#include "report/json_value.h"
#include "report/record.h"
#include "system/file.h"
#include "system/root.h"

struct stored {
	struct json_value *report; /* it has the shape of passthru-report(5) */
	struct json_document document;
	struct stored_origin *origin; /* what was read, and what is to become of it */
	struct stored_index *index;   /* made with the first look-up */
	struct root_room room;        /* for the next stored_write() */
	int lock_fd;                  /* negative when it was only read */
};

/*
 * Read the record below ROOT, also where it waits for its place in /run. Texts in it are of
 * printable characters then. -ENOENT without one, -EBADMSG when it is none. stored_close() takes
 * one that did not open.
 */
int stored_read(const struct root *root, struct stored *ret);

/*
 * Have others who change the record wait, until root_unlock(); for those who replace the whole of
 * it. Negative errno where that is not possible within two seconds: a boot does not wait longer.
 */
int stored_take_lock(const struct root *root);

/* stored_read() for a change: other runs wait for stored_close(), but no longer than two seconds.
 */
int stored_lock(const struct root *root, struct stored *ret);

/* stored_lock(); where there is no record yet, FRESH is one. */
int stored_begin(const struct root *root, const struct record *fresh, struct stored *ret);

/*
 * Note how DECISION ended: state, driver and errno of its entry are replaced, the previous driver
 * where there is one, findings appended that it does not have. Without an entry for its rule and
 * address one is added, in the place of one that the rule has for a device which was absent. One
 * that was waiting is replaced as a whole.
 */
void stored_note(struct stored *stored, const struct decision *decision);

/*
 * Note that PROGRAM is about to carry out DECISION, which has a device: its entry gets the finding
 * `unfinished`, and the previous driver. Without an entry for the device one is added, of state
 * `planned`. stored_settle() undoes it, once what came of it has been noted, if anything has: it
 * takes such findings away, and entries that are still planned.
 */
void stored_intend(struct stored *stored, const struct decision *decision, const char *program);
void stored_settle(struct stored *stored, const struct pci_address *address);

/* Something was begun with the device of the entry DEVICE, and not brought to its end. */
bool stored_is_unfinished(const struct json_value *device);

/* The last entry for the device at ADDRESS, or NULL. Where two rules are about it, a refused one
 * only if both are. */
struct json_value *stored_find_at(struct stored *stored, const struct pci_address *address);

/* The state of the device at ADDRESS on record, by the entry that stored_find_at() finds; "" when
 * it is not there. */
const char *stored_state(struct stored *stored, const struct pci_address *address);

/* Remove all entries for the device at ADDRESS. */
void stored_forget(struct stored *stored, const struct pci_address *address);

/* The entry for the rule and the device of DECISION, or NULL. */
struct json_value *stored_find(struct stored *stored, const struct decision *decision);

/* Append to OBJECT, the record itself or one of its devices, the FINDINGS that it does not have. */
void stored_add(struct stored *stored, struct json_value *object, const struct findings *findings);

/* Note whether all devices were found in the configured state in the running system. */
void stored_set_verified(struct stored *stored, bool is_verified);

/* One of the findings of REPORT that are of no device, or of its IOMMU, is an error. */
bool stored_has_error(const struct json_value *report);

/*
 * stored_write() for what is about to be done; and set room aside for the one behind it, MORE bytes
 * than the record has now, so that it will not fail for want of it. Neither has happened when this
 * fails, with -ENOSPC or another negative errno.
 */
int stored_announce(const struct root *root, struct stored *stored, size_t more);

/*
 * Write the record, in one step, to its place in /run, and to no other. What is there stays where
 * that fails: -EBADMSG when a device or a finding would be lost that nobody has removed, -EFBIG
 * when it could not be read again.
 */
int stored_write(const struct root *root, struct stored *stored);

/* What is to be said of ERROR, which one of these gave. */
const char *stored_write_error(int error);

void stored_close(struct stored *stored);

/* The text under KEY of OBJECT, or "". */
const char *stored_text(const struct json_value *object, const char *key);

/* What the entry DEVICE says of state, driver and virtual functions; texts as of stored_text(). */
struct recorded stored_recorded(const struct json_value *device);

/* The first element of the array under KEY of OBJECT, or NULL. The others are its ->next. */
struct json_value *stored_first(const struct json_value *object, const char *key);

#endif
