/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a rule that a command has as options. */
#ifndef PASSTHRU_CLI_RULE_KEYS_H
#define PASSTHRU_CLI_RULE_KEYS_H

#include "cli/command.h"
#include "want/rule.h"

/*
 * Set in RULE what the options of CALL give its keys. -EINVAL for a bad value, which is said, with
 * the exit status in CALL.
 */
int rule_keys_set(struct call *call, struct rule *rule);

/* The same as lines of passthru.conf(5). The caller frees it. */
char *rule_keys_text(const struct call *call);

/* At least one was given. */
bool rule_keys_given(const struct call *call);

#endif
