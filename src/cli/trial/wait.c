/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/trial/wait.h"

#include <errno.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cli/message.h"
#include "report/exit_status.h"
#include "report/log.h"
#include "report/trial.h"
#include "system/command.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

/* Seconds since the boot, as a text. */
#define DEADLINE_NAME "trial-deadline"
#define DEADLINE_PATH REPORT_DIRECTORY "/" DEADLINE_NAME
#define OUTPUT_MAX    4096
#define REBOOT_MS     30000
/* What a reboot may take before it is forced. */
#define PATIENCE_S 120

static uint32_t uptime_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint32_t)now.tv_sec;
}

/* A time that cannot be read is the one that was configured. */
static uint32_t deadline_s(const struct root *root, const struct recorded_trial *trial)
{
	char text[sizeof("4294967295")];
	uint32_t deadline;

	if (root_read(root, DEADLINE_PATH, text, sizeof(text)) > 0 &&
	    parse_decimal(text, UINT32_MAX, &deadline) == 0)
		return deadline;
	return trial->within_s;
}

static int read_trial(struct call *call, struct store *store, struct recorded_trial *ret)
{
	int r = store_read(&call->root, store);

	if (r == 0) {
		*ret = store_trial(store);
		return 0;
	}
	call->status = EXIT_UNKNOWN;
	fprintf(stderr, "passthru: could not read /" REPORT_PATH ": %s\n",
		r == -EBADMSG ? "not a report, or damaged" : strerror(-r));
	return r;
}

static bool is_awaited(const struct recorded_trial *trial)
{
	return trial->verdict == TRIAL_TRYING && trial->awaits_confirmation;
}

/*
 * kexec does not go through GRUB, and a kernel loaded by it gets the command line of this boot,
 * with the old word on the trial: it would be tried again, for ever. What may not be forbidden is
 * done all the same.
 */
static void forbid_kexec(const struct root *root)
{
	if (!root->is_confined &&
	    syscall(SYS_kexec_file_load, -1, -1, 0UL, NULL, (unsigned long)KEXEC_FILE_UNLOAD) < 0)
		syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0UL);
	root_write(root, "proc/sys/kernel/kexec_load_disabled", "1");
}

static int reboot_host(const struct root *root)
{
	struct log log = { root, true, { 0 } };
	_cleanup_free_ char *output = NULL;
	int r;

	forbid_kexec(root);
	if (root->is_confined) {
		fprintf(stderr,
			"passthru: could not reboot: %s is not the root of the running system\n",
			root->path);
		return -EINVAL;
	}
	log_line(SEVERITY_ERROR,
		 "error: nobody confirmed the configuration on trial; rebooting to the proven one",
		 &log);
	log_end(&log);
	r = command_output((const char *const[]){ "systemctl", "reboot", NULL }, REBOOT_MS,
			   OUTPUT_MAX, &output);
	if (r == 0)
		sleep(PATIENCE_S);
	sync();
	reboot(RB_AUTOBOOT);
	return cli_error("reboot", -errno);
}

/* A report that cannot be read any more confirms nothing. */
static bool is_confirmed(const struct root *root)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	struct recorded_trial trial;

	if (store_read(root, &store) < 0)
		return false;
	trial = store_trial(&store);
	return trial.verdict == TRIAL_PROVEN;
}

/* TRIAL_FLAG is no sign: passthru-verify makes it, which a boot that ends in emergency mode has
 * not. */
int trial_wait(struct call *call)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	struct recorded_trial trial = { 0 };
	int r = read_trial(call, &store, &trial);

	if (r < 0 || !is_awaited(&trial))
		return r;
	while (!is_confirmed(&call->root)) {
		uint32_t end = deadline_s(&call->root, &trial), now = uptime_s();

		if (now >= end)
			return reboot_host(&call->root);
		sleep(1);
	}
	return 0;
}

int trial_postpone(struct call *call)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	_cleanup_free_ char *text = NULL;
	struct recorded_trial trial = { 0 };
	int r = read_trial(call, &store, &trial);

	if (r < 0)
		return r;
	if (!is_awaited(&trial)) {
		puts("No configuration waits for `passthru confirm`.");
		return 0;
	}
	text = memory_printf("%u", uptime_s() + trial.within_s);
	r = root_replace_file(&call->root, REPORT_DIRECTORY, DEADLINE_NAME, text);
	if (r < 0)
		return cli_error("/" DEADLINE_PATH, r);
	printf("The configuration has to be confirmed within %u s from now, else the host reboots.\n",
	       trial.within_s);
	return 0;
}
