/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When PID 1 dies the kernel panics. So it does nothing but wait and become another: it allocates
 * no memory, and all that could go wrong is a child's. The mounts are the child's, too, in a
 * namespace of its own: they end with it, and /init finds things as the kernel left them.
 */
#include "agent/pid1.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "agent/supervisor.h"
#include "system/child.h"
#include "util/cleanup.h"

#define LIMIT_MS 15000 /* more than the guardian gives its worker */

static const struct {
	const char *type, *target;
	unsigned long flags;
} mounts[] = {
	{ "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC },
	{ "sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC },
	{ "devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC },
	{ "tmpfs", "/run", MS_NOSUID | MS_NODEV | MS_NOEXEC },
};

/* What cannot be mounted is missed, and told, by those who need it. */
static void mount_all(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags, NULL);
	}
	/* Not every /init keeps a /run that it finds, but there is only one devtmpfs. */
	mkdir("/" REPORT_EARLY_DIRECTORY, 0755);
	mkdir("/" REPORT_DIRECTORY, 0755);
	mount("/" REPORT_EARLY_DIRECTORY, "/" REPORT_DIRECTORY, NULL, MS_BIND, NULL);
}

static int work(void *context)
{
	struct agent agent = { .mode = &boot_mode };

	(void)context;
	mount_all();
	return agent_run(&agent, "/");
}

static void tell(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* there is no console, and nobody to tell */
}

int pid1_run(char **argv)
{
	static const char *const inits[] = { "/init", "/sbin/init", "/etc/init", "/bin/init",
					     "/bin/sh" };

	if (child_run(work, NULL, LIMIT_MS, NULL) < 0)
		tell("passthru: agent did not finish, continuing the boot\n");
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		argv[0] = (char *)inits[i];
		execv(inits[i], argv);
	}
	tell("passthru: the image has no /init; cannot continue\n");
	return EXIT_UNKNOWN;
}
