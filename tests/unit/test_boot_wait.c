/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "probe/boot_wait.h"
#include "tree.h"
#include "util/memory.h"

#define GENERATED "run/systemd/generator/sysroot.mount"
#define LATE      "run/systemd/generator.late/sysroot.mount"
#define BY_UUID   "[Mount]\nWhere=/sysroot\nWhat=/dev/disk/by-uuid/1-2\nType=ext4\n"
#define MOUNTS(point)                                                      \
	"22 1 0:2 / / rw - rootfs rootfs rw\n"                             \
	"30 22 8:1 /sysroot /proc rw,nosuid shared:5 - proc /sysroot rw\n" \
	"31 22 8:1 / " point " ro,relatime - ext4 /dev/sda1 ro\n"

/* Files, "PATH", "TEXT"; and links, "PATH", "->TARGET". */
static const struct row {
	const char *name;
	const char *files[8][2];
	bool is_over;
} rows[] = {
	{ "nothing says so", { { NULL } }, false },
	{ "no device", { { GENERATED, BY_UUID } }, false },
	{ "a device, udev has not seen it",
	  { { GENERATED, BY_UUID },
	    { "dev/disk/by-uuid/1-2", "->../../sda1" },
	    { "dev/sda1", "" },
	    { "sys/class/block/sda1/dev", "8:1\n" } },
	  false },
	{ "a device",
	  { { GENERATED, BY_UUID },
	    { "dev/disk/by-uuid/1-2", "->../../sda1" },
	    { "dev/sda1", "" },
	    { "sys/class/block/sda1/dev", "8:1\n" },
	    { "run/udev/data/b8:1", "S:disk/by-uuid/1-2\nE:ID_FS_TYPE=ext4\n" } },
	  true },
	{ "a device that waits for others",
	  { { GENERATED, BY_UUID },
	    { "dev/disk/by-uuid/1-2", "->../../sda1" },
	    { "dev/sda1", "" },
	    { "sys/class/block/sda1/dev", "8:1\n" },
	    { "run/udev/data/b8:1", "E:ID_BTRFS_READY=0\nE:SYSTEMD_READY=0\n" } },
	  false },
	{ "a link to a device that is not there",
	  { { GENERATED, BY_UUID }, { "dev/disk/by-uuid/1-2", "->../../sda1" } },
	  false },
	{ "a node",
	  { { GENERATED, "What=/dev/md0\n" },
	    { "dev/md0", "" },
	    { "sys/class/block/md0/dev", "9:0\n" },
	    { "run/udev/data/b9:0", "E:SYSTEMD_READY=1\n" } },
	  true },
	{ "a node without all its members",
	  { { GENERATED, "What=/dev/md0\n" },
	    { "dev/md0", "" },
	    { "sys/class/block/md0/dev", "9:0\n" },
	    { "run/udev/data/b9:0", "E:SYSTEMD_READY=0\n" } },
	  false },
	{ "a node of which nothing is known",
	  { { GENERATED, "What=/dev/cciss/c0d0\n" }, { "dev/cciss/c0d0", "" } },
	  true },
	{ "the administrator's unit counts first",
	  { { "etc/systemd/system/sysroot.mount", "What=/dev/sdb\n" },
	    { GENERATED, "What=/dev/sda\n" },
	    { "dev/sda", "" } },
	  false },
	{ "an early generator's unit counts before it",
	  { { "run/systemd/generator.early/sysroot.mount", "What=/dev/sda\n" },
	    { "etc/systemd/system/sysroot.mount", "What=/dev/sdb\n" },
	    { "dev/sda", "" } },
	  true },
	{ "/usr has a device of its own, which is missing",
	  { { GENERATED, "What=/dev/sda\n" },
	    { "run/systemd/generator/sysroot-usr.mount", "What=/dev/sdb\n" },
	    { "dev/sda", "" } },
	  false },
	{ "/usr has a device of its own",
	  { { GENERATED, "What=/dev/sda\n" },
	    { "run/systemd/generator/sysroot-usr.mount", "What=/dev/sdb\n" },
	    { "dev/sda", "" },
	    { "dev/sdb", "" } },
	  true },
	{ "the medium of a live system is mounted",
	  { { GENERATED, "What=/dev/mapper/live-rw\n" },
	    { "proc/self/mountinfo", MOUNTS("/run/initramfs/live") } },
	  true },
	{ "a late generator's unit", { { LATE, "What=/dev/sda\n" }, { "dev/sda", "" } }, true },
	{ "a percent sign",
	  { { GENERATED, "What=/dev/disk/by-label/a%%b\n" }, { "dev/disk/by-label/a%b", "" } },
	  true },
	{ "no device is to be mounted, and the file is there",
	  { { GENERATED, "What=tmpfs\n" }, { "tmpfs", "" } },
	  false },
	{ "no device is named", { { GENERATED, "What=\n" } }, false },
	{ "something is mounted, no device",
	  { { GENERATED, "What=10.0.2.2:/\n" }, { "proc/self/mountinfo", MOUNTS("/sysroot") } },
	  true },
	{ "it is mounted from the network",
	  { { "proc/self/mountinfo", MOUNTS("/sysroot") } },
	  true },
	{ "another place is mounted",
	  { { "proc/self/mountinfo", MOUNTS("/sysroot/usr") } },
	  false },
	{ "a list of mounts that is none",
	  { { "proc/self/mountinfo", "/sysroot\n1 2 3" } },
	  false },
};

static void lay_out(const struct tree *tree, const char *const files[][2])
{
	for (; (*files)[0]; files++) {
		const char *path = (*files)[0], *text = (*files)[1];

		if (strncmp(text, "->", 2) == 0)
			tree_link(tree, path, text + 2);
		else
			tree_write(tree, path, text);
	}
}

static void test_over(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();

	lay_out(&tree, row->files);
	assert_int_equal(boot_wait_is_over(&tree.root), row->is_over);
	tree_remove(&tree);
}

static const struct question {
	const char *name;
	const char *file, *text; /* NULL: there is none */
	bool is_asked;
} questions[] = {
	{ "nothing", NULL, NULL, false },
	{ "one", "ask.x1", "[Ask]\nPID=17\nSocket=/run/systemd/ask-password/sck.1\n", true },
	{ "its program is gone", "ask.x1", "[Ask]\nPID=18\n", false },
	{ "no number", "ask.x1", "PID=17/../17\n", false },
	{ "nobody asks", "ask.x1", "[Ask]\n", false },
	{ "not a question", "sck.1", "PID=17\n", false },
};

static void test_question(void **state)
{
	const struct question *question = *state;
	struct tree tree = tree_make();

	tree_write(&tree, "proc/17/comm", "systemd-crypts\n");
	if (question->file) {
		_cleanup_free_ char *path =
			memory_printf("run/systemd/ask-password/%s", question->file);

		tree_write(&tree, path, question->text);
	}
	assert_int_equal(boot_wait_is_for_user(&tree.root), question->is_asked);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "wait is over", test_over, rows);
	suite_add_rows(&suite, "asked", test_question, questions);
	return suite_run(&suite, "boot_wait");
}
