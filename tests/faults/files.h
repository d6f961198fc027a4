/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a few directories of a tree, to be put back after each run. */
#ifndef PASSTHRU_FAULTS_FILES_H
#define PASSTHRU_FAULTS_FILES_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

static inline void cleanup_closedir(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_closedir_ __attribute__((cleanup(cleanup_closedir)))

struct file {
	char *path; /* whole */
	mode_t mode;
	uid_t owner;
	char *bytes; /* of a file, or where a link leads */
	size_t size;
};

struct files {
	struct file *items; /* a directory comes before what is in it */
	size_t count;
};

/* Add DIRECTORY and all below it, as it is now. It need not be there. */
void files_add(struct files *files, const char *directory);

/* Have everything below DIRECTORY as it was; DIRECTORY itself stays. */
void files_restore(const struct files *files, const char *directory);

/* Remove everything below DIRECTORY, which need not be there. */
void files_remove_below(const char *directory);

void files_free(struct files *files);

#endif
