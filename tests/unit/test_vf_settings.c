/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply/vf_settings.h, apply/interface.h and what apply/sriov.h does with interfaces, with a kernel
 * that is a table here (--wrap of the linker). Whether drivers do as it does is for boots.
 */
#include "helpers.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apply/apply.h"
#include "apply/interface.h"
#include "apply/sriov.h"
#include "apply/vf_settings.h"
#include "forms.h"
#include "system/clock.h"
#include "system/link_socket.h"
#include "tree.h"
#include "util/memory.h"

#define PF     "sys/bus/pci/devices/0000:03:00.0/"
#define ETH0   PF "net/eth0/"
#define NUMBER 7
#define VF     1

/* --- a kernel with one interface and one VF; children change it, so it is in shared memory */

struct kernel {
	struct vf_values values;
	uint32_t min_tx_rate;
	int error;               /* of what is set */
	enum vf_setting failing; /* what it is for */
	bool lies;               /* nothing is set, and no error */
	bool hangs;
	unsigned sets;
	bool is_up;
};

static struct kernel *kernel;

static const struct tree *tree;

static size_t acknowledge(void *answer, int error)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(answer);
	struct nlmsgerr *text = mnl_nlmsg_put_extra_header(message, sizeof(*text));

	message->nlmsg_type = NLMSG_ERROR;
	text->error = error;
	return message->nlmsg_len;
}

static void put_choice(struct nlmsghdr *message, enum vf_setting setting, unsigned short type)
{
	const struct ifla_vf_trust choice = { VF, (uint32_t)kernel->values.items[setting] };

	if (vf_values_have(&kernel->values, setting))
		mnl_attr_put(message, type, sizeof(choice), &choice);
}

static size_t tell(void *answer)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(answer);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	struct ifla_vf_mac mac = { .vf = VF };
	const struct ifla_vf_vlan vlan = { VF, (uint32_t)kernel->values.items[VF_VLAN], 0 };
	const struct ifla_vf_rate rate = { VF, kernel->min_tx_rate,
					   (uint32_t)kernel->values.items[VF_MAX_TX_RATE] };
	struct nlattr *list, *info;

	message->nlmsg_type = RTM_NEWLINK;
	link->ifi_index = NUMBER;
	for (int i = 0; i < 6; i++)
		mac.mac[i] = (uint8_t)(kernel->values.items[VF_MAC] >> (40 - 8 * i));
	list = mnl_attr_nest_start(message, IFLA_VFINFO_LIST);
	info = mnl_attr_nest_start(message, IFLA_VF_INFO);
	mnl_attr_put(message, IFLA_VF_MAC, sizeof(mac), &mac);
	mnl_attr_put(message, IFLA_VF_VLAN, sizeof(vlan), &vlan);
	mnl_attr_put(message, IFLA_VF_RATE, sizeof(rate), &rate);
	put_choice(message, VF_TRUST, IFLA_VF_TRUST);
	put_choice(message, VF_SPOOFCHK, IFLA_VF_SPOOFCHK);
	mnl_attr_nest_end(message, info);
	mnl_attr_nest_end(message, list);
	return message->nlmsg_len;
}

static int set(const struct nlattr *value)
{
	const uint32_t *words = mnl_attr_get_payload(value);
	const uint8_t *bytes = mnl_attr_get_payload(value);
	static const enum vf_setting settings[] = {
		[IFLA_VF_MAC] = VF_MAC,          [IFLA_VF_VLAN] = VF_VLAN,
		[IFLA_VF_RATE] = VF_MAX_TX_RATE, [IFLA_VF_SPOOFCHK] = VF_SPOOFCHK,
		[IFLA_VF_TRUST] = VF_TRUST,
	};
	enum vf_setting setting = settings[mnl_attr_get_type(value)];
	uint64_t number = setting == VF_MAX_TX_RATE ? words[2] : words[1];

	for (int i = 0; setting == VF_MAC && i < 6; i++)
		number = (i ? number << 8 : 0) | bytes[4 + i];
	kernel->sets++;
	if (kernel->error && setting == kernel->failing)
		return kernel->error;
	if (setting == VF_MAX_TX_RATE && words[1] != kernel->min_tx_rate)
		return -EINVAL; /* another setting than was meant */
	if (!kernel->lies)
		kernel->values.items[setting] = number;
	return words[0] == VF ? 0 : -EINVAL;
}

int __wrap_link_exchange(const struct root *root, const void *request, size_t size, void *answer);
int __wrap_link_exchange(const struct root *root, const void *request, size_t size, void *answer)
{
	const struct nlmsghdr *message = request;
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	const struct nlattr *list = mnl_nlmsg_get_payload_offset(message, sizeof(*link));

	(void)root;
	while (kernel->hangs)
		pause();
	assert_int_equal(message->nlmsg_len, size);
	assert_int_equal(link->ifi_index, NUMBER);
	if (message->nlmsg_type == RTM_GETLINK)
		return (int)tell(answer);
	if (link->ifi_change & IFF_UP) {
		kernel->is_up = true;
		if (!kernel->lies)
			tree_write(tree, ETH0 "flags", "0x1003\n");
		return (int)acknowledge(answer, kernel->error);
	}
	return (int)acknowledge(answer, set(mnl_attr_get_payload(mnl_attr_get_payload(list))));
}

/* --- a host with a VF for which there is a rule */

struct scene {
	struct want want;
	struct facts facts;
	struct plan plan;
	struct decision *decision; /* on the VF */
	struct apply apply;
	struct progress progress;
};

#define HOST                                                                 \
	"0000:03:00.0 8086:1572 12 group=1 can=8 has=2 driver=i40e module\n" \
	"0000:03:02.1 8086:154c 12 group=3 vf=1 of=0000:03:00.0"
#define RULE "[sriov nic]\naddress = 03:00.0\nid = 8086:1572\nvfs = 2\n"

static void scene_free(struct scene *scene)
{
	plan_free(&scene->plan);
	facts_free(&scene->facts);
	want_free(&scene->want);
}

static void scene_make(struct scene *scene, const char *host, const char *keys)
{
	_cleanup_free_ char *conf = memory_printf(RULE "%s", keys);

	form_host(host, &scene->facts);
	form_want(conf, NULL, &scene->want);
	assert_false(scene->want.has_errors);
	plan_make(&scene->want, &scene->facts, &scene->plan);
	scene->decision = &scene->plan.decisions[scene->plan.count - 1];
	scene->apply = (struct apply){ .root = &tree->root,
				       .deadline_ms = clock_ms() + 60000,
				       .progress = &scene->progress };
}

static void lay_out(const struct tree *made)
{
	tree = made;
	kernel = mmap(NULL, sizeof(*kernel), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_true(kernel != MAP_FAILED);
	kernel->values.has = 1 << VF_TRUST | 1 << VF_SPOOFCHK;
	kernel->values.items[VF_SPOOFCHK] = 1;
	kernel->min_tx_rate = 20;
	tree_write(tree, ETH0 "ifindex", "7\n");
	tree_write(tree, ETH0 "flags", "0x1002\n");
}

static char *form_values(const struct vf_values *values)
{
	char text[VF_VALUE_SIZE], *form = memory_dup(""), *longer;

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (!vf_values_have(values, i))
			continue;
		longer = memory_printf("%s%s=%s ", form, vf_setting_word(i),
				       vf_value_format(i, values->items[i], text));
		free(form);
		form = longer;
	}
	return form;
}

static void assert_values(const struct vf_values *values, const char *expected)
{
	_cleanup_free_ char *form = form_values(values);

	assert_string_equal(form, expected);
}

/* All that the kernel has of the VF. */
static void assert_kernel(const char *expected)
{
	struct vf_values all = kernel->values;

	all.has = (1 << VF_SETTING_COUNT) - 1;
	assert_values(&all, expected);
}

#define UNTOUCHED "mac=00:00:00:00:00:00 vlan=0 trust=no spoofchk=yes max-tx-rate=0 "
#define ALL                                                                        \
	"mac = 52:54:00:00:00:10-52:54:00:00:00:11\nvlan = 100 101\ntrust = yes\n" \
	"spoofchk = no\nmax-tx-rate = 900\n"

static void test_made_and_undone(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	scene_make(&scene, HOST, ALL);
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	assert_findings(&scene.decision->findings, NULL);
	assert_int_equal(scene.decision->error, 0);
	assert_kernel("mac=52:54:00:00:00:11 vlan=101 trust=yes spoofchk=no max-tx-rate=900 ");
	assert_values(&scene.decision->vf_former, UNTOUCHED);
	vf_settings_undo(&scene.apply, scene.decision, &scene.facts);
	assert_findings(&scene.decision->findings, NULL);
	assert_kernel(UNTOUCHED);
	assert_int_equal(scene.decision->vf_former.has, 0);
}

/* What is so already is not set, nor what the rule does not say. */
static void test_some(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	scene_make(&scene, HOST, "spoofchk = yes\nvlan = 7\n");
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	assert_int_equal(kernel->sets, 1);
	assert_kernel("mac=00:00:00:00:00:00 vlan=7 trust=no spoofchk=yes max-tx-rate=0 ");
	assert_values(&scene.decision->vf_former, "vlan=0 ");
}

static const struct failure_row {
	const char *name;
	int error;
	bool lies;
	unsigned hidden; /* settings that the driver does not show */
	const char *finding;
} failure_rows[] = {
	{ "not of this driver", -EOPNOTSUPP, false, 0,
	  "vf-setting-failed: could not set trust = yes of VF 1 by interface eth0: the driver of the PF does not support it" },
	{ "refused", -EINVAL, false, 0,
	  "vf-setting-failed: could not set trust = yes of VF 1 by interface eth0: the driver of the PF refuses it" },
	{ "success, but another value", 0, true, 0,
	  "vf-setting-failed: could not set trust = yes of VF 1 by interface eth0: the driver of the PF holds another value" },
	{ "not shown", 0, false, 1 << VF_TRUST,
	  "vf-setting-failed: could not set trust = yes of VF 1 by interface eth0: the kernel or the driver does not show it; Linux 4.4 and later can" },
};

/* On its way to vfio-pci: then it is not bound, and the rest is as before. */
static void test_failure(void **state)
{
	const struct failure_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	struct tree made = tree_make();

	lay_out(&made);
	kernel->error = row->error;
	kernel->failing = VF_TRUST;
	kernel->lies = row->lies;
	kernel->values.has &= ~row->hidden;
	scene_make(&scene, HOST, row->lies ? "trust = yes\n" : "vlan = 7\ntrust = yes\n");
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	assert_findings(&scene.decision->findings, row->finding);
	assert_true(scene.decision->error < 0);
	kernel->error = 0;
	kernel->values.has |= 1 << VF_TRUST;
	vf_settings_undo(&scene.apply, scene.decision, &scene.facts);
	assert_int_equal(kernel->values.items[VF_VLAN], 0);
	tree_remove(&made);
}

/* A step of a plan: the VF is not bound, what was set before is undone, and on-failure counts. */
static void test_not_bound(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *override = NULL;

	lay_out(*state);
	tree_write(tree, "sys/bus/pci/devices/0000:03:02.1/driver_override", "(null)\n");
	tree_directory(tree, "sys/bus/pci/drivers/vfio-pci");
	tree_write(tree, "sys/bus/pci/drivers/vfio-pci/bind", "");
	kernel->error = -EINVAL;
	kernel->failing = VF_TRUST;
	scene_make(&scene, HOST, "vlan = 7\ntrust = yes\non-failure = hold\n");
	scene.apply.return_by_ms = scene.apply.deadline_ms;
	scene.apply.patience_ms = 5000;
	apply_plan(&scene.apply, &scene.plan);
	assert_int_equal(scene.decision->error, -EINVAL);
	assert_int_not_equal(scene.decision->state, STATE_BOUND);
	assert_int_equal(kernel->values.items[VF_VLAN], 0);
	assert_int_equal(scene.decision->vf_former.has, 0);
	override = tree_read(tree, "sys/bus/pci/devices/0000:03:02.1/driver_override");
	assert_memory_equal(override, "none", 4);
}

/* It may be in a guest: nothing is set, but it is told. */
static void test_bound_already(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	scene_make(&scene, HOST " driver=vfio-pci module", "vlan = 7\n");
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	assert_true(findings_have(&scene.decision->findings, FINDING_VF_SETTING_FAILED));
	assert_int_equal(scene.decision->error, 0);
	assert_int_equal(kernel->sets, 0);
}

static void test_difference(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *none = NULL, *vlan = NULL, *mac = NULL, *untrusted = NULL,
			    *lost = NULL;
	const struct decision *decision;

	lay_out(*state);
	scene_make(&scene, HOST, ALL);
	decision = scene.decision;
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	none = vf_settings_difference(&tree->root, &scene.facts, decision->device,
				      &decision->vf_wanted);
	assert_null(none);
	kernel->values.items[VF_MAC]++;
	mac = vf_settings_difference(&tree->root, &scene.facts, decision->device,
				     &decision->vf_wanted);
	assert_null(mac);
	kernel->values.items[VF_VLAN] = 0;
	kernel->values.items[VF_TRUST] = 0;
	vlan = vf_settings_difference(&tree->root, &scene.facts, decision->device,
				      &decision->vf_wanted);
	assert_string_equal(vlan, "vlan is 0, not 101; trust is no, not yes");
	scene.decision->vf_wanted.items[VF_TRUST] = 0;
	untrusted = vf_settings_difference(&tree->root, &scene.facts, decision->device,
					   &decision->vf_wanted);
	assert_string_equal(untrusted, "mac is 52:54:00:00:00:12, not 52:54:00:00:00:11; "
				       "vlan is 0, not 101");
	tree_write(tree, ETH0 "ifindex", "seven\n");
	lost = vf_settings_difference(&tree->root, &scene.facts, decision->device,
				      &decision->vf_wanted);
	assert_non_null(strstr(lost, "settings of the VF are unknown ("));
}

static void test_hanging(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	kernel->hangs = true;
	scene_make(&scene, HOST, "vlan = 7\n");
	scene.apply.deadline_ms = clock_ms() + 200;
	vf_settings_make(&scene.apply, scene.decision, &scene.facts);
	assert_findings(
		&scene.decision->findings,
		"vf-setting-failed: could not set VF 1 by the interface of the PF: timed out; the driver is still busy");
	assert_int_equal(scene.decision->error, -ETIMEDOUT);
}

/* A host of files has no kernel that could be told, and this machine's is not meant. */
int __real_link_exchange(const struct root *root, const void *request, size_t size, void *answer);

static void test_no_kernel(void **state)
{
	char answer[16];

	lay_out(*state);
	assert_int_equal(__real_link_exchange(&tree->root, "", 0, answer), -EOPNOTSUPP);
	assert_int_equal(link_listen(&tree->root), -EOPNOTSUPP);
}

/* --- interfaces */

static void test_interface(void **state)
{
	const struct pci_device pf = { .address = { .bus = 3 } };
	struct interface interface;

	lay_out(*state);
	assert_int_equal(interface_find(&tree->root, &pf, &interface), 0);
	assert_int_equal(interface.number, NUMBER);
	assert_string_equal(interface.name, "eth0");
	assert_false(interface.is_up);
	tree_write(tree, ETH0 "flags", "0x1003\n");
	tree_write(tree, ETH0 "phys_port_name", "p0\n");
	tree_write(tree, PF "net/eth0r1/phys_port_name", "pf0vf1\n");
	tree_write(tree, PF "net/eth0s1/phys_port_name", "pf0sf88\n");
	assert_int_equal(interface_find(&tree->root, &pf, &interface), 0);
	assert_string_equal(interface.name, "eth0");
	assert_true(interface.is_up);
	tree_write(tree, PF "net/eth1/ifindex", "8\n");
	assert_int_equal(interface_find(&tree->root, &pf, &interface), -ENOTUNIQ);
}

static void test_no_interface(void **state)
{
	const struct pci_device pf = { .address = { .bus = 3 } },
				other = { .address = { .bus = 4 } };
	struct interface interface;

	lay_out(*state);
	assert_int_equal(interface_find(&tree->root, &other, &interface), -ENOENT);
	tree_write(tree, ETH0 "ifindex", "seven\n");
	assert_int_equal(interface_find(&tree->root, &pf, &interface), -EIO);
	tree_write(tree, ETH0 "ifindex", "7\n");
	tree_write(tree, ETH0 "flags", "0xfffffffff\n");
	assert_int_equal(interface_find(&tree->root, &pf, &interface), -EIO);
}

/* --- VFs that are made */

#define BARE "0000:03:00.0 8086:1572 12 group=1 can=8 driver=i40e module"

static void test_brought_up(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	tree_write(tree, PF "sriov_numvfs", "0\n");
	tree_write(tree, PF "sriov_drivers_autoprobe", "1\n");
	scene_make(&scene, BARE, "pf-up = yes\n");
	assert_int_equal(sriov_make(&scene.apply, scene.decision), 0);
	assert_true(kernel->is_up);
	assert_findings(&scene.decision->findings, NULL);
}

/* A driver may lose its link when it makes VFs, and takes no rate then: it is waited for after
 * that. */
static const struct link_row {
	const char *name, *keys, *carrier;
	bool waits;
} link_rows[] = {
	{ "not there", "pf-up = yes\nmax-tx-rate = 9\n", "0\n", true },
	{ "there", "pf-up = yes\nmax-tx-rate = 9\n", "1\n", false },
	{ "not shown", "pf-up = yes\nmax-tx-rate = 9\n", NULL, false },
	{ "of no interest", "pf-up = yes\nvlan = 9\n", "0\n", false },
	{ "of an interface that others bring up", "max-tx-rate = 9\n", "0\n", false },
};

static void test_link(void **state)
{
	const struct link_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *count = NULL;
	struct tree made = tree_make();

	lay_out(&made);
	tree_write(tree, ETH0 "flags", "0x1003\n");
	if (row->carrier)
		tree_write(tree, ETH0 "carrier", row->carrier);
	tree_write(tree, PF "sriov_numvfs", "0\n");
	tree_write(tree, PF "sriov_drivers_autoprobe", "1\n");
	scene_make(&scene, BARE, row->keys);
	scene.apply.deadline_ms = clock_ms() + 1500;
	assert_int_equal(sriov_make(&scene.apply, scene.decision), 0);
	assert_int_equal(clock_ms() >= scene.apply.deadline_ms, row->waits);
	count = tree_read(tree, PF "sriov_numvfs");
	assert_string_equal(count, "2\n");
	tree_remove(&made);
}

/* Nothing is brought up that nobody asked for. */
static void test_left_down(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	tree_write(tree, PF "sriov_numvfs", "0\n");
	tree_write(tree, PF "sriov_drivers_autoprobe", "1\n");
	scene_make(&scene, BARE, "vlan = 5\n");
	assert_int_equal(sriov_make(&scene.apply, scene.decision), 0);
	assert_false(kernel->is_up);
}

static void test_stays_down(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };

	lay_out(*state);
	kernel->lies = true;
	scene_make(&scene, BARE, "pf-up = yes\n");
	assert_int_equal(sriov_make(&scene.apply, scene.decision), -EIO);
	assert_int_equal(scene.decision->state, STATE_FAILED);
	assert_findings(&scene.decision->findings,
			"pf-down: could not bring up interface eth0: it stayed down");
}

/* A directory stands for a driver that makes none; where its interface is up, that is not why. */
static const struct down_row {
	const char *name, *flags;
	enum state state;
	bool is_told;
} down_rows[] = {
	{ "down", "0x1002\n", STATE_WAITING, true },
	{ "up", "0x1003\n", STATE_FAILED, false },
};

static void test_none_made(void **state)
{
	const struct down_row *row = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *autoprobe = NULL;
	struct tree made = tree_make();

	lay_out(&made);
	tree_write(tree, ETH0 "flags", row->flags);
	tree_directory(tree, PF "sriov_numvfs");
	tree_write(tree, PF "sriov_drivers_autoprobe", "1\n");
	scene_make(&scene, BARE, "");
	assert_int_equal(sriov_make(&scene.apply, scene.decision), -EISDIR);
	assert_int_equal(scene.decision->state, row->state);
	assert_true(findings_have(&scene.decision->findings, FINDING_SRIOV_FAILED));
	assert_int_equal(findings_have(&scene.decision->findings, FINDING_PF_DOWN), row->is_told);
	autoprobe = tree_read(tree, PF "sriov_drivers_autoprobe");
	assert_string_equal(autoprobe, "1\n");
	tree_remove(&made);
}

/* No VFs are made which could not be set: it waits for the interface, but not for another one. */
static void test_awaits_interface(void **state)
{
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_(scene_free) struct scene several = { 0 };
	_cleanup_free_ char *count = NULL;

	lay_out(*state);
	tree_write(tree, PF "sriov_numvfs", "0\n");
	assert_int_equal(renameat(tree->root.fd, PF "net", tree->root.fd, PF "later"), 0);
	scene_make(&scene, BARE, "vlan = 5\n");
	assert_int_equal(sriov_make(&scene.apply, scene.decision), -ENOENT);
	assert_int_equal(scene.decision->state, STATE_WAITING);
	assert_findings(&scene.decision->findings, "pf-interface: could not find");
	assert_int_equal(renameat(tree->root.fd, PF "later", tree->root.fd, PF "net"), 0);
	tree_write(tree, PF "net/eth1/ifindex", "8\n");
	scene_make(&several, BARE, "vlan = 5\n");
	assert_int_equal(sriov_make(&several.apply, several.decision), -ENOTUNIQ);
	assert_int_equal(several.decision->state, STATE_FAILED);
	count = tree_read(tree, PF "sriov_numvfs");
	assert_string_equal(count, "0\n");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "made, and undone", test_made_and_undone);
	suite_add_in_tree(&suite, "only what differs, and is said", test_some);
	suite_add_rows(&suite, "failed", test_failure, failure_rows);
	suite_add_in_tree(&suite, "failed: not bound", test_not_bound);
	suite_add_in_tree(&suite, "bound already", test_bound_already);
	suite_add_in_tree(&suite, "hanging", test_hanging);
	suite_add_in_tree(&suite, "looked at again", test_difference);
	suite_add_in_tree(&suite, "not this machine's kernel", test_no_kernel);
	suite_add_in_tree(&suite, "interface", test_interface);
	suite_add_in_tree(&suite, "interface: none", test_no_interface);
	suite_add_in_tree(&suite, "interface: brought up", test_brought_up);
	suite_add_in_tree(&suite, "interface: left as it is", test_left_down);
	suite_add_rows(&suite, "link", test_link, link_rows);
	suite_add_in_tree(&suite, "interface: stays down", test_stays_down);
	suite_add_rows(&suite, "no VFs, interface", test_none_made, down_rows);
	suite_add_in_tree(&suite, "interface: waited for", test_awaits_interface);
	return suite_run(&suite, "vf_settings");
}
