/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an archive can be in an addon of a unified kernel image. */
#ifndef PASSTHRU_CLI_IMAGE_ADDON_H
#define PASSTHRU_CLI_IMAGE_ADDON_H

/*
 * 0 when the stub of IMAGE, or IMAGE itself where it is a stub, loads the initrd of an addon.
 * Negative errno when it does not, or that cannot be found out; said on standard error, with what
 * to do.
 */
int addon_check(const char *image);

/* Print how ukify(1) makes an addon of IMAGE with ARCHIVE. */
void addon_print_command(const char *image, const char *archive);

#endif
