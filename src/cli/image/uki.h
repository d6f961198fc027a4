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
/* The first one to which a boot counter in the name of the image is no part of it. */
#define STUB_COUNTER 255

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

/*
 * The path of the image PATH as its stub of the release STUB (0: not known) looks for its addons:
 * of "a+3-1.efi", as boot counting names it, that is "a.efi". Like the stub
 * (systemd/src/boot/util.c remove_boot_count()) only the first '+' of the name is looked at:
 * "6.1+deb13+3.efi" has no counter. The caller frees it.
 */
char *uki_path(const char *path, unsigned stub);

/* The text of a section, without spaces and NUL bytes at its end; the caller frees it. */
char *uki_text(const struct part *section);

#endif
