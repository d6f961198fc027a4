/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The work in the initramfs, once, before any module is loaded. */
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/hotplug.h"
#include "agent/rescue.h"
#include "plan/others.h"

/* The file first: a console can be slow, and whoever waits for us may lose patience. */
static void publish(struct agent *agent, struct record *record)
{
	agent_stamp(agent, record);
	if (!agent->dry_run)
		agent_write_report(agent, record);
	agent->progress->is_finished = true;
	record_each_line(record, log_line, &agent->log);
}

/* Should the worker not come to its end, there is a record of what it was about to do. */
static void record_plan(struct run *run)
{
	struct record record = run->record;

	agent_stamp(run->agent, &record);
	record.findings = (struct findings){ 0 };
	findings_add(&record.findings, FINDING_UNFINISHED,
		     "this was written before the devices were touched, and nothing since");
	agent_write_plan(run->agent, &record);
	findings_free(&record.findings);
}

static void carry_out(struct run *run)
{
	struct apply apply = run_apply(run);

	apply.is_before_udev = true;
	record_plan(run);
	heal_prepare(run);
	apply_plan(&apply, &run->plan);
	apply_empty_stubs(&apply, &run->want, &run->plan, &run->record.findings);
	late_prepare(run);
}

/* There are rules, or options of stub drivers that are not to count. */
static int take_devices(struct run *run)
{
	struct record *record = &run->record;
	int r = run_scan(run);

	if (r < 0) {
		findings_add(&record->findings, FINDING_NO_SYSFS,
			     "/sys/bus/pci/devices cannot be read: %s", strerror(-r));
		return EXIT_ENVIRONMENT;
	}
	run_decide(run);
	others_decide(&run->plan, &record->findings);
	if (run->agent->dry_run)
		return EXIT_AS_WANTED;
	carry_out(run);
	return record_is_good(record) ? EXIT_AS_WANTED : EXIT_NOT_AS_WANTED;
}

static int follow_want(struct run *run)
{
	struct findings *findings = &run->record.findings;

	findings_move(findings, &run->want.findings);
	if (run->want.off) {
		findings_add(findings, FINDING_OFF,
			     "switched off on the kernel command line, nothing is touched");
		return EXIT_AS_WANTED;
	}
	if (run->want.has_errors)
		return EXIT_BAD_CONFIGURATION;
	if (run->want.rule_count || want_has_natives(&run->want))
		return take_devices(run);
	findings_add(
		findings, FINDING_NOTHING_CONFIGURED,
		"no rule in /etc/passthru.conf and modprobe.d, and none on the kernel command line, nothing is touched");
	return EXIT_AS_WANTED;
}

int boot_work(void *agent)
{
	struct run run = { .agent = agent };
	int r = run_read(&run);

	if (r < 0) {
		findings_add(&run.record.findings, FINDING_NO_PROC,
			     "/proc/cmdline cannot be read (%s), so nothing is touched",
			     strerror(-r));
		r = EXIT_ENVIRONMENT;
	} else {
		r = follow_want(&run);
	}
	run.agent->progress->status = r;
	publish(run.agent, &run.record);
	run_free(&run);
	return r;
}
