/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts in which the user says what is wanted: read here, understood in want/. */
#ifndef PASSTHRU_SESSION_SOURCES_H
#define PASSTHRU_SESSION_SOURCES_H

#include "system/root.h"
#include "want/want.h"

/* Gets each file as it is read: its path below the root, and its text. */
typedef void (*text_sink)(const char *path, const char *text, void *context);

struct sources_request {
	/* A path of the caller's own in place of /etc/passthru.conf and drop-ins; or NULL. */
	const char *main_file;
	const char *cmdline; /* in place of /proc/cmdline; NULL for that */
	bool reads_when_off; /* read the files also when the command line switches passthru off */
	bool at_next_boot;   /* leave out what will not be there then: modprobe.d in /run */
	text_sink sink;      /* of the files below the root that say something; or NULL */
	void *sink_context;
};

/*
 * Read etc/passthru.conf, etc/passthru.conf.d/ *.conf (by name) and proc/cmdline below ROOT, or
 * what REQUEST names instead, and modprobe.d, and merge them into *RET_WANT, with their digests.
 *
 * *RET_CMDLINE becomes the command line that was used; the caller frees it.
 * A file that is not there asks for nothing; one that cannot be read is an error in the want, or in
 * modprobe.d, where libkmod passes it over, a warning. Returns 0, or -errno when the command line
 * cannot be read: then nobody knows whether it says passthru=off.
 */
int sources_read(const struct root *root, const struct sources_request *request,
		 struct want *ret_want, char **ret_cmdline);

/* The kernel command line: GIVEN, or where that is NULL /proc/cmdline. The caller frees *RET. */
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
