/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "cli/record/mask.h"

struct row {
	const char *line;
	const char *expected; /* NULL: nothing to mask */
};

static const struct row rows[] = {
	{ "ifname=eth0:52:54:00:12:34:56 ro", "ifname=eth0:52:54:00:xx:xx:xx ro" },
	{ "BOOTIF=01-52-54-00-12-34-56", "BOOTIF=01-52-54-xx-xx-xx-xx" },
	{ "AA:BB:CC:DD:EE:FF", "AA:BB:CC:xx:xx:xx" },
	{ "52:54:00:12:34", NULL },
	{ "52:54:00-12:34:56", NULL },
	{ "152:54:00:12:34:56", NULL },
	{ "52:54:00:12:34:567", NULL },
	{ "bridge=br0:enx525400123456", "bridge=br0:enx525400xxxxxx" },
	{ "enx5254001234567", NULL },
	{ "root=/dev/disk/by-id/nvme-Maker_Disk_S64D-part1 ro",
	  "root=/dev/disk/by-id/serial-fb10fa5f ro" },
	{ "/dev/disk/by-id/a,/dev/disk/by-id/a /dev/disk/by-id/b",
	  "/dev/disk/by-id/serial-e40c292c,/dev/disk/by-id/serial-e40c292c /dev/disk/by-id/serial-e70c2de5" },
	{ "/dev/disk/by-id/md-uuid-1:2:3:4", NULL },
	{ "/dev/disk/by-id/dm-uuid-mpath-3600508b4000156d700012000000b0000",
	  "/dev/disk/by-id/dm-uuid-mpath-3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	{ "mpath-3600508b4000156d700012000000b0000", "mpath-3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	{ "root=UUID=0a1b2c3d-1111-2222-3333-0123456789ab ro", NULL },
	{ "a.serial=S64DNF0R,b", "a.serial=xxxxxxxx,b" },
	{ "U: Uniq=S64DNF0R", "U: Uniq=xxxxxxxx" },
	{ "rd.iscsi.password=hunter2 ro", "rd.iscsi.password=xxxxxxx ro" },
	{ "//nas/x /mnt cifs username=a,password=b,ro 0 0",
	  "//nas/x /mnt cifs username=a,password=x,ro 0 0" },
	{ "API_TOKEN=a=b quiet", "API_TOKEN=x=x quiet" },
	{ "netroot=iscsi:user:word@10.0.0.1::::iqn.x ro",
	  "netroot=iscsi:xxxxxxxxxxxxxxxxxxxxxxxxxxx ro" },
	{ "systemd.set_credential=a:b=c, ro", "systemd.set_credential=xxxxxx ro" },
	{ "systemd.set-credential-binary=\"a:b c\" ro systemd.set_credential",
	  "systemd.set-credential-binary=\"xxxxx\" ro systemd.set_credential" },
	{ "\"systemd.setenv=A=b c\" systemd.unit=x", "\"systemd.setenv=xxxxx\" systemd.unit=x" },
	{ "systemd.set a=b", NULL },
	{ "passthru.device=address=0000:01:00.0,id=10de:2684", NULL },
	{ "MODALIAS=pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00", NULL },
	{ "0x00000000fee00000 0x00000000feefffff msi", NULL },
	{ "6,113,568878,-;DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c22260206", NULL },
	{ "", NULL },
};

static void test_mask(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *masked = mask_line(row->line);

	assert_string_equal(masked, row->expected ? row->expected : row->line);
}

/* So that a link below by-id and what names it stay together. */
static void test_id(void **state)
{
	_cleanup_free_ char *id = mask_id("a");
	_cleanup_free_ char *line = mask_line("/dev/disk/by-id/a");

	(void)state;
	assert_string_equal(id, line + strlen("/dev/disk/by-id/"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "mask", test_mask, rows);
	suite_add(&suite, "id: as in a line", test_id);
	return suite_run(&suite, "mask");
}
