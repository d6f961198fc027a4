/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "It is not there" is an answer, "it could not be read" is none: no guard is to mistake them. */
#ifndef PASSTHRU_UTIL_ABSENCE_H
#define PASSTHRU_UTIL_ABSENCE_H

#include <errno.h>
#include <stdbool.h>

/*
 * Whether the negative errno ERROR, from looking at a path, says that there is no such thing. With
 * any other the question is open. (A link that is none is -EINVAL, and that is an answer, too.)
 */
static inline bool is_absent(int error)
{
	return error == -ENOENT || error == -ENOTDIR;
}

#endif
