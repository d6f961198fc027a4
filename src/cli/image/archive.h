/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes an initramfs of its own: the agent and all that it reads. */
#ifndef PASSTHRU_CLI_IMAGE_ARCHIVE_H
#define PASSTHRU_CLI_IMAGE_ARCHIVE_H

#include "cli/image/cpio.h"
#include "cli/image/fill.h"
#include "system/root.h"

/*
 * Put into CPIO the agent of the system below ROOT, its configuration, the files of modprobe.d
 * that name a stub, and the text NEEDS (or NULL) as record of what the host needs. Negative errno,
 * said on standard error, when a file cannot be read. /passthru-init is a link: first to /init, and
 * once all that the agent must have is there to the agent. So an archive that is cut off before
 * that point is none at all, and the boot goes on; without the link the kernel would find nothing
 * to run, and with half an agent it would panic.
 */
int archive_add_agent(struct cpio *cpio, const struct root *root, const char *needs);

/* CPIO as what fill_modules() fills: an archive has no other modules than those. */
struct image_target archive_target(struct cpio *cpio);

#endif
