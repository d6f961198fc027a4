/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/text.h"

#define SHELL "/bin/sh"

/* NULL: none is wanted. */
static const char *choose(void)
{
	static const char *const variables[] = { "SYSTEMD_PAGER", "PAGER" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value)
			return *value && !streq(value, "cat") ? value : NULL;
	}
	return "less";
}

/* F: end where all fits; R: colours; S: cut long lines; X: leave the text on the screen. */
__attribute__((noreturn)) static void run_pager(const char *command, int input, int confirmation)
{
	signal(SIGPIPE, SIG_DFL);
	setenv("LESS", "FRSX", 0);
	setenv("LESSSECURE", "1", 1); /* who may only list gets no shell */
	dup2(input, STDIN_FILENO);
	close(input);
	execlp(command, command, (char *)NULL);
	if (errno == ENOENT && strchr(command, ' '))
		execl(SHELL, "sh", "-c", command, (char *)NULL);
	if (write(confirmation, "x", 1) < 0)
		_exit(127);
	_exit(127);
}

/* The child's end closes when it executes the pager; else a byte comes. */
static bool has_started(int confirmation)
{
	char byte;
	ssize_t r;

	do
		r = read(confirmation, &byte, 1);
	while (r < 0 && errno == EINTR);
	return r == 0;
}

/* From here on what is printed goes to OUTPUT; ^C is the pager's. */
static void redirect(struct pager *pager, int output, pid_t pid)
{
	fflush(stdout);
	dup2(output, STDOUT_FILENO);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	*pager = (struct pager){ .is_open = true, .pid = (int)pid };
}

static void start(struct pager *pager, const char *command, const int text[2], const int answer[2])
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_pager(command, text[0], answer[1]);
	close(answer[1]);
	if (pid > 0 && has_started(answer[0]))
		redirect(pager, text[1], pid);
	else if (pid > 0)
		waitpid(pid, NULL, 0);
	close(answer[0]);
}

void pager_open(struct pager *pager, const struct terminal *terminal)
{
	const char *command = terminal->is_dumb ? NULL : choose();
	int text[2], answer[2];

	if (!command || pipe2(text, O_CLOEXEC) < 0)
		return;
	if (pipe2(answer, O_CLOEXEC) == 0)
		start(pager, command, text, answer);
	close(text[0]);
	close(text[1]);
}

void pager_close(struct pager *pager)
{
	if (!pager->is_open)
		return;
	if (fflush(stdout) != 0 && errno == EPIPE) {
		__fpurge(stdout);
		clearerr(stdout);
	}
	/* The pager sees the end of the text; what is printed later goes nowhere. */
	if (!freopen("/dev/null", "w", stdout))
		close(STDOUT_FILENO);
	while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, SIG_DFL);
	pager->is_open = false;
}
