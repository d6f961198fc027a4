/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "forms.h"
#include "plan/heal.h"
#include "util/cleanup.h"

struct cmdline_row {
	const char *text;
	bool on_network;
};

static const struct cmdline_row cmdline_rows[] = {
	{ "root=UUID=0a-b ro quiet", false },
	{ "root=nfs:10.0.0.1:/srv rw", true },
	{ "root=nfs4:10.0.0.1:/srv", true },
	{ "root=/dev/nfs nfsroot=10.0.0.1:/srv", true },
	{ "root=/dev/sda2 netroot=iscsi:10.0.0.1::::iqn.x", true },
	{ "root=/dev/sda2 rd.neednet=1", true },
	{ "root=/dev/sda2 rd.neednet=0", false },
	{ "root=/dev/sda2 ip=dhcp", true },
	{ "root=nbd:10.0.0.1:root", true },
	{ "root=LABEL=nfs: ", false },
	{ "ip", false },
	{ "-- root=nfs:", false },
	{ "", false },
};

static void test_cmdline(void **state)
{
	const struct cmdline_row *row = *state;

	assert_int_equal(heal_root_is_on_network(row->text), row->on_network);
}

static const struct concern_row {
	const char *name;
	const char *device;
	const char *rule;
	bool on_network;
	bool is_concerned;
} concern_rows[] = {
	{ "NVMe", "1:2 0108 group=1", "", false, true },
	{ "AHCI", "1:2 0106 group=1", "", false, true },
	{ "SD", "1:2 0805 group=1", "", false, true },
	{ "Fibre Channel", "1:2 0c04 group=1", "", false, true },
	{ "USB", "1:2 0c0330 group=1", "", false, true },
	{ "allowed", "1:2 0108 group=1", "allow = storage\n", false, false },
	{ "held", "1:2 0108", "on-failure = hold\n", false, true },
	{ "refused", "1:2 0108", "", false, false },
	{ "a display", "1:2 03 group=1", "", true, false },
	{ "a network card", "1:2 02 group=1", "", false, false },
	{ "a network card, needed", "1:2 02 group=1", "", true, true },
	{ "a network card, allowed", "1:2 02 group=1", "allow = network\n", true, false },
};

static void test_concern(void **state)
{
	const struct concern_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	char host[100] = "0000:02:00.0 ", conf[100] = "[device a]\nid = 1:2\n";

	form_host(strcat(host, row->device), &facts);
	form_want(strcat(conf, row->rule), NULL, &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 1);
	assert_int_equal(heal_concerns(&plan.decisions[0], row->on_network), row->is_concerned);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "root on the network", test_cmdline, cmdline_rows);
	suite_add_rows(&suite, "gives back", test_concern, concern_rows);
	return suite_run(&suite, "heal");
}
