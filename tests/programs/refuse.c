/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refuse COMMAND [ARGUMENT...]: runs it where openat2(2) is not to be had (ENOSYS). */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "refuse.h"

int main(int argc, char **argv)
{
	if (argc < 2 || !refuse_openat2(ENOSYS)) {
		fputs("refuse: no command, or no filters of system calls\n", stderr);
		return 125;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
