/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frameworks that make initramfs images. A new one is a row in frameworks.c. */
#ifndef PASSTHRU_CLI_FRAMEWORKS_H
#define PASSTHRU_CLI_FRAMEWORKS_H

#include <stdbool.h>
#include <stddef.h>

#include "system/root.h"

#define FRAMEWORK_PLACES_MAX 3

struct framework {
	const char *program; /* below the root of a host that it is installed on */
	const char *rebuild; /* the command that makes the images of this host anew */
	/* In an image, any of these runs the agent before udev and the loading of modules, ... */
	const char *places[FRAMEWORK_PLACES_MAX];   /* ... by its place alone */
	bool (*has_hook)(const struct root *image); /* NULL where the places do */
};

/* By number, from 0; NULL behind the last one. */
const struct framework *framework_at(size_t number);

/* The last one that is installed below ROOT, since an earlier one may be called by it; or NULL. */
const struct framework *framework_of_host(const struct root *root);

/* Whether something in IMAGE, of whatever framework, runs the agent before udev. */
bool framework_runs_agent(const struct root *image);

#endif
