/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan that was made without a look at most of the host is the one that is made with all of it:
 * for every recorded host, every device of it, and every way to name that in a rule.
 */
#include "helpers.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fleet/dump.h"
#include "facts/bus_list.h"
#include "plan/hotplug.h"
#include "plan/others.h"
#include "probe/look.h"
#include "probe/needs/identity.h"
#include "report/record_json.h"
#include "session/session.h"
#include "util/buffer.h"
#include "util/memory.h"

#define HOSTS "tests/hosts/*.host"
#define CONF  "etc/passthru.conf"

/* --- one session, of either kind */

static struct module_index *no_modules(const struct root *root, const char *cmdline, void *context)
{
	(void)root, (void)cmdline, (void)context;
	return NULL;
}

/* What the stub drivers are told when all goes well. */
static void put_announcements(struct buffer *out, const struct plan *plan)
{
	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_TAKE)
			decision->state = STATE_BOUND;
	}
	for_each_decision(decision, plan) {
		_cleanup_free_ char *entry = hotplug_is_wanted(decision)
						     ? hotplug_entry(plan, decision)
						     : memory_dup("not wanted");

		buffer_printf(out, "announced: %s\n", entry ? entry : "nothing");
	}
}

struct outcome {
	struct buffer text;
	size_t looks;         /* how many devices were looked at, */
	bool was_narrow;      /* and not all, until the plan was made; */
	bool rests_on_others; /* then all */
};

/* As the agent goes through it at boot. CMDLINE in place of the host's, or NULL. */
static struct outcome decide(const struct root *host, const struct root *image, const char *cmdline,
			     bool is_narrow)
{
	const struct session_input input = {
		.root = host,
		.image = image,
		.cmdline = cmdline,
		.is_narrow = is_narrow,
		.open_modules = no_modules,
	};
	struct session session = { 0 };
	struct outcome outcome = { 0 };
	_cleanup_free_ char *json = NULL;
	struct record record = { .program = "test", .kernel = "test" };

	assert_int_equal(session_read(&session, &input), 0);
	assert_int_equal(session_scan(&session), 0);
	session_recall_needs(&session);
	if (want_has_functions(&session.want))
		session_scan_functions(&session);
	session_scan_concerned(&session, &session.want);
	outcome.was_narrow = session.facts.other_count;
	session_plan(&session);
	outcome.looks = session.facts.device_count;
	outcome.rests_on_others = outcome.was_narrow && !session.facts.other_count;
	others_decide(&session.plan, &session.findings);
	record.facts = &session.facts;
	record.plan = &session.plan;
	record.findings = session.findings;
	json = record_to_json(&record);
	buffer_add(&outcome.text, json);
	put_announcements(&outcome.text, &session.plan);
	session_free(&session);
	return outcome;
}

/* --- hosts */

/* What the kernel would say of FACTS. */
static void add_bus_list(struct memory_tree *tree, const struct facts *facts)
{
	struct buffer list = { 0 };

	for_each_device(device, facts) {
		const struct pci_address *address = &device->address;

		buffer_printf(&list, "%02x%02x\t%04x%04x\t0\t%16x\t%s\n", address->bus,
			      address->slot << 3 | address->function, device->vendor,
			      device->device, 0, device->driver);
	}
	if (list.text)
		assert_int_equal(memory_tree_add_file(tree, "proc/bus/pci/devices", list.text,
						      list.length),
				 0);
	buffer_free(&list);
}

static void add_text(struct memory_tree *tree, const char *path, const char *text)
{
	assert_int_equal(memory_tree_add_file(tree, path, text, strlen(text)), 0);
}

static char *rule_by(const struct pci_device *device, unsigned way)
{
	char name[ADDRESS_SIZE];

	address_format(&device->address, name);
	switch (way) {
	case 0:
		return memory_printf("address = %s\n", name);
	case 1:
		return memory_printf("id = %04x:%04x\n", device->vendor, device->device);
	case 2:
		return memory_printf("address = %s\nid = %04x:%04x:%04x:*\n", name, device->vendor,
				     device->device, device->subvendor);
	case 3: /* there is none such */
		return memory_printf("address = %s\nid = %04x:%04x:fffe:*\n", name, device->vendor,
				     device->device);
	case 4:
		return memory_printf("address = %s\ngroup = whole\nallow = console network\n",
				     name);
	case 5:
		return memory_printf("address = 0000:fe:1e.7\nid = %04x:%04x:fffe:*\n",
				     device->vendor, device->device);
	case 6:
		return device->path ? memory_printf("path = %s\n", device->path) : NULL;
	case 7:
		return device->path
			       ? memory_printf("path = %s\naddress = 0000:fe:1e.7\n", device->path)
			       : NULL;
	case 8:
		return memory_printf("class = %06x\n", device->class);
	default:
		return NULL;
	}
}

#define WAYS 9

#define NETWORK_ROOT "root=nbd:192.0.2.1:root:ext4 ip=dhcp"

/* The host needs such a device: the one, or at another place. */
static char *needs_of(const struct root *host, const struct pci_device *device, const char *path)
{
	_cleanup_free_ char *name = NULL;
	const char *unread;

	assert_int_equal(identity_of_host(host, &name, &unread), 0);
	return memory_printf("passthru-needs 1\nhost %s\nstorage %s %04x:%04x:%04x:%04x %06x /\n",
			     name, path, device->vendor, device->device, device->subvendor,
			     device->subdevice, device->class);
}

struct tally {
	size_t plans, narrow, on_others, looks, devices;
};

static void compare_both(const struct root *host, struct memory_tree *image, const char *cmdline,
			 const struct facts *facts, struct tally *tally)
{
	const struct root root = memory_tree_root(image);
	struct outcome wide = decide(host, &root, cmdline, false);
	struct outcome narrow = decide(host, &root, cmdline, true);

	if (strcmp(wide.text.text, narrow.text.text) != 0)
		fail_showing(wide.text.text, narrow.text.text);
	tally->plans++;
	tally->narrow += narrow.was_narrow;
	tally->on_others += narrow.rests_on_others;
	tally->looks += narrow.looks;
	tally->devices += facts->device_count;
	buffer_free(&wide.text);
	buffer_free(&narrow.text);
}

static void try_ways(const struct root *host, const struct facts *facts,
		     const struct pci_device *device, const char *needs, struct tally *tally)
{
	for (unsigned way = 0; way < WAYS; way++) {
		struct memory_tree *image = memory_tree_new();
		_cleanup_free_ char *keys = rule_by(device, way);
		_cleanup_free_ char *conf =
			keys ? memory_printf("[passthru]\niommu = warn\n[device d]\n%s", keys)
			     : NULL;

		if (conf) {
			add_text(image, CONF, conf);
			if (needs)
				add_text(image, "usr/lib/passthru/needs", needs);
			compare_both(host, image, NULL, facts, tally);
			if (device_is_network(device))
				compare_both(host, image, NETWORK_ROOT, facts, tally);
		}
		memory_tree_free(image);
	}
}

/* Without a needs file, and with one: of a device that has moved, and of the first of its kind. */
static void try_device(const struct root *host, const struct facts *facts,
		       const struct pci_device *device, struct tally *tally)
{
	_cleanup_free_ char *moved = needs_of(host, device, "pci0000:00/1e.7");

	try_ways(host, facts, device, NULL, tally);
	try_ways(host, facts, device, moved, tally);
	for_each_device(twin, facts) {
		if (twin != device && twin->vendor == device->vendor &&
		    twin->device == device->device && twin->path) {
			_cleanup_free_ char *needs = needs_of(host, twin, twin->path);

			try_ways(host, facts, device, needs, tally);
			return;
		}
	}
}

static void try_host(const char *path, struct tally *tally)
{
	_cleanup_free_ char *text = read_source(path);
	struct memory_tree *tree = memory_tree_new();
	const struct root host = memory_tree_root(tree);
	_cleanup_(facts_free) struct facts facts = { 0 };
	struct dump_error error;

	assert_int_equal(dump_lay_out(text, tree, &error), 0);
	assert_int_equal(scan_host(&host, &facts), 0);
	add_bus_list(tree, &facts);
	for_each_device(device, &facts)
		try_device(&host, &facts, device, tally);
	memory_tree_free(tree);
}

static void test_recorded(void **state)
{
	const char *const *path = *state;
	struct tally tally = { 0 };

	try_host(*path, &tally);
	print_message("%zu plans, %zu of them narrow, %zu rested on others, %zu looks of %zu\n",
		      tally.plans, tally.narrow, tally.on_others, tally.looks, tally.devices);
	/* Not all hosts are for a narrow look: a dom0, an SMMU, all in other domains. */
	if (strstr(*path, "/intel.host"))
		assert_true(tally.narrow > tally.plans / 2 && tally.on_others > 0 &&
			    tally.looks < tally.devices / 2);
}

/* --- what is looked at, by what the rules say */

/* Devices whose `uevent` was read since it was emptied. */
static struct buffer read_devices;

int __real_root_read_attribute(const struct root *root, const char *path, char *buffer,
			       size_t size);
int __wrap_root_read_attribute(const struct root *root, const char *path, char *buffer,
			       size_t size);
int __wrap_root_read_attribute(const struct root *root, const char *path, char *buffer, size_t size)
{
	static const char end[] = "/uevent";
	const char *last = path + strlen(path) - strlen(end);

	if (last >= path + strlen("00:00.0") && strcmp(last, end) == 0)
		buffer_printf(&read_devices, " %.7s", last - strlen("00:00.0"));
	return __real_root_read_attribute(root, path, buffer, size);
}

/* A bridge, a card of two functions behind it, two disks, a network card, one that a stub has. */
static const struct {
	const char *address, *path, *group, *uevent, *listed;
} devices[] = {
	{ "0000:00:01.0", "pci0000:00/0000:00:01.0", "1", "PCI_CLASS=60400\nPCI_ID=8086:3420\n",
	  "0008\t80863420\t0\tpcieport\n" },
	{ "0000:01:00.0", "pci0000:00/0000:00:01.0/0000:01:00.0", "9",
	  "PCI_CLASS=B4000\nPCI_ID=10DE:2684\nPCI_SUBSYS_ID=1043:0001\n", "0100\t10de2684\t0\t\n" },
	{ "0000:01:00.1", "pci0000:00/0000:00:01.0/0000:01:00.1", "9",
	  "PCI_CLASS=40300\nPCI_ID=10DE:22BC\n", "0101\t10de22bc\t0\t\n" },
	{ "0000:00:02.0", "pci0000:00/0000:00:02.0", "2", "PCI_CLASS=10802\nPCI_ID=1B36:0010\n",
	  "0010\t1b360010\t0\t\n" },
	{ "0000:00:03.0", "pci0000:00/0000:00:03.0", "3", "PCI_CLASS=10802\nPCI_ID=1B36:0010\n",
	  "0018\t1b360010\t0\t\n" },
	{ "0000:00:04.0", "pci0000:00/0000:00:04.0", "4", "PCI_CLASS=20000\nPCI_ID=8086:10D3\n",
	  "0020\t808610d3\t0\t\n" },
	{ "0000:00:05.0", "pci0000:00/0000:00:05.0", "5",
	  "DRIVER=pci-stub\nPCI_CLASS=70002\nPCI_ID=1B36:0002\n", "0028\t1b360002\t0\tpci-stub\n" },
	{ "0001:00:00.0", "pci0001:00/0001:00:00.0", "6", "PCI_CLASS=60000\nPCI_ID=8086:1234\n",
	  "0000\t80861234\t0\t\n" },
};

#define ALL "00:01.0 00:02.0 00:03.0 00:04.0 00:05.0 01:00.0 01:00.1 00:00.0"
/* Those that are looked at in any case: the stub's, and that of another domain. */
#define ANY "00:05.0 00:00.0"

static const struct look_row {
	const char *name;
	const char *conf;
	const char *looks;   /* each once */
	const char *missing; /* a file that is not there; or NULL */
	const char *cmdline; /* or NULL */
} looks[] = {
	{ "by address", "[device d]\naddress = 00:02.0\n", "00:02.0 " ANY, NULL, NULL },
	{ "an address where nothing is", "[device d]\naddress = 0f:02.0\n", ANY, NULL, NULL },
	{ "by address, with bridge and group", "[device d]\naddress = 01:00.0\n",
	  "00:01.0 01:00.0 01:00.1 " ANY, NULL, NULL },
	{ "by path", "[device d]\npath = pci0000:00/03.0\n", "00:03.0 " ANY, NULL, NULL },
	{ "by id", "[device d]\nid = 1b36:0010\n", "00:02.0 00:03.0 " ANY, NULL, NULL },
	{ "by a part of an id", "[device d]\nid = 1b36:*\n", ALL, NULL, NULL },
	{ "by class", "[device d]\nclass = 0108\n", ALL, NULL, NULL },
	{ "by address, of a subsystem that others may have",
	  "[device d]\naddress = 00:02.0\nid = 1b36:0010:0000:*\n", ALL, NULL, NULL },
	{ "by address, of a subsystem, not hot-plugged",
	  "[device d]\naddress = 00:02.0\nid = 1b36:0010:0000:*\nhotplug = no\n", "00:02.0 " ANY,
	  NULL, NULL },
	{ "the last network card", "[device d]\naddress = 00:04.0\niommu = warn\n", ALL, NULL,
	  NULL },
	{ "a network card, with a network root", "[device d]\naddress = 00:04.0\niommu = warn\n",
	  ALL, NULL, NETWORK_ROOT },
	{ "on a condition that asks for devices",
	  "[device d]\naddress = 00:02.0\nmatch-device = 8086:10d3\n", ALL, NULL, NULL },
	{ "virtual functions", "[device d]\naddress = 00:02.0\nvf = 0\n", ALL, NULL, NULL },
	{ "where the kernel has no list", "[device d]\naddress = 00:02.0\n", ALL,
	  "proc/bus/pci/devices", NULL },
};

static void add_device(struct memory_tree *tree, size_t number)
{
	const char *path = devices[number].path, *address = devices[number].address;
	_cleanup_free_ char *uevent = memory_printf("sys/devices/%s/uevent", path);
	_cleanup_free_ char *link = memory_printf("sys/bus/pci/devices/%s", address);
	_cleanup_free_ char *target = memory_printf("../../../devices/%s", path);
	_cleanup_free_ char *group_link = memory_printf("sys/devices/%s/iommu_group", path);
	_cleanup_free_ char *group =
		memory_printf("/sys/kernel/iommu_groups/%s", devices[number].group);
	_cleanup_free_ char *member = memory_printf("%s/devices/%s", group + 1, address);

	add_text(tree, uevent, devices[number].uevent);
	add_text(tree, member, "");
	assert_int_equal(memory_tree_add_link(tree, link, target), 0);
	assert_int_equal(memory_tree_add_link(tree, group_link, group), 0);
}

static struct memory_tree *make_host(const char *missing)
{
	struct memory_tree *tree = memory_tree_new();
	struct buffer list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		add_device(tree, i);
		buffer_add(&list, devices[i].listed);
	}
	assert_int_equal(memory_tree_add_directory(tree, "sys/class/iommu/dmar0"), 0);
	add_text(tree, "proc/cmdline", "quiet");
	if (!missing)
		add_text(tree, "proc/bus/pci/devices", list.text);
	buffer_free(&list);
	return tree;
}

/* Those of TEXT in the order of the devices above; none was read twice. */
static char *in_order(const char *text)
{
	struct buffer list = { 0 };

	buffer_add(&list, "");
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		const char *name = devices[i].address + strlen("0000:");
		const char *found = strstr(text, name);

		if (!found)
			continue;
		assert_null(strstr(found + 1, name));
		buffer_printf(&list, " %s", name);
	}
	return list.text;
}

static void test_looks(void **state)
{
	const struct look_row *row = *state;
	struct memory_tree *tree = make_host(row->missing), *image = memory_tree_new();
	const struct root host = memory_tree_root(tree), root = memory_tree_root(image);
	_cleanup_free_ char *actual = NULL, *expected = in_order(row->looks);
	struct outcome outcome;

	add_text(image, CONF, row->conf);
	buffer_cut(&read_devices, 0);
	buffer_add(&read_devices, "");
	outcome = decide(&host, &root, row->cmdline, true);
	actual = in_order(read_devices.text);
	assert_string_equal(actual, expected);
	buffer_free(&outcome.text);
	memory_tree_free(tree);
	memory_tree_free(image);
}

/* Whether some are left out of a host that has COUNT devices more. */
static bool is_narrow_with(unsigned count)
{
	struct memory_tree *tree = make_host(NULL), *image = memory_tree_new();
	const struct root host = memory_tree_root(tree), root = memory_tree_root(image);
	struct outcome outcome;

	for (unsigned i = 0; i < count; i++) {
		_cleanup_free_ char *path = memory_printf("pci0002:%02x/0002:%02x:%02x.%x", i >> 8,
							  i >> 8, i >> 3 & 31, i & 7);
		_cleanup_free_ char *uevent = memory_printf("sys/devices/%s/uevent", path);
		_cleanup_free_ char *target = memory_printf("../../../devices/%s", path);
		_cleanup_free_ char *link =
			memory_printf("sys/bus/pci/devices/%s", strrchr(path, '/') + 1);

		add_text(tree, uevent, "PCI_CLASS=20000\nPCI_ID=8086:1521\n");
		assert_int_equal(memory_tree_add_link(tree, link, target), 0);
	}
	add_text(image, CONF, "[device d]\naddress = 00:02.0\n");
	outcome = decide(&host, &root, NULL, true);
	buffer_free(&outcome.text);
	memory_tree_free(tree);
	memory_tree_free(image);
	return outcome.was_narrow;
}

/* What the kernel takes to print its list grows with their square. */
static void test_very_many(void **state)
{
	(void)state;
	assert_true(is_narrow_with(2048 - ARRAY_SIZE(devices)));
	assert_false(is_narrow_with(2048 - ARRAY_SIZE(devices) + 1));
}

/* --- the kernel's list */

static const struct list_row {
	const char *name;
	const char *text;
	int result;
	const char *form;
} lists[] = {
	{ "none", "", 0, "" },
	{ "one", "00f8\t80862918\t10\t 0\tlpc_ich\n", 0, " f8 8086:2918 lpc_ich" },
	{ "no driver", "0100\t10de2684\tb\t 0\t\n", 0, " 100 10de:2684 " },
	{ "in the order of places", "0100\t10de2684\tb\t\n0008\t80863420\tb\t\n", 0,
	  " 8 8086:3420  100 10de:2684 " },
	{ "cut off", "00f8\t80862918\t10\t 0\tlpc", -EINVAL, "" },
	{ "cut off in the middle", "00f8\t80862918\t\n00f", -EINVAL, "" },
	{ "too short", "00f8\t80862918\n", -EINVAL, "" },
	{ "no number", "00f8\t8086291g\t\n", -EINVAL, "" },
	{ "no place", "0xf8\t80862918\t\n", -EINVAL, "" },
	{ "an empty line", "\n", -EINVAL, "" },
};

static void test_list(void **state)
{
	const struct list_row *row = *state;
	_cleanup_free_ char *text = memory_dup(row->text);
	_cleanup_(bus_list_free) struct bus_list list = { 0 };
	struct buffer form = { 0 };

	assert_int_equal(bus_list_parse(text, &list), row->result);
	buffer_add(&form, "");
	for (size_t i = 0; i < list.count; i++)
		buffer_printf(&form, " %x %04x:%04x %s", list.entries[i].place,
			      list.entries[i].vendor, list.entries[i].device,
			      list.entries[i].driver);
	assert_string_equal(form.text, row->form);
	buffer_free(&form);
}

/* The same place in two domains is nobody's. */
static void test_list_find(void **state)
{
	char text[] = "0008\t80863420\t0\t\n0100\t10de2684\t0\t\n0100\t10de22bc\t0\t\n";
	_cleanup_(bus_list_free) struct bus_list list = { 0 };

	(void)state;
	assert_int_equal(bus_list_parse(text, &list), 0);
	assert_non_null(bus_list_find(&list, &(struct pci_address){ 0, 0, 1, 0 }));
	assert_null(bus_list_find(&list, &(struct pci_address){ 0, 1, 0, 0 }));
	assert_null(bus_list_find(&list, &(struct pci_address){ 0, 0, 1, 1 }));
	assert_null(bus_list_find(&list, &(struct pci_address){ 0, 2, 0, 0 }));
}

int main(int argc, char **argv)
{
	struct suite suite = { 0 };
	glob_t files;
	int r;

	suite_add(&suite, "the kernel's list: a place in two domains", test_list_find);
	suite_add(&suite, "the kernel's list: not of very many devices", test_very_many);
	suite_add_rows(&suite, "the kernel's list", test_list, lists);
	suite_add_rows(&suite, "looked at", test_looks, looks);
	assert_int_equal(glob(argc > 1 ? argv[1] : HOSTS, 0, NULL, &files), 0);
	suite_add_each_row(&suite, "all and some", test_recorded, files.gl_pathv, files.gl_pathc,
			   sizeof(files.gl_pathv[0]));
	r = suite_run(&suite, "scope");
	globfree(&files);
	buffer_free(&read_devices);
	return r;
}
