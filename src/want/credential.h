/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Credentials of systemd that are configuration (systemd.system-credentials(7)): "passthru.conf",
 * and "passthru.conf.NAME" as drop-ins. What has them is parsed here; session/credentials.h reads
 * it. No I/O.
 */
#ifndef PASSTHRU_WANT_CREDENTIAL_H
#define PASSTHRU_WANT_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "want/intent.h"

#define CREDENTIAL_NAME "passthru.conf"

enum credential_kind {
	CREDENTIAL_TEXT,
	CREDENTIAL_BASE64,
	CREDENTIAL_UNREAD, /* the text says why */
};

struct credential {
	char *name;   /* one for a file, whatever its own is */
	char *origin; /* for messages */
	char *text;   /* its own; or with a fault, what is wrong with it */
	size_t size;
	enum finding_code fault; /* FINDING_CREDENTIAL for none */
};

struct credentials {
	struct credential *items; /* one for each name */
	size_t count;
	struct findings findings; /* what there is to say beside the faults */
};

/*
 * What a copy of CREDENTIAL is to have, in a file. With a fault, or with a NUL byte, that is no
 * configuration, so that who reads the copy finds a fault, too.
 */
const char *credential_text(const struct credential *credential);

/* NAME of LENGTH bytes is "passthru.conf" or begins with "passthru.conf.". */
bool credential_is_ours(const char *name, size_t length);

/*
 * Add the credential NAME of LENGTH bytes with SIZE bytes of TEXT, if it is ours. Messages call it
 * ORIGIN, which is moved. Of several with one name the first counts, as for PID 1
 * (systemd/src/core/import-creds.c): the others are not added.
 */
void credentials_add(struct credentials *credentials, char *origin, const char *name, size_t length,
		     enum credential_kind kind, const char *text, size_t size);

/*
 * Add what SMBIOS has: TABLE is /sys/firmware/dmi/tables/DMI. Strings of structures of type 11 are
 * "io.systemd.credential:NAME=TEXT" and "io.systemd.credential.binary:NAME=BASE64"
 * (smbios-type-11(7)). A table that ends early is read up to there (linux/drivers/firmware/
 * dmi_scan.c dmi_decode_table).
 */
void credentials_add_smbios(struct credentials *credentials, const char *table, size_t size);

/*
 * Add what the kernel command line has: systemd.set_credential=NAME:TEXT and
 * systemd.set_credential_binary=NAME:BASE64 (systemd(1)).
 */
void credentials_add_cmdline(struct credentials *credentials, const char *cmdline);

/* Remove all but the first COUNT, with a finding for each that says WHY it is not used. */
void credentials_cut(struct credentials *credentials, size_t count, const char *why);

/*
 * Add to INTENT what all CREDENTIALS ask for, in byte order of their names, which is the one in
 * which they are left. With one error nothing of any credential counts, and there are only findings
 * that say so.
 */
void credentials_parse(struct credentials *credentials, struct intent *intent);

void credentials_free(struct credentials *credentials);

#endif
