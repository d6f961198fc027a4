/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stopwatch COMMAND...: runs it, and prints how long that took in microseconds and the most memory
 * that it or one of its children needed in KiB. Exit status: the command's.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	long start = now_us();
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return 125;
	pid = vfork();
	if (pid == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 126;
	printf("%ld %ld\n", now_us() - start, usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 124;
}
