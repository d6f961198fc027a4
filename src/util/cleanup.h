/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scope-bound release of what a function owns. A variable so marked is always initialised. */
#ifndef PASSTHRU_UTIL_CLEANUP_H
#define PASSTHRU_UTIL_CLEANUP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define _cleanup_free_     _cleanup_(cleanup_free)
#define _cleanup_close_    _cleanup_(cleanup_close)
#define _cleanup_closedir_ _cleanup_(cleanup_closedir)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
