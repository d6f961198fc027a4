/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy of what the image says, for the time when the image is gone: a hot-plugged device is dealt
 * with as it would have been at boot, whatever is in /etc by then.
 */
#ifndef PASSTHRU_AGENT_IMAGE_COPY_H
#define PASSTHRU_AGENT_IMAGE_COPY_H

#include <stddef.h>

#include "system/root.h"

/* The files of the image as they were read. {0} has none. */
struct image_copy {
	struct image_copy_file *files;
	size_t count;
};

/* Note the file PATH with TEXT in COPY: fits sources_read() and needs_record_read(). */
void image_copy_add(const char *path, const char *text, void *copy);

/*
 * Write the files below ROOT to where image_copy_open() finds them. Negative errno, with the path
 * that could not be written in *RET_PATH; the caller frees that.
 */
int image_copy_write(const struct root *root, const struct image_copy *copy, char **ret_path);

/*
 * Open the copy below ROOT as a root, see root_enter(): on the host itself it is as trusted as
 * the rest of /run. -ENOENT when there is none.
 */
int image_copy_open(const struct root *root, struct root *ret);

void image_copy_free(struct image_copy *copy);

#endif
