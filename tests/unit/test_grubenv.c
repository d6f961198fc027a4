/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "digest.h"
#include "tree.h"
#include "trial/grubenv.h"
#include "util/memory.h"

#define HEAD "# GRUB Environment Block\n"
#define VARIABLES(configuration, left, proven)                          \
	"passthru_configuration=" configuration "\npassthru_left=" left \
	"\npassthru_proven=" proven "\n"

/* As grub-editenv makes it: 1024 bytes, filled up with '#'. */
static void write_block(const struct tree *tree, const char *path, const char *text)
{
	char block[1024];

	memset(block, '#', sizeof(block));
	memcpy(block, text, strlen(text));
	tree_write_bytes(tree, path, block, sizeof(block));
}

static const struct good_row {
	const char *name, *text;
	const char *state; /* behind the first line */
} good_rows[] = {
	{ "nothing of ours", HEAD "saved_entry=0\n", "" },
	{ "all is empty", HEAD VARIABLES("", "0", ""), "" },
	{ "armed", HEAD VARIABLES(A, "1", ""), "armed " A "\n" },
	{ "armed for several tries", HEAD VARIABLES(A, "9", ""), "armed " A "\n" },
	{ "tried", HEAD VARIABLES(A, "0", ""), "trying " A " 1\n" },
	{ "proven", HEAD VARIABLES("", "0", A), "proven " A "\n" },
	{ "several are proven", HEAD VARIABLES(A, "1", B ":" C ":" D ":" E),
	  "armed " A "\nproven " B "\nproven " C "\nproven " D "\nproven " E "\n" },
	{ "variables of others around", HEAD "saved_entry=0\n" VARIABLES(A, "1", B) "x=1\n",
	  "armed " A "\nproven " B "\n" },
	{ "names that only end or begin alike",
	  HEAD "my_passthru_configuration=x\npassthru_proven_by=x\n", "" },
	{ "left of no configuration", HEAD "passthru_left=nonsense\n", "" },
};

static void assert_state(const struct tree *tree, const char *expected)
{
	_cleanup_free_ char *text = NULL;
	struct trial_state trial;

	assert_int_equal(grubenv_read(&tree->root, &trial), 0);
	text = trial_state_format(&trial);
	assert_string_equal(strchr(text, '\n') + 1, expected);
}

static void test_good(void **state)
{
	const struct good_row *row = *state;
	struct tree tree = tree_make();

	write_block(&tree, "boot/grub/grubenv", row->text);
	assert_state(&tree, row->state);
	tree_remove(&tree);
}

static const struct bad_row {
	const char *name, *text;
} bad_rows[] = {
	{ "a digest that is none", HEAD VARIABLES("abc", "1", "") },
	{ "a digest in capitals", HEAD VARIABLES(DIGEST("A"), "1", "") },
	{ "no left", HEAD "passthru_configuration=" A "\n" },
	{ "an empty left", HEAD VARIABLES(A, "", "") },
	{ "nonsense left", HEAD VARIABLES(A, "x", "") },
	{ "more left than can be", HEAD VARIABLES(A, "10", "") },
	{ "proven that is none", HEAD VARIABLES("", "0", A ":abc") },
	{ "too many are proven", HEAD VARIABLES("", "0", A ":" B ":" C ":" D ":" E) },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct tree tree = tree_make();
	struct trial_state trial;

	write_block(&tree, "boot/grub/grubenv", row->text);
	assert_int_equal(grubenv_read(&tree.root, &trial), -EBADMSG);
	tree_remove(&tree);
}

static void test_none(void **state)
{
	const struct tree *tree = *state;
	struct trial_state trial = { 0 };

	assert_int_equal(grubenv_read(&tree->root, &trial), -ENOENT);
	assert_int_equal(grubenv_write(&tree->root, &trial, 1), -ENOENT);
	assert_non_null(grubenv_obstacle(&tree->root));
}

static void test_fedora(void **state)
{
	const struct tree *tree = *state;

	write_block(tree, "boot/grub2/grubenv", HEAD VARIABLES(A, "1", ""));
	assert_state(tree, "armed " A "\n");
}

static void test_too_long(void **state)
{
	const struct tree *tree = *state;
	struct trial_state trial;
	char block[1025];

	memset(block, '#', sizeof(block));
	tree_write_bytes(tree, "boot/grub/grubenv", block, sizeof(block));
	assert_int_equal(grubenv_read(&tree->root, &trial), -EFBIG);
}

static void put_program(const struct tree *tree, const char *name, const char *script)
{
	_cleanup_free_ char *path = memory_printf("bin/%s", name);
	_cleanup_free_ char *full = memory_printf("%s/%s", tree->root.path, path);

	tree_write(tree, path, script);
	assert_int_equal(chmod(full, 0755), 0);
}

/* A grub-editenv that sets what it is told, in the order in which it is told. */
#define EDITENV                                                                         \
	"#!/bin/sh\nfile=$1; shift 2\nfor word; do sed -i \"/^${word%%=*}=/d\" $file\n" \
	"echo \"$word\" >>$file; done\n"
/* One that says that it did, as on a disk that is full. */
#define IDLE "#!/bin/sh\n"

static void use_programs(const struct tree *tree)
{
	_cleanup_free_ char *path = memory_printf("%s/bin:%s", tree->root.path, "/usr/bin:/bin");

	setenv("PATH", path, 1);
}

static void write_state(const struct tree *tree, const char *text, uint32_t tries, int result)
{
	_cleanup_free_ char *whole = memory_printf("passthru 1\n%s", text);
	struct trial_state trial;

	assert_int_equal(trial_state_parse(whole, strlen(whole), &trial), 0);
	assert_int_equal(grubenv_write(&tree->root, &trial, tries), result);
}

static void assert_left(const struct tree *tree, const char *left)
{
	_cleanup_free_ char *block = tree_read(tree, "boot/grub/grubenv");
	_cleanup_free_ char *line = memory_printf("passthru_left=%s\n", left);

	assert_non_null(strstr(block, line));
}

static void test_write(void **state)
{
	const struct tree *tree = *state;

	put_program(tree, "grub-editenv", EDITENV);
	use_programs(tree);
	tree_write(tree, "boot/grub/grubenv", HEAD "saved_entry=0\n");
	write_state(tree, "armed " A "\nproven " B "\n", 3, 0);
	assert_state(tree, "armed " A "\nproven " B "\n");
	assert_left(tree, "3");
	/* Another one is proven: what is armed stays so. */
	write_state(tree, "armed " A "\nproven " C "\nproven " B "\n", 0, 0);
	assert_state(tree, "armed " A "\nproven " C "\nproven " B "\n");
	assert_left(tree, "3");
	write_state(tree, "proven " A "\n", 0, 0);
	assert_state(tree, "proven " A "\n");
	assert_left(tree, "0");
}

static void test_not_written(void **state)
{
	const struct tree *tree = *state;

	put_program(tree, "grub-editenv", IDLE);
	use_programs(tree);
	tree_write(tree, "boot/grub/grubenv", HEAD);
	write_state(tree, "armed " A "\n", 1, -EIO);
	put_program(tree, "grub-editenv", "#!/bin/sh\nexit 1\n");
	write_state(tree, "armed " A "\n", 1, -EIO);
}

/* What grub-probe says of the directory, first of its abstraction, then of its file system. */
static const struct obstacle_row {
	const char *name;
	const char *config;   /* NULL: no grub.cfg */
	const char *probe[2]; /* NULL: it fails */
	const char *obstacle; /* the beginning; or NULL */
} obstacle_rows[] = {
#define CONFIG "x ${passthru_configuration} $passthru_trial\n"
	{ "ext4 on a disk", CONFIG, { "", "ext2" }, NULL },
	{ "ext4 on LVM", CONFIG, { "lvm", "ext2" }, "GRUB cannot write to LVM or RAID" },
	{ "ext4 on RAID", CONFIG, { "diskfilter mdraid1x", "ext2" }, "GRUB cannot write to LVM" },
	{ "btrfs", CONFIG, { "", "btrfs" }, "GRUB cannot write to the file system" },
	{ "zfs", CONFIG, { "", "zfs" }, "GRUB cannot write to the file system" },
	{ "no answer", CONFIG, { NULL, NULL }, "grub-probe does not say" },
	{ "an old configuration", "x\n", { "", "ext2" }, "GRUB's configuration is older" },
	{ "half of it", "$passthru_trial\n", { "", "ext2" }, "GRUB's configuration is older" },
	{ "no configuration", NULL, { "", "ext2" }, "could not read GRUB's configuration" },
};

static void put_probe(const struct tree *tree, const struct obstacle_row *row)
{
	_cleanup_free_ char *script = NULL;

	if (!row->probe[0]) {
		put_program(tree, "grub-probe", "#!/bin/sh\nexit 1\n");
		return;
	}
	script = memory_printf("#!/bin/sh\n[ $1 = --target=fs ] && echo %s || echo %s\n",
			       row->probe[1], row->probe[0]);
	put_program(tree, "grub-probe", script);
}

static void test_obstacle(void **state)
{
	const struct obstacle_row *row = *state;
	struct tree tree = tree_make();
	const char *obstacle;

	write_block(&tree, "boot/grub/grubenv", HEAD);
	if (row->config)
		tree_write(&tree, "boot/grub/grub.cfg", row->config);
	put_probe(&tree, row);
	use_programs(&tree);
	obstacle = grubenv_obstacle(&tree.root);
	tree_remove(&tree);
	if (!row->obstacle)
		assert_null(obstacle);
	else
		assert_int_equal(strncmp(obstacle, row->obstacle, strlen(row->obstacle)), 0);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add_in_tree(&suite, "no block", test_none);
	suite_add_in_tree(&suite, "as Fedora calls it", test_fedora);
	suite_add_in_tree(&suite, "longer than a block", test_too_long);
	suite_add_in_tree(&suite, "write", test_write);
	suite_add_in_tree(&suite, "what was not written", test_not_written);
	suite_add_rows(&suite, "obstacle", test_obstacle, obstacle_rows);
	return suite_run(&suite, "grubenv");
}
