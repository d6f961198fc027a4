/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "report/log.h"
#include "tree.h"
#include "util/memory.h"

/* A file in place of /dev/kmsg shows what one write brought. */
static void assert_record(enum severity severity, const char *text, const char *record)
{
	struct tree tree = tree_make();
	struct log log = { &tree.root, true, { 0 } };
	_cleanup_free_ char *written = NULL;

	tree_write(&tree, "dev/kmsg", "");
	errno = ENOTTY;
	log_line(severity, text, &log);
	assert_int_equal(errno, ENOTTY);
	written = tree_read(&tree, "dev/kmsg");
	log_end(&log);
	tree_remove(&tree);
	assert_string_equal(written, record);
}

/* Facility 1, user: 8 and the level. */
static void test_levels(void **state)
{
	(void)state;
	assert_record(SEVERITY_INFO, "hello", "<14>passthru: hello\n");
	assert_record(SEVERITY_WARNING, "hello", "<12>passthru: hello\n");
	assert_record(SEVERITY_ERROR, "hello", "<11>passthru: hello\n");
}

/* The kernel refuses records over 976 bytes whole. */
static void test_long_line(void **state)
{
	struct tree tree = tree_make();
	struct log log = { &tree.root, true, { 0 } };
	char text[5000] = "";
	_cleanup_free_ char *written = NULL;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	tree_write(&tree, "dev/kmsg", "");
	log_line(SEVERITY_ERROR, text, &log);
	written = tree_read(&tree, "dev/kmsg");
	log_end(&log);
	tree_remove(&tree);
	assert_in_range(strlen(written), 800, 976);
	assert_int_equal(written[strlen(written) - 1], '\n');
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "kernel records of each severity", test_levels);
	suite_add(&suite, "a line longer than a record", test_long_line);
	return suite_run(&suite, "log");
}
