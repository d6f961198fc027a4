/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole host in memory, booted and used: host/build.c makes it, host/story.c lets things happen,
 * host/check.c says what must be true.
 */
#include "fuzz.h"

#include <string.h>

#include "host/base.h"
#include "host/build.h"
#include "host/story.h"
#include "model/node.h"

static void run(const uint8_t *data, size_t size)
{
	static struct script script;

	script_parse(data, size, &script);
	build_host(&script);
	story_tell(&script);
}

/* Each recorded host with the rules of its test, and with some that mean its first devices. */
static void each_seed(void (*add)(const char *text, size_t size))
{
	for (size_t i = 0; i < base_count(); i++) {
		unsigned number;
		const char *stem = base_name(i, &number);
		const char *text =
			arena_printf("base %s %u\nboot\nverify\nrescue\nrescue 20\n", stem, number);

		add(text, strlen(text));
		if (number)
			continue;
		for (unsigned device = 0; device < 6; device++) {
			text = arena_printf("base %s 0\nrule 0 %u\nboot\nhotplug %u\nverify\n",
					    stem, device, device);
			add(text, strlen(text));
		}
	}
}

static const char *const seeds[] = {
	"device 1\ndevice 0 0 1\nrule 0 0\nboot\nverify\n",
	"device 0 0 1\nneed 0 0\nrule 0 0\nboot\nrescue\nrescue 20\n",
	"device 1 0 2\nrule 1 0\nboot\nplug 0 1\n",
	"device 1 0 0 0 4\nrule 0 0 0 0 0 0 0 0 0 2\nboot\nmodprobe 0\nhotplug 0\nverify\n",
	"device 7\ndevice 1 1\ndevice 1 2 0 1\nrule 0 1 0 0 2\nboot\n",
	"xen 1\ndevice 1\ndevice 0\nrule 0 0\nrule 0 1\nboot\nverify\n",
	"stub 0 1\ndevice 1\nrule 0 0\nboot\nmodprobe 16\nverify\n",
	"device 1 0 2\nboot\nassign 0\nrelease 0\ncommand 0\n",
	"device 0 0 0\nrule 3 0\nboot\nrescue\nrescue 20\nrescue\n",
	"device 1\nrule 0 0\nunplug 0\nboot\nplug 0 1\nverify\n",
	"device 1 0 1\nrule 0 0 0 0 0 2\nfault 0 2 0\nboot\n",
	"device 1\nrule 0 0\nword 1\nboot\nverify\n",
	"device 6\nconsole 0\nrule 0 0\nfault 0 9 0\nboot\n",
	NULL,
};

FUZZ_TARGET(host, .run = run, .seeds = seeds, .each_seed = each_seed, .mutate = script_mutate,
	    .size_max = 2048)
