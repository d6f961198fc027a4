/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the product has open. Descriptors are numbers that no real one has; see file.c. */
#ifndef PASSTHRU_FUZZ_FILE_H
#define PASSTHRU_FUZZ_FILE_H

#include <stdbool.h>

#include "model/node.h"

/* A directory, with TOP as the root directory of all paths from there. */
int file_open_directory(struct node *top, struct node *base);

/* Something that is read, and maybe written to. */
int file_open(struct node *node);

/* -EAGAIN when somebody has the lock at NODE. */
int file_lock(struct node *node);
void file_unlock(int fd);

/* The directory FD with its root directory; false when FD is no such descriptor. */
bool file_directory(int fd, struct node **ret_top, struct node **ret_base);

void file_close(int fd);

/* No process with the number FROM or higher is there any more; one that HANGS, 0 for none, is. */
void files_close_from(int from, int hangs);

/* The process that hung is gone. */
void files_release_hanging(void);

/* A property: what was opened was closed. */
void files_check_closed(void);

void files_reset(void);

#endif
