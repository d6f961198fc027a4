/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts in which the user says what is wanted: read here, understood in want/. */
#ifndef PASSTHRU_SESSION_SOURCES_H
#define PASSTHRU_SESSION_SOURCES_H

/* In an image that `passthru image --off` wrote: as passthru=off on the kernel command line. */
#define OFF_MARK "usr/lib/passthru/off"

#include "system/root.h"
#include "want/want.h"

/* Gets each file as it is read: its path below the root, and its text. */
typedef void (*text_sink)(const char *path, const char *text, void *context);

/* A file of etc/passthru.conf.d that is to be written, or to be removed. */
struct sources_dropin {
	const char *path; /* below the root */
	const char *text; /* NULL: it will not be there */
};

struct sources_request {
	/* A path of the caller's own in place of /etc/passthru.conf and drop-ins; or NULL. */
	const char *main_file;
	/* Whose credentials count, see session/credentials.h; NULL: none do. */
	const struct root *machine;
	bool reads_when_off; /* read the files also when the command line switches passthru off */
	bool at_next_boot;   /* leave out what will not be there then: modprobe.d in /run */
	/* Read these as if they had been written, whatever is there now. */
	const struct sources_dropin *dropins;
	size_t dropin_count;
	/*
	 * Of the files below the root that say something, and of credentials as if PID 1 had them
	 * there; or NULL.
	 */
	text_sink sink;
	void *sink_context;
};

/*
 * Read etc/passthru.conf, or what REQUEST names instead, etc/passthru.conf.d/ *.conf (by name) and
 * modprobe.d below ROOT, and merge them, credentials and the kernel's command line CMDLINE into
 * *RET_WANT, with the digests of files. A file that is not there asks for nothing; one that cannot
 * be read is an error in the want, or in modprobe.d, where libkmod passes it over, a warning.
 * Credentials with an error, or whose rules cannot be beside the others, are left out, with
 * findings.
 */
void sources_read(const struct root *root, const struct sources_request *request,
		  const char *cmdline, struct want *ret_want);

/*
 * The kernel command line: GIVEN, or where that is NULL /proc/cmdline. The caller frees *RET.
 * Negative errno when it cannot be read: then nobody knows whether it says passthru=off.
 */
int sources_read_cmdline(const struct root *root, const char *given, char **ret);

/*
 * Call FUNCTION with the path below ROOT of each configuration file that sources_read() reads
 * there, in that order; not of modprobe.d, for which there is modprobe_each_file(). A return of it
 * other than 0 ends the walk and is returned; negative errno also when the directory cannot be
 * read.
 */
int sources_each_file(const struct root *root, int (*function)(const char *path, void *context),
		      void *context);

#endif
