/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/network_root.h"
#include "forms.h"
#include "plan/rescue.h"
#include "util/cleanup.h"

static const struct cmdline_row {
	const char *text;
	bool on_network;
} cmdline_rows[] = {
	{ "root=UUID=0a-b ro quiet", false },
	{ "root=nfs:10.0.0.1:/srv rw", true },
	{ "root=nfs", true },
	{ "root=nfs4:10.0.0.1:/srv", true },
	{ "root=/dev/nfs nfsroot=10.0.0.1:/srv", true },
	{ "root=/dev/cifs cifsroot=//10.0.0.1/srv", true },
	{ "root=/dev/sda2 netroot=iscsi:10.0.0.1::::iqn.x", true },
	{ "root=/dev/sda2 netroot=", false },
	{ "root=iscsi:10.0.0.1::::iqn.x", true },
	{ "root=/dev/sda2 rd.iscsi.firmware", true },
	{ "root=/dev/sda2 rd.iscsi.firmware=0", false },
	{ "root=UUID=0a-b fcoe=eth0:nodcb", true },
	{ "root=/dev/sda2 rd.neednet=1", true },
	{ "root=/dev/sda2 rd.neednet", true },
	{ "root=/dev/sda2 rd.neednet=0", false },
	{ "root=/dev/sda2 rd.neednet=no", false },
	{ "root=/dev/sda2 ip=dhcp", true },
	{ "root=/dev/sda2 ip=eth0:dhcp", true },
	{ "root=/dev/sda2 ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:off", true },
	{ "root=/dev/sda2 ip=off", false },
	{ "root=/dev/sda2 ip=none", false },
	{ "root=/dev/sda2 ip=", false },
	{ "root=/dev/sda2 BOOTIF=01-52-54-00-12-34-56", false },
	{ "root=nbd:10.0.0.1:root", true },
	{ "root=nbd:10.0.2.2:10809:ext4 ip=dhcp rd.neednet=1", true },
	{ "root=/dev/nbd0 nbdroot=10.0.0.1,root", true },
	{ "boot=nfs", true },
	{ "boot=local root=/dev/sda2", false },
	{ "boot=live netboot=nfs", true },
	{ "boot=live", false },
	{ "root=live:https://10.0.0.1/a.img", true },
	{ "root=live:/dev/sda2", false },
	{ "root=live:CDLABEL=x", false },
	{ "root=dhcp", true },
	{ "root=LABEL=nfs: ", false },
	{ "root=LABEL=dhcp", false },
	{ "root=nfs:10.0.0.1:/srv root=/dev/sda2", false },
	{ "root=/dev/sda2 root=nfs:10.0.0.1:/srv", true },
	{ "ip", false },
	{ "-- root=nfs:", false },
	{ "", false },
};

static void test_cmdline(void **state)
{
	const struct cmdline_row *row = *state;

	assert_int_equal(network_root_find(row->text), row->on_network);
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

	suite_add_rows(&suite, "root on the network", test_cmdline, cmdline_rows);
	suite_add_rows(&suite, "may be missed", test_concern, concern_rows);
	return suite_run(&suite, "heal");
}
