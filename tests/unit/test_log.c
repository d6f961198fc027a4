/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void log_lines(struct log *log, int first, int last)
{
	for (int i = first; i <= last; i++) {
		_cleanup_free_ char *text = memory_printf("line %d", i);

		log_line(SEVERITY_INFO, text, log);
	}
}

static void log_in_child(struct log *log)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		log_line(SEVERITY_INFO, "of the child", log);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void assert_file(const struct tree *tree, const char *path, const char *expected)
{
	_cleanup_free_ char *written = tree_read(tree, path);

	assert_string_equal(written, expected);
}

/* Eight lines, fewer than the kernel passes on, go through one open file; a child opens its own. */
static void test_openings(void **state)
{
	struct tree tree = tree_make();
	struct log log = { &tree.root, true, { 0 } };
	_cleanup_free_ char *first = NULL;

	(void)state;
	tree_write(&tree, "dev/kmsg", "");
	log_lines(&log, 1, 1);
	assert_int_equal(renameat(tree.root.fd, "dev/kmsg", tree.root.fd, "dev/first"), 0);
	tree_write(&tree, "dev/kmsg", "");
	log_in_child(&log);
	log_lines(&log, 2, 8);
	assert_file(&tree, "dev/kmsg", "<14>passthru: of the child\n");
	first = tree_read(&tree, "dev/first");
	assert_non_null(strstr(first, "line 8\n"));
	tree_write(&tree, "dev/kmsg", "");
	log_lines(&log, 9, 9);
	assert_file(&tree, "dev/kmsg", "<14>passthru: line 9\n");
	log_end(&log);
	log_end(&log);
	log_lines(&log, 10, 10);
	assert_file(&tree, "dev/kmsg", "<14>passthru: line 10\n");
	log_end(&log);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "kernel records of each severity", test_levels);
	suite_add(&suite, "a line longer than a record", test_long_line);
	suite_add(&suite, "openings of the kernel's log", test_openings);
	return suite_run(&suite, "log");
}
