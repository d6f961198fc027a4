/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define DELAY_S         1
#define CLEAR           "\r\033[K"
#define COLUMNS_DEFAULT 80

/* A terminal that cannot be written to is no reason to fail. */
static void put(const char *text)
{
	ssize_t n = write(STDERR_FILENO, text, strlen(text));

	(void)n;
}

static void show(struct progress_line *line)
{
	int shown = atomic_load(&line->shown_line);

	if (!shown)
		return;
	put(line->lines[shown - 1]);
	line->is_shown = 1;
}

static void on_alarm(int signal, siginfo_t *info, void *context)
{
	struct progress_line *line = info->si_value.sival_ptr;
	int saved = errno;

	(void)signal, (void)context;
	if (info->si_code != SI_TIMER)
		return;
	line->is_due = 1;
	show(line);
	errno = saved;
}

/* Of the terminal; 0 where standard error is none, or one that cannot clear a line. */
static int columns(void)
{
	const char *term = getenv("TERM");
	struct winsize size = { 0 };

	if (!isatty(STDERR_FILENO) || !term || streq(term, "dumb"))
		return 0;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return COLUMNS_DEFAULT;
	return size.ws_col;
}

static bool start_alarm(struct progress_line *line)
{
	const struct itimerspec delay = { .it_value = { .tv_sec = DELAY_S } };
	const struct sigaction action = { .sa_sigaction = on_alarm,
					  .sa_flags = SA_RESTART | SA_SIGINFO };
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGALRM,
		.sigev_value.sival_ptr = line,
	};

	if (sigaction(SIGALRM, &action, NULL) < 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, &line->timer) < 0)
		return false;
	if (timer_settime(line->timer, 0, &delay, NULL) == 0)
		return true;
	timer_delete(line->timer);
	return false;
}

static bool begin(struct progress_line *line)
{
	if (line->state == PROGRESS_NEW)
		line->state = columns() && start_alarm(line) ? PROGRESS_ON : PROGRESS_NONE;
	return line->state == PROGRESS_ON;
}

void progress_say(struct progress_line *line, const char *format, ...)
{
	int next = atomic_load(&line->shown_line) == 1 ? 2 : 1;
	_cleanup_free_ char *text = NULL, *escaped = NULL;
	va_list arguments;

	if (!begin(line))
		return;
	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	escaped = text_escape(text);
	/* The last column stays free, or some terminals go on to the next line. */
	snprintf(line->lines[next - 1], PROGRESS_BYTES, CLEAR "%.*s", columns() - 1, escaped);
	atomic_store(&line->shown_line, next);
	if (line->is_due)
		show(line);
}

void progress_clear(struct progress_line *line)
{
	atomic_store(&line->shown_line, 0);
	if (line->is_shown)
		put(CLEAR);
	line->is_shown = 0;
}

void progress_end(struct progress_line *line)
{
	if (line->state == PROGRESS_ON)
		timer_delete(line->timer);
	line->state = PROGRESS_NONE;
	progress_clear(line);
}
