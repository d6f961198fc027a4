/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guardian and the modes of the agent share. */
#ifndef PASSTHRU_AGENT_AGENT_H
#define PASSTHRU_AGENT_AGENT_H

#include <sys/utsname.h>

#include "agent/image_copy.h"
#include "apply/context.h"
#include "report/exit_status.h"
#include "report/log.h"
#include "report/note.h"
#include "report/record.h"
#include "session/session.h"
#include "trial/begin.h"

/* What the worker keeps for itself at the end, before it is killed. */
#define TIME_TO_RETURN_MS 500 /* to return the devices with which it did not succeed */
#define TIME_TO_REPORT_MS 500 /* to write the report of it, whatever hung */

struct agent;

/* What the agent is called for: one row and one file each. */
struct mode {
	const char *option; /* as on the command line; "" for the run at boot */
	/* Goes through the flow as a worker does, and returns an exit status. */
	int (*run)(struct agent *agent);
	int limit_ms;       /* then the worker is killed */
	bool begins_report; /* the others only add to one */
	bool has_device;    /* and that is ->address */
};

/*
 * Once, at boot; again and again while the boot waits for its root file system; once in the running
 * system, to complete what was begun and to see that it still holds; and for each hot-plugged
 * device that a rule may match.
 */
extern const struct mode boot_mode, rescue_mode, verify_mode, hotplug_mode;

struct agent {
	const struct mode *mode;
	struct root root;
	struct root image; /* where configuration and record of needs are; or not open: in `root` */
	struct log log;
	bool dry_run;
	const char *cmdline;
	int64_t started_us;
	int64_t deadline_ms;        /* on clock_ms(): no step that can block begins after it */
	struct pci_address address; /* of hotplug_mode: the device */
	bool is_watching;           /* rescue_mode: by watch_run(), not by a hook */
	bool is_coldplug;           /* udev goes through the devices once more: it may be known */
	char kernel[sizeof(((struct utsname *)0)->release)];
	struct progress *progress; /* shared between guardian and worker */
	/* The worker's own. */
	struct session session;
	struct image_copy image_copy; /* what was read of the image */
	struct trial trial;
	struct root proven; /* the image's other configuration, if that is used; or not open */
};

/*
 * Log that AGENT ends with exit status STATUS, and which mode and device that is about; nothing for
 * EXIT_OK.
 */
void agent_tell_status(struct agent *agent, int status);

/* The same for the usage error ARGV, in the log of the host itself. */
void agent_tell_usage(char **argv);

/* Read what is wanted. Negative errno, and a finding, when the kernel command line cannot be read.
 */
int agent_read(struct agent *agent);

/*
 * Look at the host as far as is cheap, and recall what it needs. Negative errno, and a finding,
 * when sysfs cannot be read.
 */
int agent_scan(struct agent *agent);

/*
 * For the modes after that at boot: both, in this order. 0 to go on; else a negative errno, with
 * the exit status in *RET_STATUS, and why is logged. -ECANCELED when nothing is to be done.
 */
int agent_begin(struct agent *agent, int *ret_status);

/* Log FINDINGS, one line each. */
void agent_log_findings(struct agent *agent, const struct findings *findings);

/* Log what agent_scan() found that could not be read. */
void agent_tell_unread(struct agent *agent);

/* Look closer at what rules concern, and decide. */
void agent_decide(struct agent *agent);

/* Look at the host and decide once more, after a change. Negative errno as from agent_scan(). */
int agent_renew(struct agent *agent);

/*
 * Have the kernel make the IOMMU groups that await a first driver (apply/first_bind.h), and decide
 * once more. Returns whether there were any; they must be on record as to be taken.
 */
bool agent_learn_groups(struct agent *agent);

/* What apply/ needs to know of AGENT. */
struct apply agent_apply(const struct agent *agent);

/*
 * All that there is to tell by now. It points to what the session has, and holds until that
 * changes; it is not to be freed.
 */
struct record agent_record(const struct agent *agent);

/* Everything asked for is as it was asked for. */
bool agent_is_good(const struct agent *agent);

/* Free what the worker came to know. */
void agent_forget(struct agent *agent);

/* Fill in what RECORD says of the agent itself. */
void agent_stamp(const struct agent *agent, struct record *record);

/*
 * Write RECORD as the report; a failure is logged. For the plan, the file system is to keep room
 * for what comes of it: where there is none for a second file, that is written over the first.
 */
void agent_write_plan(struct agent *agent, const struct record *record);
void agent_write_report(struct agent *agent, const struct record *record);

/* The same for a record that was changed. Negative errno as well. */
int agent_write_changed(struct agent *agent, struct store *store);

#endif
