/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stub drivers and udev are told of devices that come later. */
#include "helpers.h"

#include <string.h>

#include "devices.h"
#include "forms.h"
#include "plan/hotplug.h"
#include "plan/plan.h"
#include "plan/udev_rules.h"
#include "util/memory.h"

struct scene {
	struct want want;
	struct facts facts;
	struct plan plan;
};

/* As apply leaves it when all goes well. */
static void scene_make(struct scene *scene, const char *host, const char *conf)
{
	form_host(host, &scene->facts);
	form_want(conf, NULL, &scene->want);
	assert_findings(&scene->want.findings, NULL);
	plan_make(&scene->want, &scene->facts, &scene->plan);
	for (size_t i = 0; i < scene->plan.count; i++) {
		if (scene->plan.decisions[i].verdict == VERDICT_TAKE)
			scene->plan.decisions[i].state = STATE_BOUND;
	}
}

static void scene_free(struct scene *scene)
{
	plan_free(&scene->plan);
	facts_free(&scene->facts);
	want_free(&scene->want);
}

static const struct entry_row {
	const char *name;
	const char *host;
	const char *conf;
	const char *entry; /* NULL for none */
} entry_rows[] = {
	{ "by id, absent", "", "id = 8086:10d3\n", "8086 10d3 ffffffff ffffffff 0 0" },
	{ "by id, there", NIC, "id = 8086:10d3\n", "8086 10d3 ffffffff ffffffff 0 0" },
	{ "two of it, both are meant", NIC TWIN, "id = 8086:10d3\n",
	  "8086 10d3 ffffffff ffffffff 0 0" },
	{ "with all ids and a class", "", "id = 8086:10d3:1:2\nclass = 02\n",
	  "8086 10d3 1 2 20000 ff0000" },
	{ "by id and place", NIC, "id = 8086:10d3\naddress = 0000:02:00.0\n",
	  "8086 10d3 ffffffff ffffffff 0 0" },
	{ "the host has its twin", NIC TWIN, "id = 8086:10d3\naddress = 0000:02:00.0\n", NULL },
	{ "the host has one, the rule none", TWIN, "id = 8086:10d3\naddress = 0000:02:00.0\n",
	  NULL },
	{ "its twin is of another class", NIC "0000:03:00.0 8086:10d3 0300 group=16\n",
	  "id = 8086:10d3\nclass = 02\n", "8086 10d3 ffffffff ffffffff 20000 ff0000" },
	{ "any device of a vendor", "", "id = 8086:*\n", NULL },
	{ "by address alone", "", "address = 0000:02:00.0\n", NULL },
	{ "by class alone", "", "class = 02\n", NULL },
	{ "by address alone, there", NIC, "address = 0000:02:00.0\n",
	  "8086 10d3 ffffffff ffffffff 0 0" },
	{ "by class alone, there", NIC, "class = 02\n", "8086 10d3 ffffffff ffffffff 0 0" },
	{ "by class alone, twice", NIC TWIN, "class = 02\n", "8086 10d3 ffffffff ffffffff 0 0" },
	{ "by address alone, the host has its twin", NIC TWIN, "address = 0000:02:00.0\n", NULL },
	{ "by class alone, refused", "0000:02:00.0 8086:10d3 02\n", "class = 02\n", NULL },
	{ "by class alone, not wanted", NIC, "class = 02\nhotplug = no\n", NULL },
	{ "in a dom0 by class, there: pciback knows", "xen\n" NIC, "class = 02\n", NULL },
	{ "it was refused", "0000:02:00.0 8086:10d3 02\n", "id = 8086:10d3\n", NULL },
	{ "not wanted", "", "id = 8086:10d3\nhotplug = no\n", NULL },
	{ "a virtual function", "", "id = 8086:10d3\nvf = 1\n", NULL },
	{ "in a dom0 by address", "xen\n", "address = 02:00.0\nid = 8086:10d3\n", "0000:02:00.0" },
	{ "in a dom0 by address, there: pciback knows", "xen\n" NIC, "address = 02:00.0\n", NULL },
	{ "in a dom0 by any function", "xen\n", "address = 02:00.*\n", NULL },
	{ "in a dom0 by id", "xen\n", "id = 8086:10d3\n", NULL },
};

static void test_entry(void **state)
{
	const struct entry_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *conf = memory_printf("[device a]\n%s", row->conf);
	_cleanup_free_ char *entry = NULL;

	scene_make(&scene, row->host, conf);
	if (hotplug_is_wanted(&scene.plan.decisions[0]))
		entry = hotplug_entry(&scene.plan, &scene.plan.decisions[0]);
	if (!row->entry)
		assert_null(entry);
	else
		assert_string_equal(entry ? entry : "none", row->entry);
}

static const struct same_row {
	const char *name;
	const char *host;
	const char *a, *b; /* two rules */
	bool is_same;
} same_rows[] = {
	{ "one id, two places", NIC TWIN, "id = 8086:10d3\naddress = 02:00.0\n",
	  "id = 8086:10d3\naddress = 03:00.0\n", true },
	{ "two ids", NIC, "id = 8086:10d3\n", "id = 8086:10d4\n", false },
	{ "one id, one with a class", NIC TWIN, "id = 8086:10d3\naddress = 02:00.0\n",
	  "id = 8086:10d3\nclass = 02\n", false },
	{ "one id, two drivers", NIC TWIN, "id = 8086:10d3\naddress = 02:00.0\n",
	  "id = 8086:10d3\ndriver = pci-stub\n", false },
	{ "two devices of one id, by their addresses", NIC TWIN, "address = 02:00.0\n",
	  "address = 03:00.0\n", true },
	{ "one id, one of them by its address alone", NIC TWIN, "address = 02:00.0\n",
	  "id = 8086:10d3\n", true },
	{ "by their addresses, for two drivers", NIC TWIN, "address = 02:00.0\n",
	  "address = 03:00.0\ndriver = pci-stub\n", false },
	{ "in a dom0, by address", "xen\n", "id = 8086:10d3\naddress = 02:00.0\n",
	  "id = 8086:10d3\naddress = 03:00.0\n", false },
};

static void test_same(void **state)
{
	const struct same_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *conf = memory_printf("[device a]\n%s[device b]\n%s", row->a, row->b);
	const struct decision *decisions;

	scene_make(&scene, row->host, conf);
	decisions = scene.plan.decisions;
	assert_int_equal(scene.plan.count, 2);
	assert_true(hotplug_is_same(&decisions[0], &decisions[0]));
	assert_int_equal(hotplug_is_same(&decisions[0], &decisions[1]), row->is_same);
	if (row->is_same)
		assert_true(hotplug_key(&decisions[0]) == hotplug_key(&decisions[1]));
}

/* One that could not be bound was given back to the host. */
static void test_failed(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	(void)state;
	scene_make(&scene, NIC TWIN, "[device a]\nid = 8086:10d3\n");
	scene.plan.decisions[1].state = STATE_FAILED;
	assert_null(hotplug_entry(&scene.plan, &scene.plan.decisions[0]));
}

static const struct rules_row {
	const char *name;
	const char *conf;
	bool is_armed;
	const char *lines; /* those of the rules; NULL when there is no file at all */
} rules_rows[] = {
	{ "no rule", "", false, NULL },
	{ "none that waits", "[device a]\nid = 8086:10d3\nhotplug = no\n", false, NULL },
	{ "none of all", "[passthru]\nhotplug = no\n[device a]\nid = 8086:10d3\n", false, NULL },
	{ "by id", "[device a]\nid = 8086:10d3\n", false,
	  "ACTION==\"add\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n" },
	{ "twice the same, said once", "[device a]\nid = 8086:10d3\n[device b]\nid = 8086:10d3\n",
	  false, "ACTION==\"add\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n" },
	{ "by id, which the stub knows", "[device a]\nid = 8086:10d3\naddress = 02:00.0\n", true,
	  "ACTION==\"add\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n"
	  "ACTION==\"bind\", DRIVER==\"vfio-pci\", ATTR{driver_override}==\"(null)\", "
	  "ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n" },
	{ "by id and place, which it does not", "[device a]\nid = 8086:10d3\naddress = 02:00.0\n",
	  false, "ACTION==\"add\", DEVPATH==\"*/0000:02:00.0*\", G\n" },
	{ "in a domain of VMD", "[device a]\naddress = 10000:e1:00.0\n", false,
	  "ACTION==\"add\", DEVPATH==\"*/10000:e1:00.0*\", G\n" },
	{ "any function in one", "[device a]\naddress = 10000:e1:00.*\n", false,
	  "ACTION==\"add\", DEVPATH==\"*/10000:e1:00.*\", G\n" },
	{ "a physical function in one", "[sriov a]\naddress = 10000:e1:00.0\nvfs = 2\n", false,
	  "DRIVER==\"?*\", TEST==\"sriov_numvfs\", DEVPATH==\"*/10000:e1:00.0*\", G\n" },
	{ "any function", "[device a]\naddress = 02:00.*\n", false,
	  "ACTION==\"add\", DEVPATH==\"*/0000:02:00.*\", G\n" },
	{ "by path", "[device a]\npath = pci0000:00/01.0/pci10000:e0/00.0\n", false,
	  "ACTION==\"add\", DEVPATH==\"/*pci0000:00/*:01.0/*pci10000:e0/*:00.0\", G\n" },
	{ "by class", "[device a]\nclass = 0108\n", false,
	  "ACTION==\"add\", ATTR{class}==\"0x0108??\", G\n" },
	{ "of any vendor", "[device a]\nid = *:10d3\n", false,
	  "ACTION==\"add\", ATTR{device}==\"0x10d3\", G\n" },
	{ "virtual functions", "[device a]\naddress = 02:00.0\nvf = 0\n", false,
	  "ACTION==\"add\", ATTR{physfn/sriov_drivers_autoprobe}==\"1\", G\n" },
	{ "a physical function, in any case",
	  "[sriov a]\naddress = 02:00.0\nid = 1:2\nvfs = 2\nhotplug = no\n", false,
	  "DRIVER==\"?*\", TEST==\"sriov_numvfs\", DEVPATH==\"*/0000:02:00.0*\", G\n" },
};

/* The lines between those that are always there, with G for the jump at the end of each. */
static char *lines_of_rules(const char *text)
{
	static const char head[] = "ACTION!=\"add|bind\", GOTO=\"passthru_end\"\n";
	static const char jump[] = "GOTO=\"passthru_hotplug\"";
	const char *begin = strstr(text, head) + strlen(head);
	const char *end = strstr(begin, "GOTO=\"passthru_end\"");
	char *lines = memory_copy(begin, (size_t)(end - begin));

	for (char *g = lines; (g = strstr(g, jump)); g++) {
		*g = 'G';
		memmove(g + 1, g + strlen(jump), strlen(g + strlen(jump)) + 1);
	}
	return lines;
}

static void assert_rules(const char *host, const char *conf, bool is_armed, const char *expected)
{
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *rules = NULL, *lines = NULL;

	scene_make(&scene, host, conf);
	for (size_t i = 0; i < scene.plan.count; i++)
		scene.plan.decisions[i].is_armed = is_armed;
	rules = udev_rules_make(&scene.plan, "/agent");
	if (!expected) {
		assert_null(rules);
		return;
	}
	lines = lines_of_rules(rules);
	assert_string_equal(lines, expected);
	assert_non_null(strstr(rules, "\nRUN+=\"/agent --hotplug %k\"\n"));
}

static void test_rules(void **state)
{
	const struct rules_row *row = *state;

	assert_rules("", row->conf, row->is_armed, row->lines);
}

/* They stand before all else, which is for events of the PCI bus alone. */
static void test_rules_of_nodes(void **state)
{
	static const char expected[] =
		"# Written by the agent at boot: passthru-init(8), HOTPLUG\n"
		"SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%k/devices/0000:02:00.0\", "
		"ATTR{[pci/0000:02:00.0]driver_override}==\"vfio-pci\", OWNER=\"107\", GROUP=\"36\", MODE=\"0660\"\n"
		"SUBSYSTEM==\"vfio-dev\", KERNELS==\"0000:02:00.0\", ATTRS{driver_override}==\"vfio-pci\", "
		"OWNER=\"107\", GROUP=\"36\", MODE=\"0660\"\n"
		"SUBSYSTEM!=\"pci\", ";
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *rules = NULL;

	(void)state;
	scene_make(&scene, "remapping\n" NIC,
		   "[device a]\nclass = 02\nhotplug = no\nowner = 107:36\nmode = 0660\n");
	rules = udev_rules_make(&scene.plan, "/agent");
	assert_non_null(rules);
	assert_memory_equal(rules, expected, strlen(expected));
}

/* Of interfaces of PFs. */
static const struct net_row {
	const char *name;
	const char *conf;
	bool has_device_line; /* the event of the PF itself is of interest as well */
	const char *matches;  /* NULL: no such lines */
} net_rows[] = {
	{ "none of it is set", "address = 02:00.0\n", true, NULL },
	{ "by address", "address = 02:00.0\nvlan = 5\n", true, "DEVPATH==\"*/0000:02:00.0*\", " },
	{ "by path", "path = pci0000:00/01.0\ntrust = yes\n", true,
	  "DEVPATH==\"/*pci0000:00/*:01.0/net/*\", " },
	{ "by id and class", "id = 8086:10d3\nclass = 02\nvlan = 5\n", true,
	  "ATTR{device/vendor}==\"0x8086\", ATTR{device/device}==\"0x10d3\", "
	  "ATTR{device/class}==\"0x02????\", " },
	{ "brought up, when it has its name, and not in an initramfs",
	  "address = 02:00.0\npf-up = yes\n", false,
	  "TEST!=\"/init\", TEST!=\"/etc/initrd-release\", DEVPATH==\"*/0000:02:00.0*\", " },
	{ "not brought up", "address = 02:00.0\npf-up = no\n", true, NULL },
};

static void test_net(void **state)
{
	static const char first[] = "SUBSYSTEMS==\"pci\", TEST==\"device/sriov_numvfs\", ";
	static const char head[] = "GOTO=\"passthru_end\"\nLABEL=\"passthru_net\"\n";
	const struct net_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *conf = memory_printf("[sriov a]\nvfs = 2\n%s", row->conf);
	_cleanup_free_ char *rules = NULL, *expected = NULL;
	const char *found;

	scene_make(&scene, "", conf);
	rules = udev_rules_make(&scene.plan, "/agent");
	assert_int_equal(strstr(rules, ", TEST==\"sriov_numvfs\"") != NULL, row->has_device_line);
	found = strstr(rules, head);
	assert_int_equal(strstr(rules, "SUBSYSTEM==\"net\", ACTION==\"add\", "
				       "GOTO=\"passthru_net\"\nSUBSYSTEM!=\"pci\"") != NULL,
			 row->matches != NULL);
	if (!row->matches) {
		assert_null(found);
		return;
	}
	expected = memory_printf("%s%sENV{SYNTH_UUID}==\"?*\", %s"
				 "RUN+=\"/agent --hotplug %%b --coldplug\", GOTO=\"passthru_end\"\n"
				 "%s%sRUN+=\"/agent --hotplug %%b\", GOTO=\"passthru_end\"\n"
				 "LABEL=\"passthru_end\"\n",
				 head, first, row->matches, first, row->matches);
	assert_string_equal(found, expected);
}

/* The stub knows the ids of what was found by a rule without. */
static const struct found_row {
	const char *name;
	const char *host, *conf;
	const char *lines;
} found_rows[] = {
	{
		"by class, the stub knows both of a kind",
		NIC TWIN,
		"[device a]\nclass = 02\n",
		"ACTION==\"add\", ATTR{class}==\"0x02????\", G\n"
		"ACTION==\"bind\", DRIVER==\"vfio-pci\", ATTR{driver_override}==\"(null)\", "
		"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n",
	},
	{
		"by address, the stub knows two kinds",
		NIC "0000:02:00.1 8086:10d4 020000 group=15\n",
		"[device a]\naddress = 02:00.*\n",
		"ACTION==\"add\", DEVPATH==\"*/0000:02:00.*\", G\n"
		"ACTION==\"bind\", DRIVER==\"vfio-pci\", ATTR{driver_override}==\"(null)\", "
		"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", G\n"
		"ACTION==\"bind\", DRIVER==\"vfio-pci\", ATTR{driver_override}==\"(null)\", "
		"ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d4\", G\n",
	},
};

static void test_rules_of_found(void **state)
{
	const struct found_row *row = *state;

	assert_rules(row->host, row->conf, true, row->lines);
}

static const struct suspect_row {
	const char *name;
	const char *conf;
	bool is_suspect;
	const char *told;
} suspect_rows[] = {
	{ "the same ids", "id = 8086:10d3\naddress = 01:00.0\n", true, NULL },
	{ "the same slot", "id = 1:2\naddress = 02:00.0\n", true, NULL },
	{ "neither", "id = 1:2\naddress = 01:00.0\n", false, NULL },
	{ "the same vendor", "id = 8086:*\naddress = 01:00.0\n", false, NULL },
	{ "not wanted later", "id = 8086:10d3\nhotplug = no\n", false, NULL },
	{ "another place", "address = 01:00.0\n", false, NULL },
	{ "another place, of the ids of what is there", "address = 01:00.0\n", true, "a" },
	{ "another place, another rule's ids", "address = 01:00.0\n", false, "b" },
	{ "that was not wanted later", "address = 01:00.0\nhotplug = no\n", false, "a" },
};

static void test_suspect(void **state)
{
	const struct suspect_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *conf = memory_printf("[device a]\n%s", row->conf);

	scene_make(&scene, NIC, conf);
	assert_int_equal(hotplug_suspect(&scene.want, &scene.facts.devices[0], row->told) != NULL,
			 row->is_suspect);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "rules of nodes", test_rules_of_nodes);
	suite_add_rows(&suite, "same", test_same, same_rows);
	suite_add_rows(&suite, "entry", test_entry, entry_rows);
	suite_add(&suite, "no entry when one of them failed", test_failed);
	suite_add_rows(&suite, "rules", test_rules, rules_rows);
	suite_add_rows(&suite, "rules, found", test_rules_of_found, found_rows);
	suite_add_rows(&suite, "rules, interfaces", test_net, net_rows);
	suite_add_rows(&suite, "suspect", test_suspect, suspect_rows);
	return suite_run(&suite, "plan_hotplug");
}
