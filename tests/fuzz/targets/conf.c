/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files: what they ask for can be written down, and is then asked for again. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "host/rules.h"
#include "util/memory.h"
#include "want/cmdline.h"
#include "want/conf.h"

static unsigned count_lines(const uint8_t *data, size_t size)
{
	unsigned count = 1;

	for (size_t i = 0; i < size; i++)
		count += data[i] == '\n';
	return count;
}

/* Each error names a line that is there. */
static void check_findings(const struct findings *findings, unsigned lines)
{
	unsigned line;

	fuzz_check_findings(findings);
	for (size_t i = 0; i < findings->count; i++)
		must(findings->items[i].code != FINDING_CONFIG_ERROR ||
			     (sscanf(findings->items[i].text, "f:%u:", &line) == 1 && line >= 1 &&
			      line <= lines),
		     "conf-line", "of %u lines: %s", lines, findings->items[i].text);
}

static void check_rules(const struct intent *intent)
{
	for (size_t i = 0; i < intent->rule_count; i++) {
		const struct rule *rule = &intent->rules[i];

		must(rule_name_is_valid(rule->name), "conf-name", "%s", rule->name);
		must(intent_find_rule(intent, rule->name) == rule, "conf-name", "%s twice",
		     rule->name);
	}
}

/* The same file, from what was understood of it. */
static void check_round_trip(const struct intent *intent)
{
	_cleanup_free_ char *text = rules_to_conf(intent);
	_cleanup_free_ char *before = form_rules(intent->rules, intent->rule_count);
	_cleanup_free_ char *after = NULL;
	struct intent again = { 0 };

	conf_parse(&again, "f", text, strlen(text));
	after = form_rules(again.rules, again.rule_count);
	must(!again.findings.count && strcmp(before, after) == 0, "conf-round-trip",
	     "%s\nbecomes\n%s%s", before, after,
	     again.findings.count ? again.findings.items[0].text : "");
	intent_free(&again);
}

/* And as options of the kernel command line: what works in one works in the other. */
static void check_cmdline(const struct intent *intent)
{
	_cleanup_free_ char *text = rules_to_cmdline(intent);
	_cleanup_free_ char *after = NULL;
	_cleanup_free_ char *before = NULL;
	struct natives natives = { 0 };
	struct intent again = { 0 };

	cmdline_parse(&again, &natives, text);
	natives_free(&natives);
	must(again.rule_count == intent->rule_count && !again.findings.count, "conf-cmdline",
	     "%s: %s", text, again.findings.count ? again.findings.items[0].text : "");
	for (size_t i = 0; i < again.rule_count; i++) {
		free(again.rules[i].name);
		again.rules[i].name =
			memory_copy(intent->rules[i].name, strlen(intent->rules[i].name));
	}
	before = form_rules(intent->rules, intent->rule_count);
	after = form_rules(again.rules, again.rule_count);
	must(strcmp(before, after) == 0, "conf-cmdline", "%s\nbecomes\n%s", before, after);
	intent_free(&again);
}

static void run(const uint8_t *data, size_t size)
{
	struct intent intent = { 0 };

	conf_parse(&intent, "f", (const char *)data, size);
	check_findings(&intent.findings, count_lines(data, size));
	check_rules(&intent);
	if (!intent.findings.count) {
		check_round_trip(&intent);
		check_cmdline(&intent);
	}
	intent_free(&intent);
}

static const char *const seeds[] = {
	"[passthru]\ndriver = auto\niommu = warn\nroot-grace = 10\n"
	"[device gpu]\naddress = 0000:01:00.*\nid = 10de:*\ncount = 2\n"
	"allow = storage, network\n",
	"[sriov n]\npath = pci0000:00/01.0/00.0\nvfs = 7\nvf = 0-3,6\n"
	"mac = 52:54:00:00:00:01-52:54:00:00:00:05\nvlan = 5\ntrust = yes\n"
	"[device x] # y\nclass = 0300\non-failure = hold\ngroup = whole\n",
	"\xef\xbb\xbf[device a]\r\nid = 1:2\r\npermissive = yes\r\ndriver = xen-pciback\r\n", NULL
};

const char *const conf_words[] = { "[device a]\n",
				   "[sriov b]\n",
				   "[passthru]\n",
				   "address = ",
				   "path = ",
				   "id = ",
				   "class = ",
				   "count = ",
				   "vfs = ",
				   "vf = ",
				   "mac = ",
				   "vlan = ",
				   "spoofchk = ",
				   "pf-up = ",
				   "52:54:00:00:00:01-52:54:00:00:00:02",
				   "driver = ",
				   "iommu = ",
				   "group = ",
				   "on-failure = ",
				   "hotplug = ",
				   "permissive = ",
				   "allow = ",
				   "root-grace = ",
				   "0000:01:00.0",
				   "10de:2684",
				   "pci0000:00/01.0/00.0",
				   "0300",
				   "yes",
				   "no",
				   "host",
				   "hold",
				   "warn",
				   "require",
				   "whole",
				   "refuse",
				   "listed",
				   "auto",
				   "vfio-pci",
				   "xen-pciback",
				   "pci-stub",
				   "storage",
				   "network",
				   "console",
				   "0-3",
				   NULL };

FUZZ_TARGET(conf, .run = run, .seeds = seeds, .words = conf_words, .size_max = 8192)
