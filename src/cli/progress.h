/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is at, for who waits in front of a terminal: one line on standard error, from when
 * the command has taken a second. Nothing where standard error is no terminal.
 */
#ifndef PASSTHRU_CLI_PROGRESS_H
#define PASSTHRU_CLI_PROGRESS_H

#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#define PROGRESS_BYTES 256

/* {0} is one that has not begun. It must not move then: an alarm knows where it is. */
struct progress_line {
	enum { PROGRESS_NEW, PROGRESS_NONE, PROGRESS_ON } state;
	timer_t timer;
	char lines[2][PROGRESS_BYTES]; /* the handler prints one that nobody is writing */
	atomic_int shown_line;         /* from 1; 0: none counts */
	volatile sig_atomic_t is_due, is_shown;
};

/* The command is now at what FORMAT says, as "reading /boot/initrd.img"; the line is replaced. */
void progress_say(struct progress_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The line is removed. To be called before anything else is printed; needless where none was said.
 */
void progress_clear(struct progress_line *line);

/* For _cleanup_(): progress_clear(), and no alarm any more. */
void progress_end(struct progress_line *line);

#endif
