/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command lines of both programs, on a small host: a status of the manual, and an end. */
#include "fuzz.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host/build.h"
#include "host/check.h"
#include "model/model.h"

#define ARGUMENTS_MAX 12

int agent_main(int argc, char **argv);
int command_main(int argc, char **argv);

struct call {
	char *argv[ARGUMENTS_MAX + 2];
	int argc;
	bool is_agents;
};

static int run_main(void *context)
{
	struct call *call = context;

	optind = 0;
	return call->is_agents ? agent_main(call->argc, call->argv)
			       : command_main(call->argc, call->argv);
}

/* What needs a terminal, the files of the host or other programs. */
static bool is_left_out(const char *word)
{
	static const char *const words[] = { "image",    "list",   "--image", "-o",
					     "--output", "record", "guest" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strncmp(word, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static void run(const uint8_t *data, size_t size)
{
	static const char host[] = "device 1\ndevice 0\nrule 0 0\n";
	static struct script script;
	struct call call = { .argv = { (char *)"program" }, .argc = 1 };
	_cleanup_free_ char *text = fuzz_text(data, size);
	char *rest = text;
	int result;

	call.is_agents = *text == '-' || !*text;
	script_parse((const uint8_t *)host, strlen(host), &script);
	build_host(&script);
	for (char *word; (word = strsep(&rest, "\n")) && call.argc < ARGUMENTS_MAX;) {
		if (is_left_out(word))
			return;
		call.argv[call.argc++] = arena_copy(word, strlen(word));
	}
	result = process_run(run_main, &call);
	fflush(stdout);
	must(result >= 0 && (result <= 3 || result == 64 || result == 66 || result == 77),
	     "arguments-status", "%d", result);
}

static const char *const seeds[] = { "--hotplug\n0000:00:10.0\n--coldplug",
				     "--dry-run\n--root\n/\n--cmdline\npassthru.device=1:2",
				     "--verify",
				     "status\n--json",
				     "assign\n--dry-run\n0000:00:10.0\n--iommu=warn",
				     "release\n8086:10d3",
				     "check\netc/passthru.conf\n--lenient",
				     "assign\nr0\n--driver\nauto",
				     "--version",
				     "help",
				     NULL };
static const char *const words[] = { "--hotplug", "--coldplug", "--rescue",     "--verify",
				     "--dry-run", "--root",     "--cmdline",    "--help",
				     "--version", "status",     "check",        "assign",
				     "release",   "needs",      "import",       "--json",
				     "--metrics", "--lenient",  "--modules",    "--files",
				     "--persist", "--name",     "--driver",     "--iommu",
				     "--group",   "--allow",    "--permissive", "0000:00:10.0",
				     "8086:10d3", "r0",         "\n",           "=",
				     NULL };

FUZZ_TARGET(arguments, .run = run, .seeds = seeds, .words = words, .size_max = 256,
	    .prints_input = true)
