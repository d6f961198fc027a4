/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An initramfs as a directory, made by the program that belongs to its maker. */
#ifndef PASSTHRU_CLI_IMAGE_UNPACK_H
#define PASSTHRU_CLI_IMAGE_UNPACK_H

#include "system/root.h"

struct unpacked {
	struct root root;
	char *directory; /* all of it, to be removed */
};

/*
 * Unpack FILE below /var/tmp with the command of one of the frameworks, the first that can. -ENOENT
 * or -EACCES when FILE cannot be read, -EIO when it is no image or nothing can unpack it,
 * -ETIMEDOUT. unpacked_remove() it in any case.
 */
int unpack(const char *file, struct unpacked *ret);
void unpacked_remove(struct unpacked *unpacked);

#endif
