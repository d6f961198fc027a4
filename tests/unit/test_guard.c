/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "devices.h"
#include "forms.h"
#include "random.h"
#include "util/cleanup.h"

#define DISK            "0000:00:03.0 1b36:10 0108 group=3 path=pci0000:00/03.0\n"
#define DISK_2          "0000:00:04.0 1b36:10 0108 group=4 path=pci0000:00/04.0\n"
#define OTHER           "0000:00:03.0 144d:a808 0108 group=3 path=pci0000:00/03.0\n"
#define VGA             "0000:00:01.0 1234:1111 03 group=1 path=pci0000:00/01.0\n"
#define SERIAL_IN_GROUP "0000:00:05.0 1b36:2 0700 group=15 path=pci0000:00/05.0\n"
#define SERIAL          "0000:00:05.0 1b36:2 0700 group=5 path=pci0000:00/05.0\n"
#define USB             "0000:00:07.0 1b36:d 0c0330 group=7 path=pci0000:00/07.0\n"
#define NO_NIC          "0000:00:08.0 1:2 04 group=8"
#define FUNCTION        "0000:00:09.0 1:3 04 group=9 vf=0 of=0000:00:08.0\n"
#define ROOT            "need storage pci0000:00/03.0 1b36:0010:0000:0000 010000 / on /dev/nvme0n1\n"
#define NET_ROOT        "need network pci0000:00/02.0 8086:10d3:0000:0000 020000 / by NFS\n"
#define RULE            "[device a]\n"
#define CLASS           RULE "class = 0108\n"

struct row {
	const char *name;
	const char *host;
	const char *conf;
	const char *plan;
};

static const struct row rows[] = {
	{ "by address", DISK ROOT, RULE "address = 00:03.0\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "by id", DISK ROOT, RULE "id = 1b36:10\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "by class, and its twin is free", DISK DISK_2 ROOT, CLASS "count = 2\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n"
	  "a 0000:00:04.0: take vfio-pci\n" },
	{ "by its group", "0000:00:03.1 1:2 04 group=3 path=pci0000:00/03.1\n" DISK ROOT,
	  RULE "id = 1:2\ngroup = whole\n",
	  "a 0000:00:03.1: take vfio-pci group-incomplete\n"
	  "a 0000:00:03.0: leave to the host vfio-pci group-whole guard-storage\n" },
	{ "by its group, whose rest is of no use then",
	  "0000:00:03.1 1:2 04 group=3 path=pci0000:00/03.1\n"
	  "0000:00:03.2 1:3 0c03 group=3 path=pci0000:00/03.2\n" DISK ROOT,
	  RULE "id = 1:2\ngroup = whole\non-failure = hold\n",
	  "a 0000:00:03.1: take vfio-pci group-incomplete\n"
	  "a 0000:00:03.0: leave to the host vfio-pci group-whole guard-storage\n"
	  "a 0000:00:03.2: leave to the host vfio-pci group-whole group-not-whole\n" },
	{ "itself, and the rest of its group is of no use then",
	  "0000:00:03.1 1:2 04 group=3 path=pci0000:00/03.1\n"
	  "0000:00:03.2 1:3 0c03 group=3 path=pci0000:00/03.2\n" DISK ROOT,
	  RULE "id = 1b36:10\ngroup = whole\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n"
	  "a 0000:00:03.1: leave to the host vfio-pci group-whole group-not-whole\n"
	  "a 0000:00:03.2: leave to the host vfio-pci group-whole group-not-whole\n" },
	{ "held it would be lost, too", DISK ROOT, CLASS "on-failure = hold\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "a mismatch is not held either", DISK ROOT,
	  RULE "address = 00:03.0\nid = 1:2\non-failure = hold\n",
	  "a 0000:00:03.0: leave to the host vfio-pci id-mismatch guard-storage\n" },
	{ "allowed", DISK ROOT, CLASS "allow = storage\n",
	  "a 0000:00:03.0: take vfio-pci guard-overridden\n" },
	{ "allowed is something else", DISK ROOT, CLASS "allow = network, console\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "no need, no guard", DISK NIC NET_ROOT, CLASS, "a 0000:00:03.0: take vfio-pci\n" },

	/* Moved */
	{ "another device is in its place", OTHER ROOT, CLASS,
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "moved: its old place is empty", DISK_2 ROOT, CLASS,
	  "a 0000:00:04.0: leave to the host vfio-pci guard-storage\n" },
	{ "moved: another device is in its old place", OTHER DISK_2 ROOT, RULE "id = 1b36:10\n",
	  "a 0000:00:04.0: leave to the host vfio-pci guard-storage\n" },
	{ "in place: its twin is another", DISK DISK_2 ROOT, RULE "address = 00:04.0\n",
	  "a 0000:00:04.0: take vfio-pci\n" },

	/* No record, or one that cannot be read */
	{ "no record", DISK, CLASS, "a 0000:00:03.0: take vfio-pci\n" },
	{ "no record, and a built-in driver has it",
	  "0000:00:03.0 8086:2922 0106 group=3 driver=ahci\n", RULE "class = 01\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "a record, and a built-in driver has it",
	  "0000:00:04.0 8086:2922 0106 group=3 driver=ahci path=pci0000:00/04.0\n" ROOT,
	  RULE "class = 01\n", "a 0000:00:04.0: take vfio-pci\n" },
	{ "no record, the stub has it already",
	  "0000:00:03.0 8086:2922 0106 group=3 driver=vfio-pci\n", RULE "class = 01\n",
	  "a 0000:00:03.0: take vfio-pci already-bound\n" },
	{ "damaged record", DISK "damaged record\n", CLASS "on-failure = hold\n",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "damaged record, allowed", DISK "damaged record\n", CLASS "allow = storage\n",
	  "a 0000:00:03.0: take vfio-pci\n" },
	{ "damaged record, a network card", NIC TWIN "damaged record\n", RULE "address = 02:00.0\n",
	  "a 0000:02:00.0: leave to the host vfio-pci guard-network\n" },
	{ "damaged record, a network card, allowed", NIC TWIN "damaged record\n",
	  RULE "address = 02:00.0\nallow = network\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "damaged record, a USB controller", USB "damaged record\n", RULE "class = 0c03\n",
	  "a 0000:00:07.0: leave to the host vfio-pci guard-storage\n" },
	{ "damaged record, a display", VGA "damaged record\n", RULE "class = 03\n",
	  "a 0000:00:01.0: take vfio-pci\n" },

	/* The kernel command line has the root on the network, and no need says by which card. */
	{ "the last network card", NIC "network root\n", RULE "class = 02\n",
	  "a 0000:02:00.0: leave to the host vfio-pci guard-network\n" },
	{ "all network cards", NIC TWIN "network root\n", RULE "class = 02\non-failure = hold\n",
	  "a 0000:02:00.0: leave to the host vfio-pci several-match guard-network\n"
	  "a 0000:03:00.0: leave to the host vfio-pci several-match guard-network\n" },
	{ "one of two network cards", NIC TWIN "network root\n", RULE "address = 02:00.0\n",
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "the last network card, allowed", NIC "network root\n",
	  RULE "class = 02\nallow = network\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "the last network card by its group", SERIAL_IN_GROUP NIC "network root\n",
	  RULE "class = 07\ngroup = whole\n",
	  "a 0000:00:05.0: take vfio-pci group-incomplete\n"
	  "a 0000:02:00.0: leave to the host vfio-pci group-whole guard-network\n" },
	{ "of the last network card the rest of a group is refused, too",
	  SERIAL_IN_GROUP NIC "network root\n",
	  RULE "class = 07\ngroup = refuse\n[device b]\nclass = 02\n",
	  "a 0000:00:05.0: leave to the host vfio-pci group-refused\n"
	  "b 0000:02:00.0: leave to the host vfio-pci guard-network\n" },
	{ "a record says that it is another", NIC DISK_2 NET_ROOT "network root\n", CLASS,
	  "a 0000:00:04.0: take vfio-pci\n" },

	/* What could not be read */
	{ "unread", NO_NIC " unread=guard\n", RULE "class = 04\non-failure = hold\n",
	  "a 0000:00:08.0: leave to the host vfio-pci guard-unknown\n" },
	{ "unread, whatever is allowed", NO_NIC " unread=guard\n",
	  RULE "class = 04\nallow = storage, network, console\n",
	  "a 0000:00:08.0: leave to the host vfio-pci guard-unknown\n" },
	{ "unread, of the host", NO_NIC "\nunread host\n", RULE "class = 04\n",
	  "a 0000:00:08.0: leave to the host vfio-pci guard-unknown\n" },
	{ "unread, of its physical function", NO_NIC " unread=guard\n" FUNCTION,
	  RULE "address = 00:09.0\n",
	  "a 0000:00:09.0: leave to the host vfio-pci guard-unknown\n" },
	{ "unread, of the one that is to be divided", NO_NIC " can=4 driver=x unread=guard\n",
	  "[sriov a]\nclass = 04\nvfs = 2\n",
	  "a 0000:00:08.0: leave to the host x guard-unknown\n" },
	{ "unread consoles", NO_NIC "\nunread consoles\n", RULE "class = 04\n",
	  "a 0000:00:08.0: leave to the host vfio-pci guard-console\n" },
	{ "unread consoles, allowed", NO_NIC "\nunread consoles\n",
	  RULE "class = 04\nallow = console\n", "a 0000:00:08.0: take vfio-pci\n" },
	{ "unread group", NO_NIC " unread=group\n", RULE "class = 04\n",
	  "a 0000:00:08.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "unread group, iommu = warn", NO_NIC " unread=group\n", RULE "class = 04\niommu = warn\n",
	  "a 0000:00:08.0: take vfio-pci iommu-ignored\n" },
	{ "unread group, group = refuse", NO_NIC " unread=group\n",
	  RULE "class = 04\niommu = warn\ngroup = refuse\n",
	  "a 0000:00:08.0: leave to the host vfio-pci iommu-ignored group-refused\n" },
	{ "unread, only shown", NO_NIC " unread=shown\n", RULE "class = 04\n",
	  "a 0000:00:08.0: take vfio-pci unreadable\n" },

	/* Network and console */
	{ "network root", NIC TWIN NET_ROOT, RULE "address = 02:00.0\n",
	  "a 0000:02:00.0: leave to the host vfio-pci guard-network\n" },
	{ "network root, allowed", NIC TWIN NET_ROOT, RULE "address = 02:00.0\nallow = network\n",
	  "a 0000:02:00.0: take vfio-pci guard-overridden\n" },
	{ "serial console",
	  SERIAL "need console pci0000:00/05.0 1b36:0002:0000:0000 070000 ttyS4\n",
	  RULE "class = 07\n", "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "a keyboard for a passphrase",
	  SERIAL "need passphrase pci0000:00/05.0 1b36:0002:0000:0000 070000 LUKS\n",
	  RULE "class = 07\n", "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "the display of the boot",
	  VGA "need display pci0000:00/01.0 1234:1111:0000:0000 030000 boot\n", RULE "class = 03\n",
	  "a 0000:00:01.0: take vfio-pci host-display\n" },
	{ "the display of the boot, allowed",
	  VGA "need display pci0000:00/01.0 1234:1111:0000:0000 030000 boot\n",
	  RULE "class = 03\nallow = console\n", "a 0000:00:01.0: take vfio-pci\n" },
	{ "the only keyboard",
	  SERIAL "need keyboard pci0000:00/05.0 1b36:0002:0000:0000 070000 keyboard\n",
	  RULE "class = 07\n", "a 0000:00:05.0: take vfio-pci host-keyboard\n" },
};

static void test_guards(void **state)
{
	const struct row *row = *state;
	assert_planned(row->host, row->conf, row->plan);
}

/* Why the host needs it has been escaped where it came in. */
static void test_escaped_once(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };

	(void)state;
	form_host(NIC "need network pci0000:00/02.0 8086:10d3:0000:0000 020000 /a\\x5cb\n", &facts);
	form_want(RULE "class = 02\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	assert_findings(&plan.decisions[0].findings,
			"guard-network: the host needs it: /a\\x5cb\n");
}

/* Findings that form_plan() leaves out: how often each is there. */
static const struct count_row {
	const char *name;
	const char *host;
	const char *conf;
	enum finding_code code;
	size_t count;
} count_rows[] = {
	{ "the last network card", NIC, RULE "class = 02\n", FINDING_HOST_NETWORK, 1 },
	{ "both network cards", NIC TWIN, RULE "class = 02\n", FINDING_HOST_NETWORK, 2 },
	{ "the last network card, allowed", NIC, RULE "class = 02\nallow = network\n",
	  FINDING_HOST_NETWORK, 0 },
	{ "not the last network card", NIC TWIN, RULE "address = 02:00.0\n", FINDING_HOST_NETWORK,
	  0 },
	{ "the default route",
	  NIC TWIN "need uplink pci0000:00/02.0 8086:10d3:0000:0000 020000 x\n",
	  RULE "address = 02:00.0\n", FINDING_HOST_NETWORK, 1 },
	{ "an address alone", NIC, RULE "address = 02:00.0\n", FINDING_ADDRESS_ALONE, 1 },
	{ "all functions of a slot", NIC, RULE "address = 02:00.*\n", FINDING_ADDRESS_ALONE, 1 },
	{ "an address with a class", NIC, RULE "address = 02:00.0\nclass = 02\n",
	  FINDING_ADDRESS_ALONE, 0 },
	{ "an address with a path", NIC, RULE "address = 02:00.0\npath = pci0000:00/02.0\n",
	  FINDING_ADDRESS_ALONE, 0 },
};

static void test_count(void **state)
{
	const struct count_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	size_t count = 0;

	form_host(row->host, &facts);
	form_want(row->conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	for (size_t i = 0; i < plan.count; i++) {
		for (size_t f = 0; f < plan.decisions[i].findings.count; f++)
			count += plan.decisions[i].findings.items[f].code == row->code;
	}
	assert_int_equal(count, row->count);
}

/*
 * Random hosts: buses of disks, network cards and the like, some of them needed, some of those
 * moved since; random rules. Whatever happens, nothing that the host needs is taken or held
 * without `allow`.
 */
#define HOSTS     2000
#define SLOTS     12
#define KINDS     3
#define HOST_SIZE 4096

/* A device in slot SLOT; when it is needed, the record has it there, or where it was before. */
static void put_device(FILE *stream, struct random *random, unsigned slot, bool *needed)
{
	static const char *const classes[] = { "010802", "010601", "020000" };
	static const char *const kinds[] = { "storage", "storage", "network" };
	unsigned kind = random_below(random, KINDS), model = random_below(random, 3);
	unsigned was_at = slot;

	needed[slot] = random_below(random, 3) == 0;
	fprintf(stream, "0000:00:%02x.0 1b36:%u %s group=%u path=pci0000:00/%02x.0%s\n", slot,
		model + 1, classes[kind], random_below(random, SLOTS), slot,
		random_below(random, 4) ? "" : " driver=builtin");
	if (!needed[slot])
		return;
	if (random_below(random, 4) == 0)
		was_at = SLOTS + slot; /* nobody is there now */
	fprintf(stream, "need %s pci0000:00/%02x.0 1b36:%04u:0000:0000 %s /\n", kinds[kind], was_at,
		model + 1, classes[kind]);
}

static void check_host(const char *host, const char *conf, const bool *needed, size_t *ret_refused)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };

	form_host(host, &facts);
	form_want(conf, NULL, &want);
	assert_false(want.has_errors);
	plan_make(&want, &facts, &plan);
	for (size_t i = 0; i < plan.count; i++) {
		const struct decision *decision = &plan.decisions[i];

		if (!decision->device || decision->rule->allow ||
		    !needed[decision->device->address.slot])
			continue;
		if (decision->verdict != VERDICT_REFUSE)
			fail_msg("slot %02x is taken or held:\n%s%s",
				 decision->device->address.slot, host, conf);
		++*ret_refused;
	}
}

static void test_random_hosts(void **state)
{
	struct random random = { .state = 5 };
	size_t refused = 0;

	(void)state;
	for (size_t i = 0; i < HOSTS; i++) {
		char host[HOST_SIZE] = "", conf[HOST_SIZE] = "";
		bool needed[SLOTS] = { false };
		FILE *stream = fmemopen(host, sizeof(host), "w");

		for (unsigned slot = 0; slot < SLOTS; slot++) {
			if (random_below(&random, 2))
				put_device(stream, &random, slot, needed);
		}
		fclose(stream);
		stream = fmemopen(conf, sizeof(conf), "w");
		random_rules(&random, stream, SLOTS);
		fclose(stream);
		check_host(host, conf, needed, &refused);
	}
	assert_true(refused > HOSTS / 2); /* or nothing was tested */
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "guard", test_guards, rows);
	suite_add(&suite, "escaped once", test_escaped_once);
	suite_add_rows(&suite, "count", test_count, count_rows);
	suite_add(&suite, "random hosts: what is needed is never taken", test_random_hosts);
	return suite_run(&suite, "guard");
}
