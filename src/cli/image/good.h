/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last configuration without errors, kept on the host for builds that must not fail. */
#ifndef PASSTHRU_CLI_IMAGE_GOOD_H
#define PASSTHRU_CLI_IMAGE_GOOD_H

#include <stdbool.h>

#include "cli/image/contents.h"
#include "system/root.h"
#include "want/want.h"

/*
 * Nobody reads what the build of the image says, and it must not fail for an error in the
 * configuration: PASSTHRU_STRICT=no, or by what a package manager has in the environment
 * (deb-postinst(5) DPKG_MAINTSCRIPT_NAME, kernel-install(8) KERNEL_INSTALL_LAYOUT and others).
 * PASSTHRU_STRICT=yes wins over those.
 */
bool good_is_asked_for(void);

/* Keep the configuration below ROOT, of which WANT has no errors. Negative errno. */
int good_keep(const struct root *root, const struct want *want);

/*
 * Open what was kept as a root for sources_read(). -ENOENT when there is none, -EBADMSG when it is
 * not as it was kept.
 */
int good_open(const struct root *root, struct root *ret);

/*
 * For what good_open() opened: all files of it. Those that hide others of the host name no stub,
 * and what they hid is not there, so contents_each_file() would pass them over.
 */
contents_walk good_each_file;

#endif
