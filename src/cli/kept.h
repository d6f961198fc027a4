/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations that the host keeps besides that in /etc, laid out as its root. */
#ifndef PASSTHRU_CLI_KEPT_H
#define PASSTHRU_CLI_KEPT_H

#include "cli/image/contents.h"
#include "system/root.h"
#include "want/want.h"

struct kept {
	const char *directory, *digest; /* below the host's root */
};

/*
 * The last one without errors, for builds of images that must not fail; and the last one that a
 * boot has proven (trial/state.h).
 */
extern const struct kept kept_good, kept_proven;

/*
 * Keep the files of WALK below FROM as KEPT of the host below ROOT; WANT is what they say. What is
 * kept already stays as it is, unless it is damaged. Negative errno.
 */
int kept_write(const struct root *root, const struct kept *kept, const struct root *from,
	       contents_walk *walk, const struct want *want);

/*
 * Open what was kept as a root for sources_read(), with what it says as *RET_WANT, which
 * want_free() takes in any case. -ENOENT when there is none, -EBADMSG when it is not as it was
 * kept.
 */
int kept_open(const struct root *root, const struct kept *kept, struct root *ret,
	      struct want *ret_want);

/*
 * For what kept_open() opened: all files of it. Those that hide others of the host name no stub,
 * and what they hid is not there, so contents_each_file() would pass them over.
 */
contents_walk kept_each_file;

#endif
