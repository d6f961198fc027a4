/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a machine has credentials with configuration; want/credential.h has what they are. */
#ifndef PASSTHRU_SESSION_CREDENTIALS_H
#define PASSTHRU_SESSION_CREDENTIALS_H

#include "system/root.h"
#include "want/credential.h"

/* Those of PID 1; also in a recorded host, and in the copy of what the agent read at boot. */
#define CREDENTIALS_DIRECTORY "run/credentials/@system"

/*
 * Read the credentials below MACHINE, and those of the kernel command line CMDLINE. First what
 * PID 1 has, then where it has them from (systemd/src/core/import-creds.c), since systemd hides
 * its own from units, and an image may lack systemd: fw_cfg, SMBIOS, the command line,
 * /.extra/system_credentials. What SMBIOS and fw_cfg of a confidential VM say is not used. What is
 * there but cannot be read, or is encrypted, becomes a fault. The caller frees *RET.
 */
void credentials_read(const struct root *machine, const char *cmdline, struct credentials *ret);

#endif
