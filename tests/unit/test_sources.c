/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "session/sources.h"
#include "tree.h"
#include "util/memory.h"
#include "util/names.h"

#define MAIN   "etc/passthru.conf"
#define DROPIN "etc/passthru.conf.d/"

static int read_sources(const struct root *root, const char *main_file, const char *given,
			struct want *want)
{
	const struct sources_request request = { .main_file = main_file };
	_cleanup_free_ char *cmdline = NULL;
	int r = sources_read_cmdline(root, given, &cmdline);

	if (r == 0)
		sources_read(root, &request, cmdline, want);
	return r;
}

/* RULES as names, separated by blanks. */
static void assert_rules(const struct want *want, const char *rules)
{
	char names[200] = "";

	for (size_t i = 0; i < want->rule_count; i++)
		sprintf(names + strlen(names), "%s%s", i ? " " : "", want->rules[i].name);
	assert_string_equal(names, rules);
}

/* Digest as coreutils sees it, of the FILES below TREE. */
static char *digest_of(const struct tree *tree, const char *files)
{
	_cleanup_free_ char *command =
		memory_printf("cd %s && cat %s | sha256sum", tree->root.path, files);
	char *digest = memory_new(SHA256_TEXT_SIZE, 1);
	FILE *stream = popen(command, "r");

	assert_non_null(stream);
	assert_int_equal(fread(digest, 1, SHA256_TEXT_SIZE - 1, stream), SHA256_TEXT_SIZE - 1);
	while (getc(stream) != EOF)
		;
	assert_int_equal(pclose(stream), 0);
	return digest;
}

static void test_order_and_digest(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *expected = NULL;

	tree_write(tree, DROPIN "b.conf", "[device b]\nid = 1:2\n");
	tree_write(tree, DROPIN "10-z.conf", "[device z]\nid = 1:3\n");
	tree_write(tree, DROPIN "9-y.conf", "[device y]\nid = 1:4");
	tree_write(tree, DROPIN "a.conf.bak", "nonsense\n");
	tree_write(tree, DROPIN "README", "nonsense\n");
	tree_write(tree, DROPIN ".a.conf", "nonsense\n");
	tree_write(tree, DROPIN "conf", "nonsense\n");
	tree_write(tree, MAIN, "[device main]\nid = 1:1\n");
	tree_write(tree, "proc/cmdline", "quiet passthru.device=1:5\n");
	assert_int_equal(read_sources(&tree->root, NULL, NULL, &want), 0);
	assert_findings(&want.findings, NULL);
	assert_rules(&want, "cmdline1 main z y b");
	assert_string_equal(want.rules[2].origin, "/" DROPIN "10-z.conf:1");
	expected = digest_of(tree, MAIN " " DROPIN "10-z.conf " DROPIN "9-y.conf " DROPIN "b.conf");
	assert_string_equal(want.sha256, expected);
}

static const struct row {
	const char *name;
	const char *file, *text; /* what there is below the root */
	const char *link;        /* or that file is a link to here */
	const char *rules;
	const char *findings;
	bool has_digest;
} rows[] = {
	{ "no file at all", "etc/hostname", "x", NULL, "", NULL, false },
	{ "the main file alone", MAIN, "[device a]\nid = 1:2\n", NULL, "a", NULL, true },
	{ "an empty main file", MAIN, "", NULL, "", NULL, true },
	{ "a drop-in alone", DROPIN "a.conf", "[device a]\nid = 1:2\n", NULL, "a", NULL, true },
	{ "an error names the file", DROPIN "a.conf", "\nx\n", NULL, "",
	  "config-error: /" DROPIN "a.conf:2: expected KEY = VALUE", true },
	{ "a directory in place of the main file", MAIN "/x", "", NULL, "",
	  "config-error: /" MAIN ": cannot be read: Is a directory", false },
	{ "a directory in place of a drop-in", DROPIN "a.conf/x", "", NULL, "",
	  "config-error: /" DROPIN "a.conf: cannot be read: Is a directory", false },
	{ "a file in place of the directory", "etc/passthru.conf.d", "", NULL, "",
	  "config-error: /etc/passthru.conf.d: cannot be read: Not a directory", false },
	{ "a main file that cannot be read", MAIN, NULL, "passthru.conf", "",
	  "config-error: /" MAIN ": cannot be read: Too many levels of symbolic links", false },
	{ "a drop-in that leads nowhere", DROPIN "a.conf", NULL, "nowhere", "",
	  "config-error: /" DROPIN "a.conf: cannot be read: No such file", false },
	{ "a main file that leads nowhere", MAIN, NULL, "nowhere", "",
	  "config-error: /" MAIN ": cannot be read: No such file", false },
};

static void test_files(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(want_free) struct want want = { 0 };
	int r;

	if (row->link)
		tree_link(&tree, row->file, row->link);
	else
		tree_write(&tree, row->file, row->text);
	r = read_sources(&tree.root, NULL, "", &want);
	tree_remove(&tree);
	assert_int_equal(r, 0);
	assert_findings(&want.findings, row->findings);
	assert_rules(&want, row->rules);
	assert_int_equal(want.sha256[0] != '\0', row->has_digest);
	assert_int_equal(want.has_errors, row->findings != NULL);
}

/* An absolute link to a file that only this root has, as image-based systems make them. */
static void test_main_file_is_a_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };

	tree_write(tree, "usr/share/passthru-unit.conf", "[device a]\nid = 1:2\n");
	tree_link(tree, MAIN, "/usr/share/passthru-unit.conf");
	assert_int_equal(read_sources(&tree->root, NULL, "", &want), 0);
	assert_findings(&want.findings, NULL);
	assert_rules(&want, "a");
}

static void test_file_too_large(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *text = memory_new(1024 * 1024 + 1, 1);

	memset(text, '\n', 1024 * 1024 + 1);
	tree_write_bytes(tree, MAIN, text, 1024 * 1024 + 1);
	assert_int_equal(read_sources(&tree->root, NULL, "", &want), 0);
	assert_findings(&want.findings, "config-error: /" MAIN ":1: file over 1048576 bytes");
	assert_true(want.has_errors);
}

/* Nobody knows then whether it says passthru=off. */
static void test_no_command_line(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };

	tree_write(tree, MAIN, "[device a]\nid = 1:2\n");
	assert_int_equal(read_sources(&tree->root, NULL, NULL, &want), -ENOENT);
	assert_int_equal(want.rule_count, 0);
}

static void test_given_command_line(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };

	tree_write(tree, "proc/cmdline", "passthru.device=1:2");
	assert_int_equal(read_sources(&tree->root, NULL, "vfio-pci.ids=1:3", &want), 0);
	assert_rules(&want, "vfio-pci.ids");
}

/* A file of the caller's own is the only one, and its path is not below the root. */
static void test_given_file(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 }, missing = { 0 };
	_cleanup_free_ char *path = memory_printf("%s/own.conf", tree->root.path);
	_cleanup_free_ char *expected = NULL;

	tree_write(tree, MAIN, "[device main]\nid = 1:1\n");
	tree_write(tree, DROPIN "a.conf", "[device a]\nid = 1:1\n");
	tree_write(tree, "own.conf", "[device own]\nid = 1:2\n");
	assert_int_equal(read_sources(&tree->root, path, "", &want), 0);
	assert_rules(&want, "own");
	expected = digest_of(tree, "own.conf");
	assert_string_equal(want.sha256, expected);
	assert_int_equal(read_sources(&tree->root, "/nonexistent", "", &missing), 0);
	assert_findings(&missing.findings, "config-error: /nonexistent: cannot be read: No such");
}

/* The files are read all the same, so that `check` tells of their errors. */
static void test_off(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };

	tree_write(tree, MAIN, "nonsense\n");
	tree_write(tree, "proc/cmdline", "quiet passthru=off\n");
	assert_int_equal(read_sources(&tree->root, NULL, NULL, &want), 0);
	assert_true(want.off);
	assert_findings(&want.findings, NULL);
	assert_string_equal(want.sha256, "");
}

/* The checker looks at them all the same. */
static void test_off_but_checked(void **state)
{
	const struct tree *tree = *state;
	const struct sources_request request = { .reads_when_off = true };
	_cleanup_(want_free) struct want want = { 0 };

	tree_write(tree, MAIN, "nonsense\n");
	sources_read(&tree->root, &request, "passthru=off", &want);
	assert_true(want.off);
	assert_findings(&want.findings, "config-error: /" MAIN ":1: expected KEY = VALUE");
}

static int add_path(const char *path, void *context)
{
	names_add(context, path);
	return 0;
}

static int stop_reading(const char *path, void *context)
{
	(void)path, (void)context;
	return -EIO;
}

static void test_each_file(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(names_free) struct names names = { 0 };

	assert_int_equal(sources_each_file(&tree->root, add_path, &names), 0);
	assert_int_equal(names.count, 0);
	tree_write(tree, "etc/passthru.conf.d/b.conf", "");
	tree_write(tree, "etc/passthru.conf.d/a.conf", "");
	tree_write(tree, "etc/passthru.conf.d/a.conf~", "");
	tree_write(tree, MAIN, "");
	assert_int_equal(sources_each_file(&tree->root, add_path, &names), 0);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.items[0], MAIN);
	assert_string_equal(names.items[1], "etc/passthru.conf.d/a.conf");
	assert_string_equal(names.items[2], "etc/passthru.conf.d/b.conf");
	assert_int_equal(sources_each_file(&tree->root, stop_reading, NULL), -EIO);
}

/* Drop-ins that are to be written count as if they were there, those to be removed as if not. */
static void test_dropins(void **state)
{
	const struct tree *tree = *state;
	static const struct sources_dropin dropins[] = {
		{ "etc/passthru.conf.d/b.conf", "[device new]\nid = 1:2\n" },
		{ "etc/passthru.conf.d/c.conf", NULL },
		{ "etc/passthru.conf.d/d.conf", "[device other]\nid = 1:3\n" },
		{ "etc/passthru.conf.d/none.conf", NULL },
	};
	const struct sources_request request = { .dropins = dropins,
						 .dropin_count = ARRAY_SIZE(dropins) };
	_cleanup_(want_free) struct want want = { 0 }, alone = { 0 };

	sources_read(&tree->root, &request, "", &alone);
	assert_rules(&alone, "new other");
	tree_write(tree, MAIN, "[device main]\nid = 1:1\n");
	tree_write(tree, "etc/passthru.conf.d/a.conf", "[device a]\nid = 1:1\n");
	tree_write(tree, "etc/passthru.conf.d/c.conf", "[device c]\nid = 1:1\n");
	tree_write(tree, "etc/passthru.conf.d/d.conf", "[device d]\nid = 1:1\n");
	tree_write(tree, "etc/passthru.conf.d/e.conf", "[device e]\nid = 1:1\n");
	sources_read(&tree->root, &request, "", &want);
	assert_rules(&want, "main a new other e");
	assert_string_equal(want.rules[2].origin, "/etc/passthru.conf.d/b.conf:1");
}

#define ETC "etc/modprobe.d/"
#define USR "usr/lib/modprobe.d/"

/* Of two files with one name the first directory's counts; else the names say what comes last. */
static void test_modprobe(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 }, next = { 0 };
	struct sources_request request = { 0 };

	tree_write(tree, ETC "a.conf", "options vfio-pci disable_vga=1\n");
	tree_write(tree, USR "a.conf", "options vfio-pci ids=9:1\n");
	tree_write(tree, USR "z.conf", "\noptions vfio-pci ids=1:1,1:2\n");
	tree_write(tree, ETC "b.conf", "options vfio-pci ids=9:2\n");
	tree_write(tree, ETC "c.conf.bak", "options vfio-pci ids=9:3\n");
	tree_write(tree, ETC ".d.conf", "options pci-stub ids=9:4\n");
	tree_write(tree, "lib/modprobe.d/z.conf", "options vfio-pci ids=9:5\n");
	tree_write(tree, "usr/local/lib/modprobe.d/l.alias", "options pci-stub ids=1:3\n");
	tree_write(tree, "run/modprobe.d/zz.conf", "options pci-stub ids=1:4\n");
	tree_link(tree, ETC "null.conf", "/dev/null");
	tree_directory(tree, ETC "directory.conf");
	sources_read(&tree->root, &request, "", &want);
	assert_rules(&want, "vfio-pci.ids vfio-pci.ids pci-stub.ids");
	assert_string_equal(want.rules[0].origin, "/" USR "z.conf:2");
	assert_string_equal(want.rules[2].origin, "/run/modprobe.d/zz.conf:1");
	assert_findings(
		&want.findings,
		"option-overridden: /" ETC "b.conf:1: vfio-pci.ids=9:2 has no effect\n"
		"option-overridden: /usr/local/lib/modprobe.d/l.alias:1: pci-stub.ids=1:3 has");
	assert_string_equal(want.sha256, "");
	request.at_next_boot = true;
	sources_read(&tree->root, &request, "", &next);
	assert_string_equal(next.rules[0].origin, "/usr/local/lib/modprobe.d/l.alias:1");
	assert_string_not_equal(want.options_sha256, next.options_sha256);
}

static void add_sunk(const char *path, const char *text, void *context)
{
	(void)text;
	names_add(context, path);
}

/* What is kept for later is what was of use, and says the same. */
static void test_modprobe_kept(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(names_free) struct names sunk = { 0 };
	const struct sources_request request = { .sink = add_sunk, .sink_context = &sunk };

	tree_write(tree, ETC "a.conf", "blacklist nouveau\n");
	tree_write(tree, ETC "b.conf", "options vfio-pci ids=1:1\n");
	tree_write(tree, ETC "c.conf", "options vfio ids=1:1\n");
	sources_read(&tree->root, &request, "vfio-pci.ids=1:2", &want);
	assert_rules(&want, "vfio-pci.ids");
	assert_string_equal(want.rules[0].origin, "the kernel command line");
	assert_int_equal(sunk.count, 2);
	assert_string_equal(sunk.items[0], ETC "b.conf");
	assert_string_equal(sunk.items[1], ETC "c.conf");
}

/* What libkmod would get of it, nobody knows: it is told, and is no error of the configuration. */
static void test_modprobe_unread(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 }, off = { 0 };
	_cleanup_free_ char *large = memory_new(1024 * 1024 + 2, 1);

	tree_link(tree, ETC "a.conf", "a.conf");
	tree_write_bytes(tree, ETC "b.conf", "#\0\noptions vfio-pci ids=1:1\n", 29);
	memset(large, '#', 1024 * 1024 + 1);
	tree_write(tree, ETC "c.conf", large);
	tree_link(tree, "usr/lib/modprobe.d", "modprobe.d");
	assert_int_equal(read_sources(&tree->root, NULL, "", &want), 0);
	assert_findings(&want.findings,
			"unreadable: /usr/lib/modprobe.d: could not be read: Too many levels\n"
			"unreadable: /" ETC "a.conf: could not be read: Too many levels\n"
			"unreadable: /" ETC "b.conf: could not be read: it is no text file\n"
			"unreadable: /" ETC "c.conf: could not be read: File too large");
	assert_false(want.has_errors);
	assert_int_equal(read_sources(&tree->root, NULL, "passthru=off", &off), 0);
	assert_findings(&off.findings, NULL);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "files in their order, and their digest", test_order_and_digest);
	suite_add_rows(&suite, "files", test_files, rows);
	suite_add_in_tree(&suite, "the main file is a link", test_main_file_is_a_link);
	suite_add_in_tree(&suite, "a file over 1 MiB", test_file_too_large);
	suite_add_in_tree(&suite, "no command line", test_no_command_line);
	suite_add_in_tree(&suite, "a command line that is given", test_given_command_line);
	suite_add_in_tree(&suite, "a file that is given", test_given_file);
	suite_add_in_tree(&suite, "passthru=off", test_off);
	suite_add_in_tree(&suite, "passthru=off, checked", test_off_but_checked);
	suite_add_in_tree(&suite, "each file, for those who copy them", test_each_file);
	suite_add_in_tree(&suite, "drop-ins to be written and removed", test_dropins);
	suite_add_in_tree(&suite, "modprobe.d", test_modprobe);
	suite_add_in_tree(&suite, "modprobe.d, kept", test_modprobe_kept);
	suite_add_in_tree(&suite, "modprobe.d, unreadable", test_modprobe_unread);
	return suite_run(&suite, "sources");
}
