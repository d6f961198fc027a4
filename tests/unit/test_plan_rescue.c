/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "forms.h"
#include "plan/rescue.h"
#include "util/cleanup.h"

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
	{ "allowed is something else", "1:2 0108 group=1", "allow = network\n", false, true },
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
	char host[100] = "0000:02:00.0 ", conf[100] = "[device a]\nid = 1:2\n";
	const struct pci_device *device;

	form_host(strcat(host, row->device), &facts);
	form_want(strcat(conf, row->rule), NULL, &want);
	device = &facts.devices[0];
	assert_int_equal(rescue_may_be_missed(device, row->on_network) &&
				 !rescue_is_allowed(&want.rules[0], device),
			 row->is_concerned);
	assert_false(rescue_is_allowed(NULL, device));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "may be missed", test_concern, concern_rows);
	return suite_run(&suite, "plan_rescue");
}
