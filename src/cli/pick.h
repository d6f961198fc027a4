/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices that a user names on the command's own line. */
#ifndef PASSTHRU_CLI_PICK_H
#define PASSTHRU_CLI_PICK_H

#include <stdbool.h>

#include "cli/command.h"
#include "session/session.h"
#include "util/names.h"

/*
 * Mark in PICKED, which has one element for each device of SESSION, those that the operands name:
 * an address (its function may be '*'), a filter in lspci's form "10de::0300", either also in a
 * spelling of pasted_plain(), or the name of a rule. Negative errno, with the exit status in CALL,
 * for an operand that is none of these, and for one that names no device of this host; those that
 * are spelled nearly the same are said then.
 */
int pick_devices(struct call *call, struct session *session, bool picked[]);

/* Words that name devices besides: classes, for example. */
struct pick_words {
	const struct names *words;
	/* WORD means device number DEVICE of the session. */
	bool (*means)(const char *word, size_t device, const void *context);
	const void *context;
};

/*
 * The same, where a word of WORDS names the devices that it means, if any, besides those of a rule
 * with this name.
 */
int pick_devices_or_words(struct call *call, struct session *session,
			  const struct pick_words *words, bool picked[]);

/* pick_devices() for one operand TEXT, after session_match(). */
int pick_operand(struct call *call, const char *text, struct session *session, bool picked[]);

/* TEXT is an address or a filter, and no rule's name. */
bool pick_is_device(const char *text);

#endif
