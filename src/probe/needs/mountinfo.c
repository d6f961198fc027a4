/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/mountinfo.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "util/cleanup.h"
#include "util/memory.h"

/* libmount guesses by the first line what kind of table it reads, so that one is ours. */
#define FIRST_LINE "1 1 0:0 / / rw - none none rw\n"

static char *copy_of(const char *text)
{
	return memory_dup(text ? text : "");
}

static void add(struct mounts *mounts, struct libmnt_fs *fs)
{
	dev_t device = mnt_fs_get_devno(fs);

	mounts->items = memory_grow(mounts->items, mounts->count, sizeof(mounts->items[0]));
	mounts->items[mounts->count++] = (struct mount){
		.device = memory_printf("%u:%u", major(device), minor(device)),
		.point = copy_of(mnt_fs_get_target(fs)),
		.type = copy_of(mnt_fs_get_fstype(fs)),
		.source = copy_of(mnt_fs_get_source(fs)),
		.options = copy_of(mnt_fs_get_fs_options(fs)),
	};
}

/*
 * What the kernel calls /dev/root libmount looks up, on the machine that this runs on and not below
 * our root. The device number says what it is, so another name does no harm.
 */
static char *prepare(const char *text)
{
	static const char name[] = " /dev/root ";
	char *copy = memory_printf(FIRST_LINE "%s", text);

	for (char *found = copy; (found = strstr(found, name)); found++)
		memcpy(found, " /dev-root ", strlen(name));
	return copy;
}

static int read_table(struct libmnt_table *table, char *text)
{
	FILE *stream = fmemopen(text, strlen(text), "r");
	int r;

	if (!stream)
		return -errno;
	r = mnt_table_parse_stream(table, stream, "mountinfo");
	fclose(stream);
	return r;
}

int mountinfo_parse(const char *text, struct mounts *mounts)
{
	_cleanup_free_ char *copy = prepare(text);
	struct libmnt_table *table;
	struct libmnt_iter *iter;
	struct libmnt_fs *fs;
	int r;

	table = mnt_new_table();
	iter = mnt_new_iter(MNT_ITER_FORWARD);
	r = table && iter ? read_table(table, copy) : -ENOMEM;
	if (r == 0)
		mnt_table_next_fs(table, iter, &fs);
	while (r == 0 && mnt_table_next_fs(table, iter, &fs) == 0)
		add(mounts, fs);
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return r;
}
