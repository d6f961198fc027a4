/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random hosts with their root file system on random stacks of storage: partitions, device mapper,
 * md, btrfs and NVMe multipath, one on the other, over some of the controllers. What the survey
 * finds goes through the plan with random rules. No controller that the root is on is ever taken
 * or held without `allow`.
 */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "plan/plan.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "random.h"
#include "tree.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define HOSTS           1000
#define CONTROLLERS_MAX 8
#define LAYERS_MAX      5
#define PARTS_MAX       3
#define NODES_MAX       (2 * CONTROLLERS_MAX + LAYERS_MAX)
#define FIRST_SLOT      3
#define SLOTS           (FIRST_SLOT + CONTROLLERS_MAX)
#define NODE_NAME_SIZE  32

/* A block device, and the controllers that it rests on, a bit each. */
struct node {
	char name[NODE_NAME_SIZE];
	unsigned controllers;
};

struct host {
	const struct tree *tree;
	struct random *random;
	unsigned controller_count;
	struct node nodes[NODES_MAX];
	size_t node_count;
};

static void write_at(const struct host *host, const char *directory, const char *name,
		     const char *text)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", directory, name);

	tree_write(host->tree, path, text);
}

static void link_at(const struct host *host, const char *directory, const char *name,
		    const char *target)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", directory, name);

	tree_link(host->tree, path, target);
}

/* A block device NAME whose directory is DIRECTORY. */
static void add_node(struct host *host, const char *name, const char *directory,
		     unsigned controllers)
{
	struct node *node = &host->nodes[host->node_count];
	_cleanup_free_ char *target = memory_printf("/%s", directory);
	_cleanup_free_ char *number = memory_printf("254:%zu", host->node_count);

	host->node_count++;
	snprintf(node->name, sizeof(node->name), "%s", name);
	node->controllers = controllers;
	tree_directory(host->tree, directory);
	link_at(host, "sys/class/block", name, target);
	link_at(host, "sys/dev/block", number, target);
}

static void add_controller(struct host *host, unsigned number)
{
	unsigned model = random_below(host->random, 3) + 1;
	_cleanup_free_ char *address = memory_printf("0000:00:%02x.0", FIRST_SLOT + number);
	_cleanup_free_ char *device = memory_printf("sys/devices/pci0000:00/%s", address);
	_cleanup_free_ char *link = memory_printf("../../../devices/pci0000:00/%s", address);
	_cleanup_free_ char *uevent = memory_printf("PCI_CLASS=10802\nPCI_ID=1B36:%04u\n", model);
	_cleanup_free_ char *name = memory_printf("nvme%un1", number);
	_cleanup_free_ char *disk = memory_printf("%s/nvme/nvme%u/%s", device, number, name);

	write_at(host, device, "uevent", uevent);
	link_at(host, "sys/bus/pci/devices", address, link);
	add_node(host, name, disk, 1u << number);
	if (random_below(host->random, 2)) {
		_cleanup_free_ char *part_name = memory_printf("%sp1", name);
		_cleanup_free_ char *part = memory_printf("%s/%s", disk, part_name);

		write_at(host, part, "partition", "1\n");
		add_node(host, part_name, part, 1u << number);
	}
}

static const struct node *any_node(const struct host *host)
{
	return &host->nodes[random_below(host->random, (unsigned)host->node_count)];
}

/* dm and md: a device with slaves. */
static void add_mapped(struct host *host, const char *prefix, unsigned layer)
{
	_cleanup_free_ char *name = memory_printf("%s%u", prefix, layer);
	_cleanup_free_ char *directory = memory_printf("sys/devices/virtual/block/%s", name);
	_cleanup_free_ char *slaves = memory_printf("%s/slaves", directory);
	unsigned controllers = 0;

	for (unsigned parts = random_below(host->random, PARTS_MAX) + 1; parts; parts--) {
		const struct node *part = any_node(host);

		write_at(host, slaves, part->name, "");
		controllers |= part->controllers;
	}
	add_node(host, name, directory, controllers);
}

/* A namespace of several controllers, below none of them. */
static void add_multipath(struct host *host, unsigned layer)
{
	unsigned number = CONTROLLERS_MAX + layer, controllers = 0;
	_cleanup_free_ char *subsystem =
		memory_printf("sys/devices/virtual/nvme-subsystem/nvme-subsys%u", number);
	_cleanup_free_ char *name = memory_printf("nvme%un1", number);
	_cleanup_free_ char *directory = memory_printf("%s/%s", subsystem, name);

	for (unsigned paths = random_below(host->random, PARTS_MAX) + 1; paths; paths--) {
		unsigned controller = random_below(host->random, host->controller_count);
		_cleanup_free_ char *link = memory_printf("nvme%u", controller);
		_cleanup_free_ char *target =
			memory_printf("/sys/devices/pci0000:00/0000:00:%02x.0/nvme/nvme%u",
				      FIRST_SLOT + controller, controller);

		if (!(controllers & 1u << controller))
			link_at(host, subsystem, link, target);
		controllers |= 1u << controller;
	}
	add_node(host, name, directory, controllers);
}

/* Mounted is a btrfs of several nodes; its own number is no block device's. Returns its disks. */
static unsigned mount_btrfs(struct host *host)
{
	static const char members[] = "sys/fs/btrfs/0b5c/devices";
	const struct node *node = any_node(host);
	_cleanup_free_ char *mounts =
		memory_printf("27 1 0:33 / / rw - btrfs /dev/%s rw\n", node->name);
	unsigned controllers = node->controllers;

	write_at(host, members, node->name, "");
	for (unsigned more = random_below(host->random, PARTS_MAX); more; more--) {
		node = any_node(host);
		write_at(host, members, node->name, "");
		controllers |= node->controllers;
	}
	tree_write(host->tree, "proc/self/mountinfo", mounts);
	return controllers;
}

static unsigned mount_plain(struct host *host)
{
	size_t last = host->node_count - 1;
	_cleanup_free_ char *mounts = memory_printf("27 1 254:%zu / / rw - ext4 /dev/%s rw\n", last,
						    host->nodes[last].name);

	tree_write(host->tree, "proc/self/mountinfo", mounts);
	return host->nodes[last].controllers;
}

/* Returns the controllers that its root is on. */
static unsigned make_host(struct host *host)
{
	host->controller_count = random_below(host->random, CONTROLLERS_MAX - 1) + 2;
	for (unsigned i = 0; i < host->controller_count; i++)
		add_controller(host, i);
	for (unsigned layer = random_below(host->random, LAYERS_MAX); layer; layer--) {
		switch (random_below(host->random, 3)) {
		case 0:
			add_mapped(host, "dm-", layer);
			break;
		case 1:
			add_mapped(host, "md", layer);
			break;
		default:
			add_multipath(host, layer);
		}
	}
	return random_below(host->random, 3) ? mount_plain(host) : mount_btrfs(host);
}

static void check_plan(const struct plan *plan, unsigned controllers, const char *conf,
		       size_t *ret_refused)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct decision *decision = &plan->decisions[i];
		unsigned slot;

		if (!decision->device || decision->rule->allow)
			continue;
		slot = decision->device->address.slot;
		if (!(controllers & 1u << (slot - FIRST_SLOT)))
			continue;
		if (decision->verdict != VERDICT_REFUSE)
			fail_msg("slot %02x is taken or held:\n%s", slot, conf);
		++*ret_refused;
	}
}

static void test_host(struct random *random, size_t *ret_refused)
{
	struct tree tree = tree_make();
	struct host host = { .tree = &tree, .random = random };
	unsigned controllers = make_host(&host);
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	char conf[4096] = "";
	FILE *stream = fmemopen(conf, sizeof(conf), "w");

	random_rules(random, stream, SLOTS);
	fclose(stream);
	form_want(conf, NULL, &want);
	assert_int_equal(scan_host(&tree.root, &facts), 0);
	assert_int_equal(survey_needs(&tree.root, "ro", &facts, &facts.needs, &findings), 0);
	facts.needs_state = NEEDS_KNOWN;
	/* Nothing but a guard is to keep a controller from being taken. */
	for (size_t i = 0; i < facts.device_count; i++)
		facts.devices[i].translated = true;
	plan_make(&want, &facts, &plan);
	tree_remove(&tree);
	check_plan(&plan, controllers, conf, ret_refused);
}

static void test_random_stacks(void **state)
{
	struct random random = { .state = 11 };
	size_t refused = 0;

	(void)state;
	for (size_t i = 0; i < HOSTS; i++)
		test_host(&random, &refused);
	assert_true(refused > HOSTS / 2); /* or nothing was tested */
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "random stacks: what the root is on is never taken", test_random_stacks);
	return suite_run(&suite, "storage");
}
