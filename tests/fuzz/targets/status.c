/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `passthru status` and the agent make of a record that anybody may have written. */
#include "fuzz.h"

#include <getopt.h>
#include <json-c/json.h>
#include <string.h>

#include "host/build.h"
#include "model/model.h"
#include "report/record.h"

int agent_main(int argc, char **argv);
int command_main(int argc, char **argv);

struct call {
	int (*main)(int argc, char **argv);
	const char *words[3];
};

static int run_main(void *context)
{
	const struct call *call = context;
	char *argv[4] = { NULL };
	int argc = 0;

	for (; argc < 3 && call->words[argc]; argc++)
		argv[argc] = arena_copy(call->words[argc], strlen(call->words[argc]));
	optind = 0;
	return call->main(argc, argv);
}

/* Names of metrics and labels as Prometheus has them (Exposition formats, text-based). */
static void check_metrics(const char *text)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");

		must(strchr(line, '\n'), "metrics", "%s", text);
		if (*line == '#')
			continue;
		must(name && (line[name] == ' ' || line[name] == '{'), "metrics", "%s", line);
		if (line[name] == '{')
			must(strstr(line, "\"} "), "metrics", "%s", line);
	}
}

static void check_json(const char *text)
{
	struct json_object *object = json_tokener_parse(text);

	must(!*text || object, "status-json", "%s", text);
	json_object_put(object);
}

static void check(const char *option, void (*check)(const char *text))
{
	struct call call = { command_main, { "passthru", "status", option } };
	const char *output;
	int result;

	fuzz_capture();
	result = process_run(run_main, &call);
	output = fuzz_captured();
	must(result >= 0 && result <= 3, "status", "%d", result);
	if (check)
		check(output);
}

static void run(const uint8_t *data, size_t size)
{
	static const char host[] = "device 1\ndevice 0\nrule 0 0\n";
	static struct script script;
	struct call verify = { agent_main, { "passthru-init", "--verify" } };

	script_parse((const uint8_t *)host, strlen(host), &script);
	build_host(&script);
	model_bytes(REPORT_PATH, data, size);
	check(NULL, NULL);
	check("--json", check_json);
	check("--metrics", check_metrics);
	must(process_run(run_main, &verify) >= 0, "status", "--verify dies");
}

static const char *const seeds[] = {
	"{\"version\":1,\"program\":\"x\",\"devices\":[{\"rule\":\"r0\",\"address\":\"0000:00:10.0\","
	"\"state\":\"bound\",\"driver\":\"vfio-pci\",\"errno\":0,\"id\":\"8086:10d3\",\"findings\":[{"
	"\"code\":\"absent\",\"severity\":\"warning\",\"text\":\"t\",\"remedy\":\"r\"}]}],"
	"\"findings\":[{\"code\":\"off\",\"severity\":\"error\",\"text\":\"t\"}],\"iommu\":{"
	"\"findings\":[]},\"config_sha256\":\"x\"}",
	"{\"version\":1,\"program\":\"x\",\"devices\":[],\"findings\":[]}", NULL
};
static const char *const words[] = { "\"version\":1",
				     "\"program\":",
				     "\"devices\":[",
				     "\"findings\":[",
				     "\"rule\":",
				     "\"state\":",
				     "\"address\":\"0000:00:10.0\"",
				     "\"driver\":",
				     "\"severity\":\"error\"",
				     "\"code\":",
				     "\"text\":",
				     "\"bound\"",
				     "\"claimed\"",
				     "\"ready\"",
				     "\"iommu\":{",
				     "null",
				     "\\u0022",
				     "\\u001b",
				     "{",
				     "}",
				     "[",
				     "]",
				     ",",
				     NULL };

FUZZ_TARGET(status, .run = run, .seeds = seeds, .words = words, .size_max = 2048)
