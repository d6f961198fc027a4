/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ups in an index that depmod made of modules which are empty but for their aliases, as the
 * kernel's scripts/mod/file2alias.c writes them. Nothing is ever loaded.
 */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "session/module_record.h"
#include "system/file.h"
#include "system/kmod.h"
#include "system/replay.h"
#include "tree.h"
#include "util/memory.h"
#include "util/names.h"

#define LOAD_TIMEOUT_MS 20000

/* A symbol that the module exports, as depmod and libkmod find it. */
#define PROVIDES                                                                \
	"int vfio_core; __attribute__((used, section(\"__ksymtab_strings\"))) " \
	"static const char symbols[] = \"vfio_core\";"

static const struct {
	const char *module;
	const char *alias;
	const char *code; /* NULL: none */
} modules[] = {
	{ "vfio", "", PROVIDES },
	{ "vfio-pci", "vfio_pci:v*d*sv*sd*bc*sc*i*",
	  "extern int vfio_core; int *core = &vfio_core;" },
	{ "mlx5-vfio-pci", "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", NULL },
	{ "xe-vfio-pci", "vfio_pci:v00008086d0000E20Bsv*sd*bc*sc*i*", NULL },
	{ "mlx5_core", "pci:v000015B3d0000101Esv*sd*bc*sc*i*", NULL },
	{ "e1000e", "pci:v00008086d000010D3sv*sd*bc*sc*i*", NULL },
};

static void compile_module(const char *directory, size_t index)
{
	_cleanup_free_ char *command = memory_printf(
		"printf '%%s' 'static const char a[] __attribute__((used, section(\".modinfo\"))) = "
		"\"alias=%s\"; %s' | ${CC:-cc} -x c -c -o %s/%s.ko -",
		modules[index].alias, modules[index].code ? modules[index].code : "", directory,
		modules[index].module);

	assert_int_equal(system(command), 0);
}

#define RUN_DEPMOD "PATH=$PATH:/usr/sbin:/sbin depmod"

/* A tree with the modules above and their index. */
static void make_index(const struct tree *tree)
{
	struct utsname kernel;
	_cleanup_free_ char *directory = NULL, *command = NULL;

	assert_int_equal(uname(&kernel), 0);
	directory = memory_printf("lib/modules/%s", kernel.release);
	tree_directory(tree, directory);
	free(directory);
	directory = memory_printf("%s/lib/modules/%s", tree->root.path, kernel.release);
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		compile_module(directory, i);
	command =
		memory_printf(RUN_DEPMOD " -b %s %s 2>/dev/null", tree->root.path, kernel.release);
	assert_int_equal(system(command), 0);
}

static const struct {
	const char *modalias;
	const char *variant; /* NULL: none */
} variants[] = {
	{ "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00", "mlx5_vfio_pci" },
	{ "pci:v00008086d0000E20Bsv00008086sd00001100bc03sc00i00", "xe_vfio_pci" },
	{ "pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00", NULL }, /* vfio-pci alone */
	{ "pci:v00001234d00001111sv00000000sd00000000bc03sc00i00", NULL },
	{ "usb:v15B3p101E", NULL },
	{ "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", NULL },
	{ "pci:", NULL },
	{ "", NULL },
};

static void test_variants(void **state)
{
	const struct tree *tree = *state;
	struct module_index *index;

	make_index(tree);
	index = kmod_open(&tree->root, "", NULL);
	assert_non_null(index);
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		_cleanup_free_ char *found = module_find_variant(index, variants[i].modalias);
		const char *wanted = variants[i].variant;

		if (!found != !wanted || (found && strcmp(found, wanted) != 0))
			fail_msg("%s gives %s, not %s", variants[i].modalias,
				 found ? found : "none", wanted ? wanted : "none");
	}
	module_index_close(index);
}

static void test_missing_module(void **state)
{
	const struct tree *tree = *state;
	struct module_index *index;

	make_index(tree);
	index = kmod_open(&tree->root, "", NULL);
	assert_int_equal(module_load(index, "pci-stub", NULL, LOAD_TIMEOUT_MS), -ENOENT);
	module_index_close(index);
}

/* In the order of loading: what one depends on comes before it. */
static void test_list(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *text = NULL;
	struct module_index *index;
	struct utsname kernel;

	make_index(tree);
	tree_write(tree, "etc/modprobe.d/a.conf", "options vfio_pci ids=1234:5678 disable_vga=1\n");
	assert_int_equal(uname(&kernel), 0);
	index = kmod_open_release(&tree->root, kernel.release);
	assert_int_equal(kmod_list_add(index, "mlx5_vfio_pci", "", &list), 0);
	assert_int_equal(kmod_list_add(index, "vfio-pci", "vfio-pci.disable_vga=1", &list), 0);
	assert_int_equal(kmod_list_add(index, "no-such-module", "", &list), -ENOENT);
	text = module_list_format(&list);
	assert_string_equal(text, "# passthru module list 1\n"
				  "module mlx5_vfio_pci\n"
				  "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*\n"
				  "file mlx5-vfio-pci.ko\n"
				  "module vfio-pci\n"
				  "alias vfio_pci:v*d*sv*sd*bc*sc*i*\n"
				  "file vfio.ko\n"
				  "file vfio-pci.ko ids=1234:5678\n");
	module_index_close(index);
}

static const struct record_row {
	const char *name, *path, *text; /* the list in the image; NULL: a directory at PATH */
	int error;
	const char *why; /* NULL for nothing to say */
} record_rows[] = {
#define RECORDS "usr/lib/passthru/modules/"
#define RECORD  RECORDS "6.1.list"
#define HEAD    "# passthru module list 1\n"
	{ "good", RECORD, HEAD "module vfio-pci\n", 0, NULL },
	{ "none at all", "usr/lib/passthru/needs", "", -ENOENT, NULL },
	{ "modules without a list", RECORDS "6.1/a.ko", "", -ENOENT, NULL },
	{ "of another kernel", RECORDS "6.10.list", HEAD, -ENOENT,
	  "could not find /" RECORD ": there is 6.10.list, of another kernel" },
	{ "of another version", RECORD, "# passthru module list 2\n", -EBADMSG,
	  "could not use /" RECORD ": line 1 is malformed" },
	{ "a malformed line", RECORD, HEAD "module vfio-pci\nfile /a.ko\nfile b.ko\n", -EBADMSG,
	  "could not use /" RECORD ": line 3 is malformed" },
	{ "not a file", RECORD, NULL, -EISDIR, "could not read /" RECORD ": Is a directory" },
	{ "unreadable", "usr/lib/passthru/modules", "", -ENOTDIR,
	  "could not read /" RECORD ": Not a directory" },
};

/* Why the list of an image is not used. */
static void test_record(void **state)
{
	const struct record_row *row = *state;
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *why = NULL;
	struct tree tree = tree_make();
	int r;

	if (row->text)
		tree_write(&tree, row->path, row->text);
	else
		tree_directory(&tree, row->path);
	r = module_record_read(&tree.root, "6.1", NULL, NULL, &list, &why);
	tree_remove(&tree);
	assert_int_equal(r, row->error);
	if (row->why)
		assert_string_equal(why, row->why);
	else
		assert_null(why);
}

/* The agent comes to the same by the lists of depmod. */
static void test_derived(void **state)
{
	const struct tree *tree = *state;
	struct module_list list = { 0 };
	_cleanup_free_ char *text = NULL;
	struct module_index *index;
	struct utsname kernel;

	make_index(tree);
	assert_int_equal(uname(&kernel), 0);
	module_record_derive(&tree->root, kernel.release, &list);
	text = module_list_format(&list);
	assert_non_null(strstr(text, "module vfio-pci\n"
				     "alias vfio_pci:v*d*sv*sd*bc*sc*i*\n"
				     "file vfio.ko\n"
				     "file vfio-pci.ko\n"));
	assert_non_null(strstr(text, "file xe-vfio-pci.ko\n"));
	index = replay_new(&tree->root, kernel.release, &list, "vfio.a=1 vfio-pci.ids=");
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		_cleanup_free_ char *found = module_find_variant(index, variants[i].modalias);
		const char *wanted = variants[i].variant;

		if (!found != !wanted || (found && strcmp(found, wanted) != 0))
			fail_msg("%s gives %s, not %s", variants[i].modalias,
				 found ? found : "none", wanted ? wanted : "none");
	}
	assert_true(module_has_switch(index, "vfio", "a"));
	assert_false(module_has_switch(index, "vfio", "b"));
	assert_int_equal(module_load(index, "no-such-module", NULL, LOAD_TIMEOUT_MS), -ENOENT);
	module_index_close(index);
}

static bool has_variant(const struct root *root)
{
	struct module_index *index = kmod_open(root, "", NULL);
	_cleanup_free_ char *found = module_find_variant(index, variants[0].modalias);

	module_index_close(index);
	return found;
}

/* libkmod gets a path, and would follow what is in it: below another root, out of that. */
static void test_links(void **state)
{
	const struct tree *tree = *state;
	struct tree outside = tree_make();
	struct utsname kernel;
	_cleanup_free_ char *index = NULL, *target = NULL;

	assert_int_equal(uname(&kernel), 0);
	make_index(&outside);
	tree_directory(tree, "usr/lib");
	tree_link(tree, "lib", "usr/lib");
	target = memory_printf("%s/lib/modules", outside.root.path);
	tree_link(tree, "usr/lib/modules", target);
	assert_false(has_variant(&tree->root));
	assert_int_equal(root_remove(&tree->root, "usr/lib/modules"), 0);
	make_index(tree);
	assert_int_equal(root_remove(&tree->root, "lib"), 0);
	tree_link(tree, "lib", "/usr/lib");
	assert_true(has_variant(&tree->root));
	index = memory_printf("usr/lib/modules/%s/modules.alias.bin", kernel.release);
	free(target);
	target = memory_printf("%s/%s", outside.root.path, index + strlen("usr/"));
	assert_int_equal(root_remove(&tree->root, index), 0);
	tree_link(tree, index, target);
	assert_false(has_variant(&tree->root));
	tree_remove(&outside);
}

/* An image may hold no module at all. */
static void test_no_modules(void **state)
{
	const struct tree *tree = *state;
	struct module_index *index = kmod_open(&tree->root, "", NULL);

	assert_null(module_find_variant(index, variants[0].modalias));
	assert_int_equal(module_load(index, "vfio-pci", NULL, LOAD_TIMEOUT_MS), -ENOENT);
	module_index_close(index);
}

static void test_no_index(void **state)
{
	(void)state;
	assert_null(module_find_variant(NULL, variants[0].modalias));
	assert_int_equal(module_load(NULL, "vfio-pci", NULL, LOAD_TIMEOUT_MS), -ENOENT);
	assert_false(module_has_switch(NULL, "vfio-pci", "disable_vga"));
	module_index_close(NULL);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "variants of vfio-pci", test_variants);
	suite_add_in_tree(&suite, "a module that is missing", test_missing_module);
	suite_add_in_tree(&suite, "lists of modules", test_list);
	suite_add_in_tree(&suite, "lists without libkmod", test_derived);
	suite_add_rows(&suite, "the list of an image", test_record, record_rows);
	suite_add_in_tree(&suite, "links lead nowhere else", test_links);
	suite_add_in_tree(&suite, "no modules at all", test_no_modules);
	suite_add(&suite, "no index", test_no_index);
	return suite_run(&suite, "module");
}
