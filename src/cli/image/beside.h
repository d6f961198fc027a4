/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the user names, and what is beside a unified kernel image on its partition. */
#ifndef PASSTHRU_CLI_IMAGE_BESIDE_H
#define PASSTHRU_CLI_IMAGE_BESIDE_H

#include <stddef.h>

#include "util/names.h"

#define ADDONS_SUFFIX ".extra.d" /* IMAGE.efi.extra.d/NAME.addon.efi */

/* Read the whole FILE, *RET_SIZE bytes at *RET, which the caller frees. Negative errno. */
int beside_read(const char *file, char **ret, size_t *ret_size);

/* The folder of the addons of IMAGE, whose stub is of the release STUB. The caller frees it. */
char *beside_folder(const char *image, unsigned stub);

/* Append the paths of the addons in FOLDER to ADDONS, in the order of the stub. Negative errno. */
int beside_list_addons(const char *folder, struct names *addons);

/* The image that is meant to load ADDON, by the folder, whether boot counting has renamed it or
 * not; NULL where that is none of an image. The caller frees it. */
char *beside_image(const char *addon);

/* *RET becomes the release of the stub of FILE, 0 when it says none. -EBADMSG for no program for
 * UEFI, or another negative errno. */
int beside_stub(const char *file, unsigned *ret);

#endif
