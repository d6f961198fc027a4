/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "facts/tables.h"
#include "util/memory.h"

static void put_row(const struct table_row *row, void *context)
{
	FILE *stream = context;

	for (size_t i = 0; i < row->count; i++)
		fprintf(stream, "[%s]", row->fields[i]);
	assert_string_equal(row->count < ROW_FIELDS_MAX ? row->fields[row->count] : "", "");
	fputc('\n', stream);
}

static const struct text_row {
	const char *text;
	const char *rows;
} text_rows[] = {
	{ "", "" },
	{ "\n\n \t\n", "" },
	{ "a b\n c\t d \r\n", "[a][b]\n[c][d]\n" },
	{ "# a\n #b\na #b", "[a][#b]\n" },
	{ "a\\040b \\134 \\011", "[a b][\\][\t]\n" },
	{ "\\000 \\400 \\18 \\9 \\04 \\", "[\\000][\\400][\\18][\\9][\\04][\\]\n" },
	{ "\\0400", "[ 0]\n" },
	{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33",
	  "[1][2][3][4][5][6][7][8][9][10][11][12][13][14][15][16][17][18][19][20][21][22][23][24][25][26][27][28][29][30][31][32]\n" },
};

static void test_rows(void **state)
{
	const struct text_row *row = *state;
	_cleanup_free_ char *actual = NULL;
	size_t size;
	FILE *stream = open_memstream(&actual, &size);

	table_each_row(row->text, put_row, stream);
	fclose(stream);
	assert_string_equal(actual, row->rows);
}

static const struct option_row {
	const char *list;
	const char *name;
	const char *value;
} option_rows[] = {
	{ "rw,addr=10.0.0.1,vers=4", "addr", "10.0.0.1" },
	{ "nofail", "nofail", "" },
	{ "a,nofail,b", "nofail", "" },
	{ "a,nofail=", "nofail", "" },
	{ "clientaddr=10.0.0.2", "addr", NULL },
	{ "nofailure", "nofail", NULL },
	{ "", "nofail", NULL },
	{ ",,,", "nofail", NULL },
};

static void test_option(void **state)
{
	const struct option_row *row = *state;
	_cleanup_free_ char *value = table_option(row->list, row->name);

	if (row->value)
		assert_string_equal(value, row->value);
	else
		assert_null(value);
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
	mounts_parse(text, &mounts);
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

	suite_add_rows(&suite, "rows of", test_rows, text_rows);
	suite_add_rows(&suite, "option of", test_option, option_rows);
	suite_add(&suite, "ten thousand mounts", test_many_mounts);
	return suite_run(&suite, "tables");
}
