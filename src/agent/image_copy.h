/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the image says, kept for the time when the image is gone: a device that comes late is dealt
 * with as it would have been at boot, whatever is in /etc by then.
 */
#ifndef PASSTHRU_AGENT_IMAGE_COPY_H
#define PASSTHRU_AGENT_IMAGE_COPY_H

#include <stddef.h>

#include "system/root.h"

/* The files of the image as they were read. {0} has none. */
struct kept {
	struct kept_file *files;
	size_t count;
};

/* Note the file PATH with TEXT in KEPT: fits sources_read() and needs_record_read(). */
void kept_add(const char *path, const char *text, void *kept);

/* Write the files below ROOT to where kept_open() finds them. Negative errno. */
int kept_write(const struct root *root, const struct kept *kept);

/*
 * Open what was kept below ROOT as a root, see root_enter(): on the host itself it is as trusted as
 * the rest of /run. -ENOENT when nothing was.
 */
int kept_open(const struct root *root, struct root *ret);

void kept_free(struct kept *kept);

#endif
