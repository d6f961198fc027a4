/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes into an image besides the agent: the same for an archive and for a framework's
 * directory. */
#ifndef PASSTHRU_CLI_IMAGE_FILL_H
#define PASSTHRU_CLI_IMAGE_FILL_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/image/contents.h"
#include "session/session.h"

/* Where it goes. */
struct image_target {
	/* Make the file PATH ("etc/...") of SIZE bytes. Negative errno. */
	int (*put)(const char *path, const char *bytes, size_t size, void *context);
	void *context;
	bool is_alone; /* nobody else puts modules there, nor modules.dep */
};

/* Put a file, as ->put() does. Negative errno, said on standard error. */
int fill_put(const struct image_target *target, const char *path, const char *bytes, size_t size);

/* What a session reads, of the host below ROOT and its configuration below IMAGE, or NULL: there.
 */
struct session_input fill_input(const struct root *root, const struct root *image);

/*
 * Look at the host and make the plan of the next boot for what SESSION has read. Where there is
 * none to look at, as in a chroot, the plan is empty: the stubs themselves have to do. *RET_NEEDS
 * (or NULL for RET_NEEDS) is what the host needs, as a text that the caller frees; NULL when that
 * is not to be found out: then a device that the host needs can be taken, and is given back in the
 * boot.
 */
void fill_look(struct session *session, char **ret_needs);

/* A configuration, and where it is. */
struct fill_source {
	const struct root *root;
	contents_walk *walk;
	const char *place;  /* the directory of the host that `root` is; NULL: its own root */
	const char *inside; /* the directory of the image that its files go to; NULL: the same */
};

/*
 * Put each file of SOURCE; what is no file becomes an empty one, which hides as well. Negative
 * errno, said on standard error with the file's place.
 */
int fill_configuration(const struct fill_source *source, const struct image_target *target);

/*
 * Put the numbers of the owners that rules name, of SESSION and of the configuration that was
 * proven. Negative errno, said on standard error.
 */
int fill_owners(struct session *session, const struct image_target *target);

/*
 * Put for the kernel RELEASE of the host the list of the modules for the plan of SESSION, and those
 * of them that it could not decompress; all of them into one that is alone. Without the list the
 * agent goes by modules.dep, so what fails is a warning there, and negative errno only for one that
 * is alone.
 */
int fill_modules(const struct session *session, const char *release,
		 const struct image_target *target);

#endif
