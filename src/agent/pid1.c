/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When PID 1 dies the kernel panics. So it does nothing but wait and become another: it allocates
 * no memory, and all that could go wrong is a child's. The mounts are the child's, too, in a
 * namespace of its own: they end with it, and /init finds things as the kernel left them. Only /run
 * stays, if there are rules for udev in it.
 */
#include "agent/pid1.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/arm.h"
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
};

/*
 * What is behind the agent in /run is in devtmpfs, of which there is only one: an /init that mounts
 * another /run, as that of initramfs-tools does, finds it there.
 */
static const char *const shared[][2] = {
	{ "/" REPORT_EARLY_DIRECTORY, "/" REPORT_DIRECTORY },
	{ "/" RULES_EARLY_DIRECTORY, "/" RULES_DIRECTORY },
};

static const char *const directories[] = {
	"/" REPORT_EARLY_DIRECTORY, "/" RULES_EARLY_DIRECTORY, "/" REPORT_DIRECTORY,
	"/" UDEV_DIRECTORY,         "/" RULES_DIRECTORY,
};

/* As systemd mounts it, which keeps one that it finds, as dracut does (tmpfs(5)). */
static void mount_run(void)
{
	mkdir("/run", 0755);
	mkdir("/dev", 0755);
	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV | MS_STRICTATIME,
		  "mode=0755,size=20%") < 0 ||
	    mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, NULL) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		mkdir(directories[i], 0755);
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		mount(shared[i][0], shared[i][1], NULL, MS_BIND, NULL);
	umount2("/dev", MNT_DETACH);
}

/* What cannot be mounted is missed, and told, by those who need it. */
static void mount_all(void)
{
	mount_run();
	if (unshare(CLONE_NEWNS) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags, NULL);
	}
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
	if (access("/" RULES_PATH, F_OK) < 0)
		umount2("/run", MNT_DETACH);
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		argv[0] = (char *)inits[i];
		execv(inits[i], argv);
	}
	tell("passthru: the image has no /init; cannot continue\n");
	return EXIT_UNKNOWN;
}
