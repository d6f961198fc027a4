/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While the boot waits for its root file system, no hook is called in two cases: what sets up the
 * network waits by itself, up to three minutes; and systemd waits for a device (dracut's hooks
 * would need dracut-initqueue.service, which a boot without passthru may do without). So this
 * process makes the calls, beside the boot. With systemd it sees when the root file system is
 * there, else the framework ends it: its number is in a small file.
 */
#include "agent/watch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/rescue.h"
#include "agent/supervisor.h"
#include "facts/network_root.h"
#include "probe/boot_wait.h"
#include "session/sources.h"
#include "system/clock.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define UDEV_QUEUE \
	"run/udev/queue" /* there while events are handled: udev_queue_get_udev_is_active(3) */
#define SYSTEMD "run/systemd/system" /* there while systemd is PID 1: sd_booted(3) */

static bool is_on_network(const struct root *root, const char *given)
{
	_cleanup_free_ char *cmdline = NULL;

	return sources_read_cmdline(root, given, &cmdline) == 0 && network_root_find(cmdline);
}

static bool calls_no_hook(const struct root *root, const char *given)
{
	return root_exists(root, SYSTEMD) == 0 || is_on_network(root, given);
}

/* Blocked, so that it lets a call finish. From before it can be sent: it would end this at once. */
static void block_sigterm(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

/*
 * A passphrase may unlock the root device: the time for which it is asked does not count. With a
 * network it does: the answer may have to come over it (Tang, ssh), and its card be missing.
 */
static bool waits_for_user(const struct root *root, bool has_network, int64_t *last_ms)
{
	int64_t now = clock_ms(), passed = now - *last_ms;

	*last_ms = now;
	if (has_network || !boot_wait_is_for_user(root))
		return false;
	rescue_postpone(root, passed);
	return true;
}

static bool is_needed(const struct root *root)
{
	return root_exists(root, RESCUE_PATH) == 0 && !boot_wait_is_over(root);
}

/*
 * The first after a second: udev has begun by then, and most root devices are there. While the file
 * cannot be read, one call says so, and others could not do more.
 */
static int call_each_second(struct agent *agent, const char *path, const struct root *root,
			    const sigset_t *signals)
{
	const struct timespec second = { .tv_sec = 1 };
	const bool has_network = is_on_network(root, agent->cmdline);
	int64_t last_ms = clock_ms();
	bool has_begun = false;
	int status = EXIT_OK;

	while (sigtimedwait(signals, NULL, &second) < 0 && is_needed(root)) {
		if (waits_for_user(root, has_network, &last_ms))
			continue;
		has_begun = has_begun || root_exists(root, UDEV_QUEUE) != 0;
		if (has_begun && (status != EXIT_UNKNOWN || rescue_is_readable(root)))
			status = agent_run(agent, path);
	}
	return status;
}

/* Nobody could end a process whose number is not known: it would go on in the running system. */
static int call_once(struct agent *agent, const char *path, const struct root *root, int error)
{
	_cleanup_free_ char *text = memory_printf(
		"error: could not write /" WATCH_PATH
		", so --watch makes one call only (/run must be writable and not full): %s",
		strerror(-error));
	struct log log = { root, !root->is_confined, { 0 } };

	log_line(SEVERITY_ERROR, text, &log);
	log_end(&log);
	agent->is_watching = false;
	return agent_run(agent, path);
}

int watch_run(struct agent *agent, const char *path)
{
	_cleanup_(root_close) struct root root = { .fd = -1 };
	_cleanup_free_ char *number = memory_printf("%d\n", (int)getpid());
	sigset_t signals;
	int status, r;

	if (root_open(path, &root) < 0 || !calls_no_hook(&root, agent->cmdline) ||
	    root_exists(&root, RESCUE_PATH) != 0)
		return agent_run(agent, path);
	block_sigterm(&signals);
	r = root_replace_file(&root, REPORT_DIRECTORY, WATCH_NAME, number);
	if (r < 0)
		return call_once(agent, path, &root, r);
	status = call_each_second(agent, path, &root, &signals);
	root_remove(&root, WATCH_PATH);
	return status;
}
