/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot gets from a file of its boot loader, as a directory: all archives in it, in order. */
#ifndef PASSTHRU_CLI_IMAGE_UNPACK_H
#define PASSTHRU_CLI_IMAGE_UNPACK_H

#include <stdbool.h>

#include "system/root.h"
#include "util/names.h"

struct unpacked {
	struct root root;
	char *directory;      /* all of it, to be removed */
	bool is_uki;          /* a unified kernel image, or an addon */
	bool has_kernel;      /* a unified kernel image */
	char *cmdline;        /* of a unified kernel image and of its addons; NULL: not known */
	char *release;        /* of the kernel in it; NULL: not known */
	unsigned stub;        /* its release of systemd; 0: not known */
	struct names ignored; /* addons whose initrd that stub does not load */
	char *why;            /* on failure, what is wrong with the file, or NULL */
};

/*
 * Unpack FILE below /var/tmp: an initramfs, the archive of `passthru image`, a unified kernel image
 * with its addons, or an addon, with what is to be seen of the image beside it. Negative errno:
 * -ENOENT or -EACCES when FILE cannot be read, -EBADMSG when it is none of these, others; see
 * ->why. unpacked_remove() it in any case.
 */
int unpack(const char *file, struct unpacked *ret);
void unpacked_remove(struct unpacked *unpacked);

#endif
