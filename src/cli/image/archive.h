/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes an initramfs of its own: the agent and all that it reads. */
#ifndef PASSTHRU_CLI_IMAGE_ARCHIVE_H
#define PASSTHRU_CLI_IMAGE_ARCHIVE_H

#include "cli/image/cpio.h"
#include "plan/decision.h"
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

/*
 * Put into CPIO modules of the kernel RELEASE: the stub drivers, what PLAN takes devices with, all
 * that these depend on, decompressed where that kernel could not, and the list of them. The same
 * failures; -ENOENT also when that kernel is not installed.
 */
int archive_add_modules(struct cpio *cpio, const struct root *root, const char *release,
			const struct plan *plan);

#endif
