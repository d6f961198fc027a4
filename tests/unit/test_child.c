/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "system/child.h"
#include "system/clock.h"
#include "util/memory.h"

#define LONG_MS 20000 /* no test takes so long */

/* --- what the kernel may refuse (--wrap of the linker) */

static struct {
	int fork_at; /* the fork that fails, from 1; 0: none, -1: all */
	int forks;
	int pipe_error, poll_error, mmap_error; /* positive errno; 0: they work */
} fault;

static bool fork_fails(void)
{
	return ++fault.forks == fault.fork_at || fault.fork_at < 0;
}

#define WRAP(type, name, parameters, arguments, fails, error)                           \
	type __real_##name parameters;                                                  \
	type __wrap_##name parameters;                                                  \
	type __wrap_##name parameters                                                   \
	{                                                                               \
		return (fails) ? (errno = (error), (type)-1) : __real_##name arguments; \
	}

WRAP(pid_t, fork, (void), (), fork_fails(), EAGAIN)
WRAP(int, pipe2, (int fds[2], int flags), (fds, flags), fault.pipe_error, fault.pipe_error)
WRAP(int, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout),
     fault.poll_error, fault.poll_error)
WRAP(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     (at, size, protection, flags, fd, offset), fault.mmap_error, fault.mmap_error)

/* How many descriptors are open. */
static int count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 64; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* One that was killed may still be there for a moment. */
static void assert_no_children(void)
{
	int64_t end = clock_ms() + LONG_MS;
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) >= 0 && clock_ms() < end) {
		if (pid > 0)
			assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		else
			usleep(1000);
	}
	assert_int_equal(pid, -1);
	assert_int_equal(errno, ECHILD);
}

/* --- one child */

static int give(void *context)
{
	return *(const int *)context;
}

static int change(void *context)
{
	*(int *)context = 2;
	return 0;
}

static void test_result(void **state)
{
	static const int results[] = { 0, 1, 3, -ENOENT, -EIO, 1000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		int result = results[i];

		assert_int_equal(child_run(give, &result, LONG_MS, NULL), result);
	}
	assert_no_children();
}

/* Without a child there is an error, and nothing is left open. */
static const struct refusal {
	const char *name;
	int fork_at, pipe_error, poll_error;
	int result;
} refusals[] = {
	{ "no pipe", 0, EMFILE, 0, -EMFILE },
	{ "no process", -1, 0, 0, -EAGAIN },
	{ "cannot be waited for", 0, 0, ENOMEM, -ENOMEM },
};

static void refuse(const struct refusal *refusal)
{
	fault.forks = 0;
	fault.fork_at = refusal->fork_at;
	fault.pipe_error = refusal->pipe_error;
	fault.poll_error = refusal->poll_error;
}

static void test_refused(void **state)
{
	const struct refusal *refusal = *state;
	int open_files = count_open(), result = 3, r, all;

	refuse(refusal);
	r = child_run(give, &result, LONG_MS, NULL);
	all = child_run_all(give, (void *[]){ &result, &result }, 2, LONG_MS);
	refuse(&(struct refusal){ 0 });
	assert_int_equal(r, refusal->result);
	assert_int_equal(all, refusal->result);
	assert_int_equal(count_open(), open_files);
	assert_no_children();
}

static void ignore(int signal)
{
	(void)signal;
}

static int take_time(void *context)
{
	usleep(300000);
	return *(const int *)context;
}

/* Nor does a signal end the wait. */
static void test_interrupted(void **state)
{
	struct sigaction action = { .sa_handler = ignore }, before;
	int result = 5;

	(void)state;
	sigaction(SIGALRM, &action, &before);
	ualarm(20000, 20000);
	assert_int_equal(child_run(take_time, &result, LONG_MS, NULL), 5);
	ualarm(0, 0);
	sigaction(SIGALRM, &before, NULL);
}

/* Who ignores SIGCHLD has no child to wait for, but still its result. */
static void test_ignored(void **state)
{
	int result = 5, signal_number = 0;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(child_run(give, &result, LONG_MS, &signal_number), 5);
	signal(SIGCHLD, SIG_DFL);
	assert_int_equal(signal_number, 0);
}

static void test_share(void **state)
{
	int *shared = child_share(sizeof(*shared)), none;

	(void)state;
	assert_non_null(shared);
	assert_int_equal(child_run(change, shared, LONG_MS, NULL), 0);
	assert_int_equal(*shared, 2);
	child_unshare(shared, sizeof(*shared));
	fault.mmap_error = ENOMEM;
	shared = child_share(sizeof(none));
	fault.mmap_error = 0;
	assert_null(shared);
	child_unshare(NULL, sizeof(none));
}

/* As util/memory.c does it; the sanitizer does not let it happen. */
static int find_no_memory(void *context)
{
	(void)context;
	_exit(MEMORY_EXIT);
}

static void test_no_memory(void **state)
{
	int signal = 0;

	(void)state;
	assert_int_equal(child_run(find_no_memory, NULL, LONG_MS, &signal), -ENOMEM);
	assert_int_equal(signal, 0);
}

static void test_memory_is_its_own(void **state)
{
	int value = 1;

	(void)state;
	assert_int_equal(child_run(change, &value, LONG_MS, NULL), 0);
	assert_int_equal(value, 1);
}

static int hang(void *context)
{
	*(volatile pid_t *)context = getpid();
	return pause();
}

/* Killed at once, and gone for good when this process has waited for it. */
static void test_timeout(void **state)
{
	volatile pid_t *pid =
		mmap(NULL, sizeof(*pid), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t before = clock_ms();

	(void)state;
	assert_ptr_not_equal(pid, MAP_FAILED);
	assert_int_equal(child_run(hang, (void *)pid, 1000, NULL), -ETIMEDOUT);
	assert_in_range(clock_ms() - before, 990, 10000);
	assert_true(*pid > 0);
	while (kill(*pid, 0) == 0 && clock_ms() - before < LONG_MS) {
		waitpid(*pid, NULL, WNOHANG);
		usleep(1000);
	}
	assert_int_equal(kill(*pid, 0), -1);
	munmap((void *)pid, sizeof(*pid));
}

static void test_no_time_at_all(void **state)
{
	pid_t pid = 0;

	(void)state;
	assert_int_equal(child_run(hang, &pid, 0, NULL), -ETIMEDOUT);
	assert_int_equal(child_run(hang, &pid, -5, NULL), -ETIMEDOUT);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int die(void *context)
{
	raise(*(const int *)context);
	return 0;
}

static int leave(void *context)
{
	_exit(*(const int *)context);
}

static void test_death(void **state)
{
	static const int signals[] = { SIGKILL, SIGABRT, SIGTERM };
	int exit_status = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		int signal_number = signals[i];

		assert_int_equal(child_run(die, &signal_number, LONG_MS, NULL), -EIO);
	}
	/* Without a result it died, whatever its exit status says. */
	assert_int_equal(child_run(leave, &exit_status, LONG_MS, NULL), -EIO);
}

static int nest(void *context)
{
	return child_run(give, context, LONG_MS, NULL) +
	       child_run(die, &(int){ SIGKILL }, LONG_MS, NULL);
}

/* As the agent's worker loads a module. */
static void test_nested(void **state)
{
	int result = 7;

	(void)state;
	assert_int_equal(child_run(nest, &result, LONG_MS, NULL), 7 - EIO);
}

static int hang_nested(void *context)
{
	return child_run(hang, context, LONG_MS, NULL);
}

static int hang_among_others(void *context)
{
	return child_run_all(hang, &context, 1, LONG_MS);
}

/* Nobody would know what it does, when its parent was killed. */
static void assert_dies_with_parent(int (*parent)(void *context))
{
	volatile pid_t *pid =
		mmap(NULL, sizeof(*pid), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t end = clock_ms() + LONG_MS;

	assert_ptr_not_equal(pid, MAP_FAILED);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(child_run(parent, (void *)pid, 1000, NULL), -ETIMEDOUT);
	assert_true(*pid > 0);
	while (waitpid(*pid, NULL, WNOHANG) == 0 && clock_ms() < end)
		usleep(1000);
	assert_true(clock_ms() < end);
	munmap((void *)pid, sizeof(*pid));
}

static void test_dies_with_parent(void **state)
{
	(void)state;
	assert_dies_with_parent(hang_nested);
	assert_dies_with_parent(hang_among_others);
}

/* --- several at once */

#define CHILDREN 5

/* What each of them counts up. */
struct crowd {
	volatile int *done;
	void *contexts[CHILDREN];
};

static void crowd_make(struct crowd *crowd)
{
	crowd->done = child_share(CHILDREN * sizeof(*crowd->done));
	assert_non_null(crowd->done);
	for (size_t i = 0; i < CHILDREN; i++)
		crowd->contexts[i] = (void *)&crowd->done[i];
}

static int count_done(struct crowd *crowd)
{
	int count = 0;

	for (size_t i = 0; i < CHILDREN; i++)
		count += crowd->done[i] == 2;
	child_unshare((void *)crowd->done, CHILDREN * sizeof(*crowd->done));
	return count;
}

static int change_late(void *context)
{
	usleep(200000);
	return change(context);
}

/* All are there at once, and all have ended before it returns, one without a process apart. */
static const struct crowd_row {
	const char *name;
	int (*function)(void *context);
	int fork_at, result, done;
} crowd_rows[] = {
	{ "all end", change_late, 0, 0, CHILDREN },
	{ "no process for the third", change, 3, 0, CHILDREN - 1 },
	{ "no process for the first", change, 1, 0, CHILDREN - 1 },
	{ "no process for any", change, -1, -EAGAIN, 0 },
};

static void test_crowd(void **state)
{
	const struct crowd_row *row = *state;
	int64_t before = clock_ms();
	struct crowd crowd;
	int r;

	crowd_make(&crowd);
	fault.forks = 0;
	fault.fork_at = row->fork_at;
	r = child_run_all(row->function, crowd.contexts, CHILDREN, LONG_MS);
	fault.fork_at = 0;
	assert_int_equal(count_done(&crowd), row->done);
	assert_int_equal(r, row->result);
	assert_in_range(clock_ms() - before, 0, LONG_MS / 2);
	assert_no_children();
}

static int hang_if_zero(void *context)
{
	return *(int *)context == 0 ? pause() : change(context);
}

/* The others are done, and the one that hangs is gone. */
static void test_crowd_with_one_that_hangs(void **state)
{
	struct crowd crowd;
	int r;

	(void)state;
	crowd_make(&crowd);
	for (size_t i = 0; i < CHILDREN; i++)
		crowd.done[i] = i != 2;
	r = child_run_all(hang_if_zero, crowd.contexts, CHILDREN, 1000);
	assert_int_equal(r, -ETIMEDOUT);
	assert_int_equal(count_done(&crowd), CHILDREN - 1);
	assert_no_children();
}

struct detached {
	int fd;
	pid_t session; /* of the caller */
};

/* Written after the caller went on: nothing of the caller's ends this process. */
static int write_late(void *context)
{
	const struct detached *detached = context;
	int signal = SIGKILL;

	usleep(100000);
	prctl(PR_GET_PDEATHSIG, &signal);
	return write(detached->fd, getsid(0) != detached->session && !signal ? "1" : "0", 1) < 0;
}

static void test_detached(void **state)
{
	struct detached detached = { .session = getsid(0) };
	char byte = 0;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	detached.fd = fds[1];
	fault.forks = 0;
	fault.fork_at = 1;
	assert_int_equal(child_detach(write_late, &detached), -EAGAIN);
	fault.fork_at = 0;
	assert_int_equal(child_detach(write_late, &detached), 0);
	close(fds[1]);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_int_equal(byte, '1');
	close(fds[0]);
	while (waitpid(-1, NULL, 0) > 0) /* where this process is a subreaper */
		continue;
}

static void test_clock(void **state)
{
	int64_t us = clock_us(), ms = clock_ms();

	(void)state;
	assert_in_range(ms - us / 1000, 0, 1000);
	usleep(2000);
	assert_in_range(clock_us() - us, 2000, 5000000);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "its result", test_result);
	suite_add(&suite, "no memory for it", test_no_memory);
	suite_add_rows(&suite, "refused", test_refused, refusals);
	suite_add(&suite, "a signal while it runs", test_interrupted);
	suite_add(&suite, "SIGCHLD is ignored", test_ignored);
	suite_add(&suite, "memory that is shared", test_share);
	suite_add(&suite, "its memory is its own", test_memory_is_its_own);
	suite_add(&suite, "a child that hangs is killed", test_timeout);
	suite_add(&suite, "no time at all", test_no_time_at_all);
	suite_add(&suite, "a child that dies", test_death);
	suite_add(&suite, "a child's child", test_nested);
	suite_add(&suite, "a child's child dies with it", test_dies_with_parent);
	suite_add_rows(&suite, "several", test_crowd, crowd_rows);
	suite_add(&suite, "several, and one hangs", test_crowd_with_one_that_hangs);
	suite_add(&suite, "one that outlives its caller", test_detached);
	suite_add(&suite, "the clocks agree", test_clock);
	return suite_run(&suite, "child");
}
