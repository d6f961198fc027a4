/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for the agent in the image of the case agent-memory: runs the real one and writes to
 * the kernel log how much memory it, or a child of it, had at most.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGENT "/usr/lib/passthru/passthru-init.real"

int main(void)
{
	struct rusage usage;
	int status;
	FILE *log;
	pid_t pid = fork();

	if (pid == 0) {
		execl(AGENT, AGENT, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 126;
	log = fopen("/dev/kmsg", "w");
	if (log) {
		fprintf(log, "<14>peak-memory: %ld KiB\n", usage.ru_maxrss);
		fclose(log);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
