/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/fstab.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* "LABEL=with blank" of LABEL="with\040blank" */
static char *spec_of(struct libmnt_fs *fs)
{
	const char *source = or_empty(mnt_fs_get_source(fs));
	const char *tag, *value;

	if (mnt_fs_get_tag(fs, &tag, &value) == 0)
		return memory_printf("%s=%s", tag, value);
	return memory_copy(source, strlen(source));
}

static void hand_over(struct libmnt_fs *fs,
		      void (*function)(const struct fstab_entry *entry, void *context),
		      void *context)
{
	_cleanup_free_ char *spec = spec_of(fs);
	const struct fstab_entry entry = {
		.spec = spec,
		.point = or_empty(mnt_fs_get_target(fs)),
		.type = or_empty(mnt_fs_get_fstype(fs)),
		.options = or_empty(mnt_fs_get_options(fs)),
		.is_swap = mnt_fs_is_swaparea(fs),
	};

	function(&entry, context);
}

static int read_table(struct libmnt_table *table, const char *text)
{
	FILE *stream = fmemopen((void *)text, strlen(text), "r");
	int r;

	if (!stream)
		return -errno;
	r = mnt_table_parse_stream(table, stream, "fstab");
	fclose(stream);
	return r;
}

int fstab_each_entry(const char *text,
		     void (*function)(const struct fstab_entry *entry, void *context),
		     void *context)
{
	struct libmnt_table *table;
	struct libmnt_iter *iter;
	struct libmnt_fs *fs;
	int r;

	if (!*text)
		return 0;
	table = mnt_new_table();
	iter = mnt_new_iter(MNT_ITER_FORWARD);
	r = table && iter ? read_table(table, text) : -ENOMEM;
	while (r == 0 && mnt_table_next_fs(table, iter, &fs) == 0)
		hand_over(fs, function, context);
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return r;
}
