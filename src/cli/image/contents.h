/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs into an image: `passthru image` puts it in, and the hooks of the frameworks ask
 * `passthru check` for it.
 */
#ifndef PASSTHRU_CLI_IMAGE_CONTENTS_H
#define PASSTHRU_CLI_IMAGE_CONTENTS_H

#include <stdbool.h>

#include "plan/decision.h"
#include "system/root.h"
#include "util/module_list.h"
#include "util/names.h"

/*
 * Call FUNCTION with the path below ROOT of each file besides the agent: the configuration, and of
 * modprobe.d what names a stub, or hides a file that does and can be in the image by other ways.
 * What hides one need not be a file: IS_FILE is false for a link to /dev/null, for one. A return
 * other than 0 ends the walk and is returned; negative errno also when a directory cannot be read.
 */
int contents_each_file(const struct root *root,
		       int (*function)(const char *path, bool is_file, void *context),
		       void *context);

/*
 * Append to NAMES the modules: those of all stubs, since the kernel command line of any boot can
 * ask for one, and what PLAN takes devices with.
 */
void contents_list_modules(const struct plan *plan, struct names *names);

/*
 * Find out what loading each of them takes with the kernel RELEASE below ROOT. What that kernel
 * does not have is left out. -ENOENT when it is not installed; module_list_free() takes *RET in any
 * case.
 */
int contents_resolve_modules(const struct root *root, const char *release, const struct plan *plan,
			     struct module_list *ret);

#endif
