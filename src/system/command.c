/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "system/clock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define CHUNK 4096

/* Start it, with ACTIONS on its descriptors. */
static int spawn(const char *const arguments[], const posix_spawn_file_actions_t *actions,
		 pid_t *ret)
{
	posix_spawnattr_t attributes;
	sigset_t ours; /* what we ignore is ours alone */
	int r;

	sigemptyset(&ours);
	sigaddset(&ours, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &ours);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	r = posix_spawnp(ret, arguments[0], actions, &attributes, (char *const *)arguments,
			 environ);
	posix_spawnattr_destroy(&attributes);
	return -r;
}

/* The same with WRITER as its standard output, and nothing else. */
static int start(const char *const arguments[], int writer, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	int r;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, writer, STDOUT_FILENO);
	r = spawn(arguments, &actions, ret);
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

/* As poll(2), also across signals: the alarm of cli/progress.h is one. */
static int wait_until(int fd, int64_t end)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int r;

	do {
		int64_t left = end - clock_ms();

		r = poll(&poll_fd, 1, left > 0 ? (int)left : 0);
	} while (r < 0 && errno == EINTR);
	return r;
}

/* Returns the length that was read, 0 at the end. */
static ssize_t read_until(int fd, char *buffer, size_t size, int64_t end)
{
	ssize_t n;
	int r = wait_until(fd, end);

	if (r == 0)
		return -ETIMEDOUT;
	n = r < 0 ? -1 : read(fd, buffer, size);
	return n < 0 ? -errno : n;
}

static int read_all(int fd, int64_t end, size_t limit, char **ret, size_t *ret_size)
{
	_cleanup_free_ char *text = memory_new(1, 1);
	size_t used = 0;
	ssize_t n;

	do {
		text = memory_resize(text, used + CHUNK + 1);
		n = read_until(fd, text + used, CHUNK, end);
		if (n < 0)
			return (int)n;
		used += (size_t)n;
		if (used > limit)
			return -EFBIG;
	} while (n > 0);
	text[used] = '\0';
	*ret = text;
	*ret_size = used;
	text = NULL;
	return 0;
}

int command_output_bytes(const char *const arguments[], int timeout_ms, size_t limit, char **ret,
			 size_t *ret_size)
{
	_cleanup_close_ int reader = -1;
	_cleanup_free_ char *text = NULL;
	int fds[2], status, r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	reader = fds[0];
	r = start(arguments, fds[1], &pid);
	close(fds[1]);
	if (r < 0)
		return r;
	r = read_all(reader, clock_ms() + timeout_ms, limit, &text, ret_size);
	if (r < 0)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) == pid && r == 0 && status != 0)
		r = -EIO;
	if (r == 0) {
		*ret = text;
		text = NULL;
	}
	return r;
}

int command_output(const char *const arguments[], int timeout_ms, size_t limit, char **ret)
{
	size_t size;

	return command_output_bytes(arguments, timeout_ms, limit, ret, &size);
}

int command_run(const char *const arguments[])
{
	int status, r;
	pid_t pid;

	r = spawn(arguments, NULL, &pid);
	if (r < 0)
		return r;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
