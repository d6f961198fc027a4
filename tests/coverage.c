/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the programs of `make coverage`. gcov writes its counts at exit(3), but children end by
 * _exit(2) and PID 1 becomes another program; and where / is a directory of a test, its files are
 * out of reach.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define OUTSIDE 200 /* / as tests/coverage.sh has it; with GCOV_PREFIX=. paths begin there */

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __wrap___gcov_execv(const char *path, char *const arguments[]);

__attribute__((destructor)) static void go_outside(void)
{
	if (fchdir(OUTSIDE) < 0)
		unsetenv("GCOV_PREFIX");
}

_Noreturn void __wrap__exit(int status)
{
	go_outside();
	__gcov_dump();
	__real__exit(status);
}

int __wrap___gcov_execv(const char *path, char *const arguments[])
{
	int here = open(".", O_PATH | O_CLOEXEC);

	go_outside();
	__gcov_dump();
	(void)!fchdir(here);
	close(here);
	return execv(path, arguments);
}
