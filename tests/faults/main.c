/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults [OPTIONS] CAMPAIGN TREE PROGRAM [ARG...]: runs the program in the tree, where it is, once
 * with each fault of the campaign, and looks at what is left. A line of TAP, and an example of each
 * kind of violation. CAMPAIGN is one of campaigns.c; `exec` runs it once, without a fault, and
 * leaves the tree as it is then.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "campaigns.h"
#include "util/cleanup.h"
#include "util/memory.h"

static const char usage[] = "usage: faults [OPTIONS] CAMPAIGN TREE PROGRAM [ARG...]\n"
			    "  --name NAME        what this is, for the line of TAP\n"
			    "  --statuses N,N...  the exit statuses that the manual has\n"
			    "  --deadline MS      the program's own time limit\n"
			    "  --log-counts       what cannot be recorded may be logged instead\n"
			    "  --begins-record    it writes a new record, whatever is there\n"
			    "  --sample N         about so many runs, evenly chosen\n"
			    "  --shard I/N        of N parts the Ith, from 0\n"
			    "  --only LABEL       this one, and what it says\n"
			    "  --preload FILE     counts allocations in a dynamic program\n";

static void parse_statuses(struct rig *rig, char *text)
{
	size_t count = 0;

	for (char *word; (word = strsep(&text, ",")) && count < sizeof(rig->statuses) - 1;)
		rig->statuses[count++] = (unsigned char)atoi(word);
	rig->statuses[count] = 255;
}

static void parse_shard(struct rig *rig, const char *text)
{
	if (sscanf(text, "%zu/%zu", &rig->shard, &rig->shards) != 2 || rig->shard >= rig->shards)
		errx(64, "--shard: '%s' is not I/N", text);
}

static void parse_options(struct rig *rig, int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "statuses", required_argument, NULL, 's' },
		{ "deadline", required_argument, NULL, 'd' },
		{ "log-counts", no_argument, NULL, 'l' },
		{ "begins-record", no_argument, NULL, 'b' },
		{ "sample", required_argument, NULL, 'a' },
		{ "shard", required_argument, NULL, 'h' },
		{ "only", required_argument, NULL, 'o' },
		{ "undo", required_argument, NULL, 'u' },
		{ "preload", required_argument, NULL, 'p' },
		{ 0 },
	};

	for (int c; (c = getopt_long(argc, argv, "+", options, NULL)) >= 0;) {
		if (c == 'n')
			rig->name = optarg;
		else if (c == 's')
			parse_statuses(rig, optarg);
		else if (c == 'd')
			rig->deadline_ms = atoi(optarg);
		else if (c == 'l')
			rig->may_only_log = true;
		else if (c == 'b')
			rig->begins_record = true;
		else if (c == 'a')
			rig->sample = (size_t)atoi(optarg);
		else if (c == 'h')
			parse_shard(rig, optarg);
		else if (c == 'o')
			rig->only = optarg;
		else if (c == 'u')
			rig->undo = optarg;
		else if (c == 'p')
			rig->preload = optarg;
		else
			errx(64, "%s", usage);
	}
	if (argc - optind < 3)
		errx(64, "%s", usage);
}

/* Both sides of a listener wait for each other: on one processor that costs least. */
static void stay_on_processor(void)
{
	cpu_set_t set;
	int now = sched_getcpu();

	if (now < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)now, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int execute(struct rig *rig)
{
	struct program program = rig_program(rig);
	struct outcome outcome;

	process_run(&rig->host, &program, &outcome, 1);
	fputs(outcome.output, stdout);
	return WIFEXITED(outcome.status) ? WEXITSTATUS(outcome.status)
					 : 128 + WTERMSIG(outcome.status);
}

static bool enter_namespace(const char **ret_reason)
{
	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		return true;
	*ret_reason = strerror(errno);
	return false;
}

static int skip(const struct rig *rig, const char *campaign, const char *reason)
{
	printf("ok - faults: %s: %s # SKIP %s\n", rig->name, campaign, reason);
	return 0;
}

static int run(struct rig *rig, const struct campaign *campaign)
{
	const char *reason;

	if (!process_can_trace(&reason) || (campaign->needs_mounts && !enter_namespace(&reason)))
		return skip(rig, campaign->name, reason);
	rig_begin(rig);
	if (!campaign->has_no_good)
		rig_learn(rig);
	campaign->run(rig);
	return !rig_report(rig, campaign->name);
}

int main(int argc, char **argv)
{
	struct rig rig = { .name = "", .deadline_ms = 10000, .shards = 1, .statuses = { 0, 255 } };
	const struct campaign *campaign;
	int r;

	parse_options(&rig, argc, argv);
	stay_on_processor();
	rig.host = host_open(argv[optind + 1]);
	rig.argv = argv + optind + 2;
	if (rig.host.is_real != (rig.undo != NULL))
		errx(64, "--undo is for the real /");
	if (chdir(argv[optind + 1]) < 0)
		err(2, "%s", argv[optind + 1]);
	campaign = campaign_find(argv[optind]);
	if (!campaign && strcmp(argv[optind], "exec") != 0)
		errx(64, "no campaign '%s'", argv[optind]);
	r = campaign ? run(&rig, campaign) : execute(&rig);
	rig_free(&rig);
	return r;
}
