/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a survey reads. "It is not there" is an answer; "it could not be read" is none: then it is
 * not known what else the host needs. So each of these notes the latter as a finding `unreadable`,
 * once, and only then says what it says of what is not there.
 */
#ifndef PASSTHRU_PROBE_NEEDS_READING_H
#define PASSTHRU_PROBE_NEEDS_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/facts.h"
#include "facts/needs.h"
#include "system/root.h"

/* What a survey works on. */
struct survey {
	const struct root *root;
	const struct facts *facts;
	struct needs *needs;
	struct findings *findings;
};

/* The finding for what could not be read: "could not read /PATH: text of ERROR". */
void reading_note(const struct survey *survey, const char *path, int error);

/* As root_read_attribute(). */
int reading_attribute(const struct survey *survey, const char *path, char *buffer, size_t size);

/* As root_read_file(). */
int reading_file(const struct survey *survey, const char *path, size_t limit, char **ret);

/* As root_exists(). */
bool reading_exists(const struct survey *survey, const char *path);

/* As root_each_entry(), for a FUNCTION that fails with -ECANCELED only: to end the walk. */
void reading_each_entry(const struct survey *survey, const char *path,
			int (*function)(const char *name, void *context), void *context);

/* As root_link_name(). */
int reading_link_name(const struct survey *survey, const char *path, char *buffer, size_t size);

/* As link_target() and link_end(). */
char *reading_link(const struct survey *survey, const char *link);
char *reading_link_end(const struct survey *survey, const char *path);

#endif
