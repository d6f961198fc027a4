/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration that an image has in the place of one with errors: a package manager's build
 * may not fail for those, since a kernel without an image would boot next.
 */
#ifndef PASSTHRU_SESSION_FALLBACK_H
#define PASSTHRU_SESSION_FALLBACK_H

#include "finding/finding.h"
#include "system/root.h"

/* In an image that has another configuration than the one it was made for: why, a text. */
#define FALLBACK_NOTE "usr/lib/passthru/fallback"

/* If IMAGE has such a note, or one that cannot be read, that is a finding. */
void fallback_tell(const struct root *image, struct findings *findings);

#endif
