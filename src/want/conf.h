/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser of /etc/passthru.conf: text in, intent and errors out; it opens nothing. */
#ifndef PASSTHRU_WANT_CONF_H
#define PASSTHRU_WANT_CONF_H

#include <stddef.h>

#include "want/intent.h"

#define CONF_SIZE_MAX (1024 * 1024)
#define CONF_LINE_MAX 4096

/*
 * Add to INTENT what the SIZE bytes of TEXT, read from the file NAME, ask for (passthru.conf(5)).
 * Every error becomes a config-error finding that begins with "NAME:LINE: "; parsing goes on behind
 * it, so that one run shows them all. Call it once for each file, in their order.
 */
void conf_parse(struct intent *intent, const char *name, const char *text, size_t size);

#endif
