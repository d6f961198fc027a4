/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images and their addons, and what the stub of an image does with an addon
 * (systemd-stub(7); systemd/src/boot/stub.c). No I/O.
 */
#ifndef PASSTHRU_CLI_IMAGE_UKI_H
#define PASSTHRU_CLI_IMAGE_UKI_H

#include "cli/image/pe.h"

/* The first releases of systemd-stub that use of an addon ... */
#define STUB_ADDON_CMDLINE 254 /* ... its .cmdline */
#define STUB_ADDON_INITRD  257 /* ... and its .initrd as well */

struct uki {
	struct part kernel, initrd, cmdline,
		uname; /* sections, NULL for those that are not there */
	unsigned stub; /* the release of systemd; 0: not known */
};

/*
 * Find out what the program FILE has in it, of several profiles the first one. -EBADMSG when it is
 * damaged, or no program for UEFI.
 */
int uki_read(const struct part *file, struct uki *ret);

/* It has no kernel, and something for one: it is loaded beside an image. */
bool uki_is_addon(const struct uki *uki);

/* The text of a section, without spaces and NUL bytes at its end; the caller frees it. */
char *uki_text(const struct part *section);

#endif
