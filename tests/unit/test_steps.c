/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "apply/steps.h"
#include "forms.h"
#include "util/memory.h"

static const struct row {
	const char *name;
	const char *host, *conf;
	const char *steps;
} rows[] = {
	{ "nothing to do", "0000:02:00.0 1:2 02 group=1\n", "", "" },
	{ "all of a kind before any of the next",
	  "0000:02:00.0 1:2 02 group=1\n0000:03:00.0 1:3 02 group=2\n",
	  "[device a]\nid = 1:2\n[device b]\nid = 1:3\n",
	  "claim 0000:02:00.0\nclaim 0000:03:00.0\n"
	  "load vfio-pci\n"
	  "bind 0000:02:00.0\nbind 0000:03:00.0\n"
	  "settle 0000:02:00.0\nsettle 0000:03:00.0\n" },
	{ "a built-in driver is released after every claim, before any load",
	  "0000:02:00.0 1:2 07 group=1 driver=serial\n0000:03:00.0 1:3 02 group=2\n",
	  "[device a]\nid = 1:2\n[device b]\nid = 1:3\n",
	  "claim 0000:02:00.0\nclaim 0000:03:00.0\n"
	  "release 0000:02:00.0\n"
	  "load vfio-pci\n"
	  "bind 0000:02:00.0\nbind 0000:03:00.0\n"
	  "settle 0000:02:00.0\nsettle 0000:03:00.0\n" },
	{ "one load for each module",
	  "0000:02:00.0 1:2 02 group=1\n0000:03:00.0 1:3 02 group=2\n"
	  "0000:04:00.0 1:4 02 group=3 variant=mlx5_vfio_pci\n",
	  "[device a]\nid = 1:2\ndriver = pci-stub\n[device b]\nid = 1:3\n[device c]\nid = 1:4\n",
	  "claim 0000:02:00.0\nclaim 0000:03:00.0\nclaim 0000:04:00.0\n"
	  "load pci-stub\nload vfio-pci\nload mlx5_vfio_pci\n"
	  "bind 0000:02:00.0\nbind 0000:03:00.0\nbind 0000:04:00.0\n"
	  "settle 0000:02:00.0\nsettle 0000:03:00.0\nsettle 0000:04:00.0\n" },
	{ "a framebuffer is unbound before the module that binds is loaded",
	  "other console\n0000:02:00.0 1:2 0380 group=1 framebuffer=efi\n",
	  "[device a]\nid = 1:2\n",
	  "claim 0000:02:00.0\nframebuffer 0000:02:00.0\nload vfio-pci\nbind 0000:02:00.0\n"
	  "settle 0000:02:00.0\n" },
	{ "settings before the module that binds is loaded, and after the bind",
	  "0000:02:00.0 1:2 02 group=1\n0000:03:00.0 1:3 02 group=2\n",
	  "[device a]\nid = 1:2\nd3cold = no\nmode = 0660\n[device b]\nid = 1:3\npower-control = on\n",
	  "claim 0000:02:00.0\nclaim 0000:03:00.0\nset-before 0000:02:00.0\nload vfio-pci\n"
	  "bind 0000:02:00.0\nbind 0000:03:00.0\nset-after 0000:02:00.0\nset-after 0000:03:00.0\n"
	  "settle 0000:02:00.0\nsettle 0000:03:00.0\n" },
	{ "none of a device that is held", "0000:02:00.0 1:2 02 group=1\n",
	  "[device a]\naddress = 02:00.0\nid = 1:3\nd3cold = no\non-failure = hold\n",
	  "claim 0000:02:00.0\nsettle 0000:02:00.0\n" },
	{ "a framebuffer that is the only console is not",
	  "0000:02:00.0 1:2 0380 group=1 framebuffer=efi\n", "[device a]\nid = 1:2\n",
	  "claim 0000:02:00.0\nload vfio-pci\nbind 0000:02:00.0\nsettle 0000:02:00.0\n" },
	{ "nor one on a device that is refused",
	  "other console\n0000:02:00.0 1:2 0380 group=1 framebuffer=efi\n",
	  "[device a]\naddress = 02:00.0\nid = 1:3\n", "settle 0000:02:00.0\n" },
	{ "the stub has it already: claimed all the same, not released",
	  "0000:02:00.0 1:2 02 group=1 driver=vfio-pci module\n", "[device a]\nid = 1:2\n",
	  "claim 0000:02:00.0\nload vfio-pci\nbind 0000:02:00.0\nsettle 0000:02:00.0\n" },
	{ "held: no module, no bind", "0000:02:00.0 1:2 02 group=1\n",
	  "[device a]\naddress = 02:00.0\nid = 1:3\non-failure = hold\n",
	  "claim 0000:02:00.0\nsettle 0000:02:00.0\n" },
	{ "held: a built-in driver is released, whichever it is",
	  "0000:02:00.0 1:2 02 group=1 driver=serial\n",
	  "[device a]\naddress = 02:00.0\nid = 1:3\non-failure = hold\n",
	  "claim 0000:02:00.0\nrelease 0000:02:00.0\nsettle 0000:02:00.0\n" },
	{ "a refused one is only looked at in the end, an absent one not at all",
	  "0000:02:00.0 1:2 02 group=1 driver=serial\n",
	  "[device a]\naddress = 02:00.0\nid = 1:3\n[device b]\nid = 1:4\n",
	  "settle 0000:02:00.0\n" },
	{ "the first that is taken loads the module, not one refused before it",
	  "0000:02:00.0 1:2 02 group=1\n0000:03:00.0 1:3 02 group=2\n",
	  "[device a]\naddress = 02:00.0\nid = 1:9\n[device b]\nid = 1:3\n",
	  "claim 0000:03:00.0\nload vfio-pci\nbind 0000:03:00.0\n"
	  "settle 0000:02:00.0\nsettle 0000:03:00.0\n" },
};

static char *form_steps(const struct steps *steps)
{
	char *text = memory_copy("", 0);

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->items[i];
		_cleanup_free_ char *before = text;
		char address[ADDRESS_SIZE];

		address_format(&step->decision->device->address, address);
		text = memory_printf("%s%s %s\n", before, step_word(step->kind),
				     step->kind == STEP_LOAD ? step->decision->module : address);
	}
	return text;
}

static void test_steps(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *form = NULL;
	struct steps steps;

	form_host(row->host, &facts);
	form_want(row->conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	steps_make(&plan, &steps);
	form = form_steps(&steps);
	free(steps.items);
	assert_string_equal(form, row->steps);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "steps", test_steps, rows);
	return suite_run(&suite, "steps");
}
