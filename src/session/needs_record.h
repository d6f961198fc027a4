/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of what the host needs, in the image that was made on it. */
#ifndef PASSTHRU_SESSION_NEEDS_RECORD_H
#define PASSTHRU_SESSION_NEEDS_RECORD_H

#include "facts/facts.h"
#include "session/sources.h"
#include "system/root.h"

#define NEEDS_RECORD "usr/lib/passthru/needs"

/*
 * Read the record below IMAGE, for the host below ROOT, into FACTS->needs and say in
 * FACTS->needs_state what it is worth; what is wrong with it becomes a finding. One that was made
 * on another machine counts as none. SINK (or NULL) gets it as it is.
 */
void needs_record_read(const struct root *root, const struct root *image, struct facts *facts,
		       text_sink sink, void *sink_context);

#endif
