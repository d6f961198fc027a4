/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbers of the users and groups that rules name as owners. A program that is static, in an
 * image without accounts, cannot look for them: who builds the image does, and puts them into it,
 * "user NAME NUMBER" and "group NAME NUMBER", a line each.
 */
#ifndef PASSTHRU_SESSION_OWNERS_H
#define PASSTHRU_SESSION_OWNERS_H

#include "session/sources.h"
#include "system/root.h"
#include "want/want.h"

#define OWNERS_RECORD "usr/lib/passthru/owners"

/* The number of the "user" or "group" NAME as text, which the caller frees; NULL for none. */
typedef char *owner_finder(const char *kind, const char *name, void *context);

/*
 * Put numbers for the names in the owner of RULE. Where one is not found, its owner is forgotten,
 * and the name returned; the caller frees it.
 */
char *owners_resolve(struct rule *rule, owner_finder *find, void *context);

/*
 * The same for all rules of WANT with the record below IMAGE, which SINK (or NULL) gets as it is.
 * A name that is not in it becomes a finding.
 */
void owners_recall(const struct root *image, text_sink sink, void *sink_context, struct want *want,
		   struct findings *findings);

#endif
