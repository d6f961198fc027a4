/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs into an image: `passthru image` puts it in, and the hooks of the frameworks ask
 * `passthru check` for it.
 */
#ifndef PASSTHRU_CLI_IMAGE_CONTENTS_H
#define PASSTHRU_CLI_IMAGE_CONTENTS_H

#include <stdbool.h>

#include "session/session.h"
#include "system/root.h"
#include "util/module_list.h"
#include "util/names.h"

/*
 * Gets the path below the root of a file that belongs into an image. What hides another file of
 * modprobe.d need be none itself: IS_FILE is false for a link to /dev/null, for one. A return other
 * than 0 ends the walk.
 */
typedef int contents_visitor(const char *path, bool is_file, void *context);

/*
 * Call FUNCTION with each file of a configuration below ROOT. Returns what ended the walk, or 0;
 * negative errno also when a directory cannot be read.
 */
typedef int contents_walk(const struct root *root, contents_visitor *function, void *context);

/*
 * That of a host: all files besides the agent. Of modprobe.d what names a stub, or hides a file
 * that does and can be in the image by other ways.
 */
contents_walk contents_each_file;

/*
 * Append to NAMES the modules: those of all stubs, since the kernel command line of any boot can
 * ask for one, what the plan of SESSION takes devices with, and what the state of trials is kept
 * with.
 */
void contents_list_modules(const struct session *session, struct names *names);

/*
 * Find out what loading each of them takes with the kernel RELEASE of SESSION's host. What that
 * kernel does not have is left out. -ENOENT when it is not installed; module_list_free() takes *RET
 * in any case.
 */
int contents_resolve_modules(const struct session *session, const char *release,
			     struct module_list *ret);

#endif
