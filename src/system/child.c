/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "system/clock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define REAP_TRIES 50 /* milliseconds */

/*
 * Never returns: nothing of the parent's (buffers, exit handlers) may run twice. Nor does it
 * outlive the parent: nobody would know any more what it does.
 */
static void in_child(int (*function)(void *context), void *context, int fd)
{
	int result;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	result = function(context);

	_exit(write(fd, &result, sizeof(result)) == sizeof(result) ? 0 : 1);
}

/* Wait until FD has something or its other end is closed. */
static int wait_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int64_t end = clock_ms() + timeout_ms;

	for (;;) {
		int64_t left = end - clock_ms();
		int r = poll(&poll_fd, 1, left > 0 ? (int)left : 0);

		if (r >= 0)
			return r == 0 ? -ETIMEDOUT : 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* One that hangs in the kernel dies only when that lets it go: it gets a moment, no more. */
static void kill_child(pid_t pid)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	kill(pid, SIGKILL);
	for (int i = 0; i < REAP_TRIES && waitpid(pid, NULL, WNOHANG) == 0; i++)
		nanosleep(&moment, NULL);
}

int child_run(int (*function)(void *context), void *context, int timeout_ms, int *ret_signal)
{
	_cleanup_close_ int reader = -1;
	int fds[2], result, status, r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	reader = fds[0];
	pid = fork();
	if (pid < 0) {
		r = -errno;
		close(fds[1]);
		return r;
	}
	if (pid == 0)
		in_child(function, context, fds[1]);
	close(fds[1]);
	r = wait_readable(reader, timeout_ms);
	if (r < 0) {
		kill_child(pid);
		return r;
	}
	r = read(reader, &result, sizeof(result)) == sizeof(result) ? result : -EIO;
	if (waitpid(pid, &status, 0) != pid)
		return r;
	if (WIFSIGNALED(status) && ret_signal)
		*ret_signal = WTERMSIG(status);
	return r == -EIO && WIFEXITED(status) && WEXITSTATUS(status) == MEMORY_EXIT ? -ENOMEM : r;
}

int child_detach(int (*function)(void *context), void *context)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(daemon(0, 0) < 0 ? 1 : function(context));
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

void *child_share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void child_unshare(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

/* The end of the pipe that every child holds tells that all have ended. */
int child_run_all(int (*function)(void *context), void *const contexts[], size_t count,
		  int timeout_ms)
{
	_cleanup_free_ pid_t *pids = memory_new(count, sizeof(*pids));
	_cleanup_close_ int reader = -1;
	size_t started = 0;
	int fds[2], r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	reader = fds[0];
	for (size_t i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(function(contexts[i]) < 0);
		}
		if (pid > 0)
			pids[started++] = pid;
	}
	close(fds[1]);
	r = wait_readable(reader, timeout_ms);
	for (size_t i = 0; i < started; i++) {
		if (r < 0)
			kill_child(pids[i]);
		else
			waitpid(pids[i], NULL, 0);
	}
	return started ? r : -EAGAIN;
}
