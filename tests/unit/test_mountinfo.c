/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mounted, as the kernel writes it down. */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "probe/needs/mountinfo.h"
#include "util/buffer.h"

struct row {
	const char *name, *text;
	const char *expected; /* "DEVICE POINT TYPE SOURCE OPTIONS" and a newline for each */
};

static const struct row rows[] = {
	{ "nothing", "", "" },
	{ "optional fields",
	  "27 1 259:2 / / rw,relatime - ext4 /dev/a rw\n"
	  "28 27 0:30 / /b rw shared:1 master:2 propagate_from:3 - btrfs /dev/b rw,subvol=/x\n",
	  "259:2 / ext4 /dev/a rw\n0:30 /b btrfs /dev/b rw,subvol=/x\n" },
	{ "octal escapes", "28 27 0:31 / /a\\040b\\134c rw - nfs4 srv:/x\\040y rw,addr=10.0.0.1\n",
	  "0:31 /a b\\c nfs4 srv:/x y rw,addr=10.0.0.1\n" },
	{ "a bind mount is the device that it is from",
	  "28 27 259:3 /swap/files /var/swap rw - xfs /dev/c rw\n",
	  "259:3 /var/swap xfs /dev/c rw\n" },
	{ "a tag as the source", "28 27 8:1 / /boot rw - ext4 UUID=1-2 rw\n",
	  "8:1 /boot ext4 UUID=1-2 rw\n" },
	{ "several members", "28 27 0:40 / / rw - bcachefs /dev/a:/dev/b rw\n",
	  "0:40 / bcachefs /dev/a:/dev/b rw\n" },
	{ "the kernel's name for its root", "27 1 8:1 / / rw - ext4 /dev/root rw\n",
	  "8:1 / ext4 /dev-root rw\n" },
	{ "lines that are none",
	  "27 1 8:1 / / rw - ext4 /dev/a rw\nx\n28 27 8:2 /\n\n"
	  "29 27 8:3 / /b rw - ext4 /dev/c rw",
	  "8:1 / ext4 /dev/a rw\n8:3 /b ext4 /dev/c rw\n" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	_cleanup_(mounts_free) struct mounts mounts = { 0 };
	_cleanup_(buffer_free) struct buffer form = { 0 };

	buffer_add(&form, "");
	assert_int_equal(mountinfo_parse(row->text, &mounts), 0);
	for (size_t i = 0; i < mounts.count; i++)
		buffer_printf(&form, "%s %s %s %s %s\n", mounts.items[i].device,
			      mounts.items[i].point, mounts.items[i].type, mounts.items[i].source,
			      mounts.items[i].options);
	if (strcmp(form.text, row->expected) != 0)
		fail_showing(row->expected, form.text);
}

#define MANY 10000

/* Every container of a host has mounts of its own: one pass has to do. */
static void test_many_mounts(void **state)
{
	_cleanup_(mounts_free) struct mounts mounts = { 0 };
	_cleanup_free_ char *text = NULL;
	const struct mount *mount;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	fputs("27 1 259:2 / / rw - ext4 /dev/sda1 rw\n", stream);
	for (int i = 0; i < MANY; i++)
		fprintf(stream, "%d 27 0:%d / /run/c\\040%d rw shared:1 master:2 - tmpfs t rw\n",
			i + 28, i, i);
	fputs("9 1 259:3 / /run rw - ext4 /dev/sdb1 rw\n", stream);
	fclose(stream);
	assert_int_equal(mountinfo_parse(text, &mounts), 0);
	assert_int_equal(mounts.count, MANY + 2);
	assert_string_equal(mounts_find(&mounts, "/")->device, "259:2");
	assert_null(mounts_find(&mounts, "/run/c"));
	mount = mounts_of_file(&mounts, "/run/c 9999/file");
	assert_string_equal(mount->device, "0:9999");
	assert_string_equal(mounts_of_file(&mounts, "/run/c 99999")->device, "259:3");
	assert_string_equal(mounts_of_file(&mounts, "/runner")->source, "/dev/sda1");
	assert_null(mounts_of_file(&mounts, "relative"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "mounts", test_row, rows);
	suite_add(&suite, "ten thousand mounts", test_many_mounts);
	return suite_run(&suite, "mountinfo");
}
