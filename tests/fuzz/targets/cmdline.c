/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line. */
#include "fuzz.h"

#include <string.h>

#include "util/memory.h"
#include "want/cmdline.h"
#include "want/want.h"

static bool is_off(const char *text)
{
	struct natives natives = { 0 };
	struct intent intent = { 0 };
	bool off;

	cmdline_parse(&intent, &natives, text);
	off = intent.off;
	intent_free(&intent);
	natives_free(&natives);
	return off;
}

/* Who has switched it off has done so whatever else is there, and each spelling of it is one. */
static void check_switch(const char *text)
{
	static const char *const switches[] = { "passthru=off", "rd.passthru=0", "passthru=bogus" };

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		_cleanup_free_ char *before = memory_printf("%s %s", switches[i], text);

		must(is_off(before), "cmdline-off", "%s", before);
	}
}

static void check_names(const struct intent *intent)
{
	for (size_t i = 0; i < intent->rule_count; i++)
		must(*intent->rules[i].name && *intent->rules[i].origin, "cmdline-rule", "%zu", i);
}

/* What is merged keeps every rule that is not skipped, and every option of it is set. */
static void check_merge(const char *text)
{
	struct intent files = { 0 }, credentials = { 0 }, options = { 0 };
	struct natives natives = { 0 };
	struct want want;
	size_t before, skipped = 0;

	cmdline_parse(&options, &natives, text);
	/* What they ask for is for native.c. */
	natives_free(&natives);
	before = options.rule_count;
	for (size_t i = 0; i < options.rule_count; i++) {
		for (size_t k = 0; k < options.skip_count; k++) {
			if (strcmp(options.skip[k], options.rules[i].name) == 0) {
				skipped++;
				break;
			}
		}
	}
	want_merge(&files, &credentials, &options, &natives, &want);
	must(want.rule_count == before - skipped, "merge", "%zu rules of %zu", want.rule_count,
	     before);
	fuzz_check_findings(&want.findings);
	must(want.has_errors || findings_severity(&want.findings) != SEVERITY_ERROR, "merge",
	     "an error that is none");
	for (size_t i = 0; i < want.rule_count; i++)
		must(want.rules[i].options.driver && want.rules[i].options.iommu &&
			     want.rules[i].options.group && want.rules[i].options.on_failure &&
			     want.rules[i].options.hotplug,
		     "merge", "an option is not set");
	want_free(&want);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	struct natives natives = { 0 };
	struct intent intent = { 0 };

	cmdline_parse(&intent, &natives, text);
	fuzz_check_findings(&natives.findings);
	natives_free(&natives);
	fuzz_check_findings(&intent.findings);
	check_names(&intent);
	intent_free(&intent);
	check_switch(text);
	check_merge(text);
}

static const char *const seeds[] = {
	"ro passthru.device=0000:01:00.0,allow=storage+network passthru.iommu=warn",
	"vfio-pci.ids=10de:2684,1:2:3:4:5:6 xen-pciback.hide=(03:02.0)(0001:04:00.*) passthru=on",
	"passthru.sriov=id=8086:10d3,vfs=3,vf=0-1 passthru.skip=cmdline1,x rd.passthru=1",
	"passthru.skip=cmdline1 passthru.device=01:00.0 -- passthru=off", NULL
};
static const char *const words[] = { "passthru.device=",
				     "passthru.sriov=",
				     "passthru.skip=",
				     "passthru=",
				     "rd.passthru=",
				     "passthru.",
				     "address=",
				     "id=",
				     "class=",
				     "path=",
				     "vfs=",
				     "vf=",
				     "allow=",
				     "count=",
				     "driver=",
				     "iommu=",
				     "group=",
				     "on_failure=",
				     "hotplug=",
				     "root-grace=",
				     "permissive=",
				     "vfio-pci.ids=",
				     "vfio_pci.ids=",
				     "pci-stub.ids=",
				     "xen-pciback.hide=",
				     "pciback.hide=",
				     "(03:02.0)",
				     "10de:2684",
				     "0000:01:00.0",
				     "cmdline1",
				     "off",
				     "on",
				     "-- ",
				     "\"",
				     NULL };

FUZZ_TARGET(cmdline, .run = run, .seeds = seeds, .words = words)
