/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of [passthru], [device] and [sriov]. A new one is a row in keys.c. */
#ifndef PASSTHRU_WANT_KEYS_H
#define PASSTHRU_WANT_KEYS_H

#include "want/rule.h"

/*
 * Set KEY of [passthru] to VALUE. 0; or -ENOENT unknown key, with *RET_EXPECTED as the end of a
 * message: "; did you mean 'KEY'?" or ""; -EEXIST given twice; -EINVAL bad value, with
 * *RET_EXPECTED saying what would be right. The caller frees *RET_EXPECTED, which is else
 * untouched.
 */
int settings_set(struct options *settings, const char *key, const char *value, char **ret_expected);

/* The same for the keys of a rule's section. */
int rule_set(struct rule *rule, const char *key, const char *value, char **ret_expected);

/* Append to NAMES what the key "driver" can be set to. */
void key_list_drivers(struct names *names);

#endif
