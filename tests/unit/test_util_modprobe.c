/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "util/memory.h"
#include "util/modprobe.h"

static const struct row {
	const char *text;
	const char *lines; /* "NUMBER LINE" and a newline each */
} rows[] = {
	{ "", "" },
	{ "a\nb", "1 a\n2 b\n" },
	{ "a\n", "1 a\n" },
	{ "\n\n a b\n\t\n#x\n  # y\nc\n", "3 a b\n7 c\n" },
	{ "a \\\n b\nc", "1 a  b\n3 c\n" },
	/* A list goes on where it was. */
	{ "ids=1:2,\\\n3:4\nb", "1 ids=1:2,3:4\n3 b\n" },
	{ "a\\\n\\\nb\nc", "1 ab\n4 c\n" },
	{ "#a\\\nb\nc", "3 c\n" },
	{ "a\\b\\\\c\nd", "1 ab\\c\n2 d\n" },
	{ "a\\", "1 a\n" },
	{ "a\\\n", "1 a\n" },
};

static void on_line(char *line, unsigned number, void *context)
{
	char **text = context;
	_cleanup_free_ char *before = *text;

	*text = memory_printf("%s%u %s\n", before, number, line);
}

static void test_lines(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *text = memory_copy("", 0);

	modprobe_each_line(row->text, on_line, &text);
	if (strcmp(text, row->lines) != 0)
		fail_showing(row->lines, text);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "lines", test_lines, rows);
	return suite_run(&suite, "util_modprobe");
}
