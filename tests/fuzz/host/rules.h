/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules as texts, written by others than those who read them. */
#ifndef PASSTHRU_FUZZ_RULES_H
#define PASSTHRU_FUZZ_RULES_H

#include "want/intent.h"

/* A file in the form of passthru.conf(5) with the rules of INTENT. The caller frees it. */
char *rules_to_conf(const struct intent *intent);

/* The same as passthru.device= and passthru.sriov=. */
char *rules_to_cmdline(const struct intent *intent);

/* What conf.c puts into its inputs. */
extern const char *const conf_words[];

#endif
