/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-ups among the devices of a record: with thousands of them, searches take seconds. */
#ifndef PASSTHRU_REPORT_STORED_INDEX_H
#define PASSTHRU_REPORT_STORED_INDEX_H

#include "report/json_value.h"

struct stored_index;

/* An index of the elements of DEVICES, as long as DOCUMENT. Later ones have to be added. */
struct stored_index *stored_index_make(struct json_document *document,
				       const struct json_value *devices);
void stored_index_add(struct stored_index *index, struct json_document *document,
		      struct json_value *device);
void stored_index_remove(struct stored_index *index, const struct json_value *device);

/* The first entry that was added for RULE and ADDRESS, which is "" where it has none, or NULL. */
struct json_value *stored_index_find(const struct stored_index *index, const char *rule,
				     const char *address);

/* The one for ADDRESS, which is not "", that was added next after AFTER; the first for NULL. */
struct json_value *stored_index_next_at(const struct stored_index *index, const char *address,
					const struct json_value *after);

#endif
