/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts in which the user says what is wanted: read here, understood in want/. */
#ifndef PASSTHRU_FACTS_SOURCES_H
#define PASSTHRU_FACTS_SOURCES_H

#include "util/root.h"
#include "want/want.h"

#define SHA256_TEXT_SIZE 65

/*
 * Read etc/passthru.conf, etc/passthru.conf.d/ *.conf (by name) and proc/cmdline below ROOT and
 * merge them into *RET_WANT. MAIN_FILE (NULL for the first) and CMDLINE (NULL for the last) replace
 * theirs; MAIN_FILE is a path of the caller's own, not below ROOT, and then no other file is read.
 *
 * A file that is not there asks for nothing; one that cannot be read is an error in the want.
 * DIGEST becomes the SHA-256 of all files in their order, as `cat FILES | sha256sum` prints it,
 * or "" without a file. Returns 0, or -errno when the command line cannot be read: then nobody
 * knows whether it says passthru=off.
 */
int sources_read(const struct root *root, const char *main_file, const char *cmdline,
		 struct want *ret_want, char digest[static SHA256_TEXT_SIZE]);

#endif
