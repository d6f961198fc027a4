/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include "facts/network_root.h"

static const struct row {
	const char *text;
	bool on_network;
} rows[] = {
	{ "root=UUID=0a-b ro quiet", false },
	{ "root=nfs:10.0.0.1:/srv rw", true },
	{ "root=nfs", true },
	{ "root=nfs4:10.0.0.1:/srv", true },
	{ "root=/dev/nfs nfsroot=10.0.0.1:/srv", true },
	{ "root=/dev/cifs cifsroot=//10.0.0.1/srv", true },
	{ "root=/dev/sda2 netroot=iscsi:10.0.0.1::::iqn.x", true },
	{ "root=/dev/sda2 netroot=", false },
	{ "root=iscsi:10.0.0.1::::iqn.x", true },
	{ "root=UUID=1 iscsi_auto", true },
	{ "root=UUID=1 iscsi_target_ip=10.0.0.1", true },
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
	const struct row *row = *state;

	assert_int_equal(network_root_find(row->text), row->on_network);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "root on the network", test_cmdline, rows);
	return suite_run(&suite, "network_root");
}
