/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report of an earlier run, which later ones read and change (note.h). */
#ifndef PASSTHRU_REPORT_STORE_H
#define PASSTHRU_REPORT_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/entries.h"
#include "report/record.h"
#include "system/file.h"
#include "system/root.h"

struct store {
	struct json_value *report; /* it has the shape of passthru-report(5); NULL: there is none */
	struct entries entries;    /* its devices */
	struct json_document *document;
	char *text; /* as it was read; NULL when it was begun here */
	size_t size;
	struct root_room room; /* for the next store_write() */
	int lock_fd;           /* negative when it was only read */
};

/*
 * Read the report below ROOT, also where it waits for its place in /run. Texts in it are of
 * printable characters then. -ENOENT without one, -EBADMSG when it is none. store_close() takes
 * one that did not open.
 */
int store_read(const struct root *root, struct store *ret);

/*
 * Have others who change the report wait, until root_unlock(); for those who replace the whole of
 * it. Negative errno where that is not possible within two seconds: a boot does not wait longer.
 */
int store_take_lock(const struct root *root);

/* store_read() for a change: other runs wait for store_close(), but no longer than two seconds. */
int store_lock(const struct root *root, struct store *ret);

/* store_lock(); where there is no report yet, FRESH is one. */
int store_begin(const struct root *root, const struct record *fresh, struct store *ret);

/*
 * store_write() for what is about to be done; and set room aside for the one behind it, MORE bytes
 * than the report has now, so that it will not fail for want of it. Neither has happened when this
 * fails, with -ENOSPC or another negative errno.
 */
int store_announce(const struct root *root, struct store *store, size_t more);

/*
 * Write the report, in one step, to its place in /run, and to no other. What is there stays where
 * that fails: -EBADMSG when a device or a finding would be lost that nobody has removed, -EFBIG
 * when it could not be read again.
 */
int store_write(const struct root *root, struct store *store);

/* What is to be said of ERROR, which a function gave that writes, or one that reads. */
const char *store_write_error(int error);
const char *store_read_error(int error);

/* The report as text; the caller frees it. */
char *store_to_json(const struct store *store);

void store_close(struct store *store);

/* What the report says of the run that began it; texts as of struct entry. */
struct store_head {
	const char *program, *kernel, *duration_us;
	const char *config_sha256;
	const char *options_sha256; /* NULL: by an agent that knew nothing of these options */
};

struct store_head store_head(const struct store *store);

/* EACH becomes each device of STORE, in the order of the report; none may be removed meanwhile. */
#define for_each_entry(each, store) \
	for (struct entry *each = entries_first(&(store)->entries); each; each = entry_next(each))

#endif
