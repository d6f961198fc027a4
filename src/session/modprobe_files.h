/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of modprobe.d(5) that count, in the order in which libkmod reads them. */
#ifndef PASSTHRU_SESSION_MODPROBE_FILES_H
#define PASSTHRU_SESSION_MODPROBE_FILES_H

#include <stdbool.h>

#include "system/root.h"

/*
 * Below a root, in their order: of files with the same name that in the first one counts. A program
 * that was built with other directories is none of a distribution (kmod/libkmod/libkmod.c
 * default_config_paths, and its option --with-module-directory).
 */
#define MODPROBE_DIRECTORIES                                                                  \
	"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", \
		"lib/modprobe.d"

/*
 * Call FUNCTION with the path below ROOT of each file, in the order of their names whatever the
 * directory (kmod/libkmod/libkmod-config.c conf_files_list); those in /run only WITH_RUN. For a
 * directory that is there and cannot be read it is called with that, and ERROR, a negative errno,
 * which is 0 for a file.
 */
void modprobe_each_file(const struct root *root, bool with_run,
			void (*function)(const char *path, int error, void *context),
			void *context);

#endif
