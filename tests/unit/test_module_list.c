/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "util/memory.h"
#include "util/module_list.h"

#define HEAD "# passthru module list 1\n"
#define LIST                                                  \
	HEAD "module vfio-pci\n"                              \
	     "alias vfio_pci:v*d*\n"                          \
	     "file kernel/vfio.ko.xz\n"                       \
	     "soft kernel/irqbypass.ko a=1\n"                 \
	     "file kernel/vfio-pci.ko ids=1:2 name=\"a b\"\n" \
	     "module mlx5_vfio_pci\n"                         \
	     "alias vfio_pci:v000015B3d0000101E*\n"           \
	     "module pci-stub\n"

static const struct row {
	const char *name, *text;
	unsigned line;
} damaged[] = {
	{ "empty", "", 1 },
	{ "another version", "# passthru module list 2\nmodule a\n", 1 },
	{ "unknown word", HEAD "module a\nbuiltin b\n", 3 },
	{ "file of no module", HEAD "file a.ko\n", 2 },
	{ "alias of no module", HEAD "alias a\n", 2 },
	{ "no path", HEAD "module a\nfile \n", 3 },
	{ "absolute path", HEAD "module a\nfile /a.ko\n", 3 },
	{ "a path out of the tree", HEAD "module a\nfile ../a.ko\n", 3 },
	{ "a path out of the tree, later", HEAD "module a\nfile a/../../a.ko\n", 3 },
	{ "no module's file", HEAD "module a\nfile a.so\n", 3 },
	{ "a folder called as a module", HEAD "module a\nfile a.ko/b\n", 3 },
	{ "no name", HEAD "module a\nfile a/.ko\n", 3 },
	{ "two names", HEAD "module a b\n", 2 },
	{ "control characters", HEAD "module a\nfile a.ko b=\033[2J\n", 3 },
	{ "cut", HEAD "module a\nfi", 3 },
};

static void test_damaged(void **state)
{
	const struct row *row = *state;
	struct module_list list = { 0 };
	unsigned line;

	assert_int_equal(module_list_parse(row->text, strlen(row->text), &list, &line), -EBADMSG);
	assert_int_equal(line, row->line);
	module_list_free(&list);
}

static void test_list(void **state)
{
	struct module_list list = { 0 };
	const struct module_section *section;
	_cleanup_free_ char *text = NULL;
	unsigned line;

	(void)state;
	assert_int_equal(module_list_parse(LIST, strlen(LIST), &list, &line), 0);
	text = module_list_format(&list);
	assert_string_equal(text, LIST);
	section = module_list_find(&list, "vfio_pci");
	assert_non_null(section);
	assert_int_equal(section->file_count, 3);
	assert_true(section->files[1].is_soft);
	assert_string_equal(section->files[2].options, "ids=1:2 name=\"a b\"");
	assert_int_equal(module_list_find(&list, "pci-stub")->file_count, 0);
	assert_null(module_list_find(&list, "pciback"));
	assert_string_equal(module_list_match(&list, "vfio_pci:v1d2", "vfio")->name, "vfio-pci");
	assert_null(module_list_match(&list, "vfio_pci:v1d2", "vfio_pci"));
	assert_null(module_list_match(&list, "pci:v1d2", "vfio"));
	module_list_free(&list);
	assert_int_equal(module_list_parse(LIST "\0", sizeof(LIST), &list, &line), -EBADMSG);
	assert_int_equal(line, 10);
	module_list_free(&list);
}

static const struct name_row {
	const char *path, *name;
} names[] = {
	{ "kernel/drivers/vfio/pci/vfio-pci.ko.xz", "vfio_pci" },
	{ "a.ko", "a" },
	{ "a.so", NULL },
	{ "", NULL },
};

static void test_name(void **state)
{
	const struct name_row *row = *state;
	_cleanup_free_ char *name = module_name_of(row->path);

	if (row->name)
		assert_string_equal(name, row->name);
	else
		assert_null(name);
}

static const struct options_row {
	const char *options, *cmdline, *all;
} options[] = {
	{ "", "", "" },
	{ "", "ro vfio-pci.ids=1:2 quiet", "ids=1:2" },
	{ "a=1", "vfio_pci.ids=1:2 vfio_pci.disable_vga", "a=1 ids=1:2 disable_vga" },
	{ "a=1", "vfio.a=2 vfio_pci_core.b=1 vfio_pci. vfio_pci=1", "a=1" },
	{ "a=1", "vfio_pci.name=\"a b\" -- vfio_pci.b=1", "a=1 name=\"a b\"" },
};

static void test_options(void **state)
{
	const struct options_row *row = *state;
	_cleanup_free_ char *all =
		module_options_add(memory_dup(row->options), row->cmdline, "vfio-pci");
	_cleanup_free_ char *without = module_options_without(all, row->cmdline, "vfio_pci");

	assert_string_equal(all, row->all);
	assert_string_equal(without, row->options);
}

/* What is not at the end is not of the command line. */
static void test_options_of_others(void **state)
{
	_cleanup_free_ char *kept = module_options_without("a=1 b=2", "m.a=1", "m");
	_cleanup_free_ char *few = module_options_without("a=1", "m.a=1 m.b=1", "m");

	(void)state;
	assert_string_equal(kept, "a=1 b=2");
	assert_string_equal(few, "a=1");
	assert_true(module_options_switch("a=0 a", "a"));
	assert_true(module_options_switch("a-b=Y", "a_b"));
	assert_false(module_options_switch("a a=n", "a"));
	assert_false(module_options_switch("b", "a"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "a list", test_list);
	suite_add_rows(&suite, "damaged", test_damaged, damaged);
	suite_add_rows(&suite, "names", test_name, names);
	suite_add_rows(&suite, "options", test_options, options);
	suite_add(&suite, "options of others", test_options_of_others);
	return suite_run(&suite, "module_list");
}
