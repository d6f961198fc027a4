/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "util/child.h"
#include "util/memory.h"

#define LONG_MS 20000 /* no test takes so long */

static int give(void *context)
{
	return *(const int *)context;
}

static void test_result(void **state)
{
	static const int results[] = { 0, 1, 3, -ENOENT, -EIO, 1000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		int result = results[i];

		assert_int_equal(child_run(give, &result, LONG_MS, NULL), result);
	}
	/* None is left to be waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
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

static int change(void *context)
{
	*(int *)context = 2;
	return 0;
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
	suite_add(&suite, "its memory is its own", test_memory_is_its_own);
	suite_add(&suite, "a child that hangs is killed", test_timeout);
	suite_add(&suite, "no time at all", test_no_time_at_all);
	suite_add(&suite, "a child that dies", test_death);
	suite_add(&suite, "a child's child", test_nested);
	suite_add(&suite, "a child's child dies with it", test_dies_with_parent);
	suite_add(&suite, "the clocks agree", test_clock);
	return suite_run(&suite, "child");
}
