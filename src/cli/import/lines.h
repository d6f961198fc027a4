/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are read line by line. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_LINES_H
#define PASSTHRU_CLI_IMPORT_LINES_H

/*
 * Call FUNCTION for each line of TEXT, read from FILE, that is not empty and begins with none of
 * the characters of COMMENTS; without blanks before and behind it. ORIGIN is its place, "FILE:12".
 * The line is writable for the time of the call.
 */
void lines_each(const char *file, const char *text, const char *comments,
		void (*function)(char *line, const char *origin, void *context), void *context);

/* The same; where a line ends in a backslash, it goes on in the next one. */
void lines_each_joined(const char *file, const char *text, const char *comments,
		       void (*function)(char *line, const char *origin, void *context),
		       void *context);

/* Cut TEXT off where COMMENT begins, and the blanks before that. */
void lines_cut_comment(char *text, char comment);

#endif
