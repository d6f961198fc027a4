/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>

#include "probe/needs/fstab.h"
#include "util/cleanup.h"

static const struct row {
	const char *name;
	const char *text;
	const char *entries; /* "SPEC|POINT|TYPE|OPTIONS", and "|swap" of swap */
} rows[] = {
	{ "nothing", "", "" },
	{ "comments and empty lines", "# UUID=1 / ext4\n\n \t\n", "" },
	{ "every field", "/dev/sda1 / ext4 rw,noatime 0 1\n", "/dev/sda1|/|ext4|rw,noatime\n" },
	{ "no last newline, tabs, no options", "/dev/sda1\t/\text4", "/dev/sda1|/|ext4|\n" },
	{ "a tag", "UUID=1-2 /efi vfat umask=0077 0 2\n", "UUID=1-2|/efi|vfat|umask=0077\n" },
	{ "a tag in quotes", "LABEL=\"a\\040b\" /home ext4 defaults\n",
	  "LABEL=a b|/home|ext4|defaults\n" },
	{ "escapes", "/dev/a\\011b /media\\040x ext4 rw\n", "/dev/a\tb|/media x|ext4|rw\n" },
	{ "swap", "PARTLABEL=swap none swap sw,pri=1 0 0\n/swapfile swap swap\n",
	  "PARTLABEL=swap|none|swap|sw,pri=1|swap\n/swapfile|swap|swap||swap\n" },
	{ "a bind mount", "/a /b none bind,x-systemd.requires=/a 0 0\n",
	  "/a|/b|none|bind,x-systemd.requires=/a\n" },
	{ "several members", "/dev/sda1:/dev/sdb1 /srv bcachefs defaults 0 0\n",
	  "/dev/sda1:/dev/sdb1|/srv|bcachefs|defaults\n" },
	{ "a line that is none, between two", "/dev/sda1 / ext4\nUUID\n/dev/sdb /b ext4\n",
	  "/dev/sda1|/|ext4|\n/dev/sdb|/b|ext4|\n" },
};

static void put_entry(const struct fstab_entry *entry, void *context)
{
	fprintf(context, "%s|%s|%s|%s%s\n", entry->spec, entry->point, entry->type, entry->options,
		entry->is_swap ? "|swap" : "");
}

static void test_entries(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *entries = NULL;
	size_t size;
	FILE *stream = open_memstream(&entries, &size);

	assert_int_equal(fstab_each_entry(row->text, put_entry, stream), 0);
	fclose(stream);
	assert_string_equal(entries, row->entries);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "fstab", test_entries, rows);
	return suite_run(&suite, "fstab");
}
