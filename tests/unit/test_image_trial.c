/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mark of a trial, and the kept configuration, on their way into an image that takes no more.
 */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/image/trial.h"
#include "cli/kept.h"
#include "system/efi_variable.h"
#include "tree.h"
#include "trial/mark.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/text.h"

#define RULE   "[device nic]\naddress = 0000:00:02.0\n"
#define PROVEN TRIAL_PROVEN_DIRECTORY "/etc/passthru.conf"

/* The tree is the system that the host runs. */
static bool has_place;

const char *__wrap_trial_find_place(const struct root *root, enum trial_store_kind *ret,
				    bool *ret_is_here);

const char *__wrap_trial_find_place(const struct root *root, enum trial_store_kind *ret,
				    bool *ret_is_here)
{
	(void)root;
	*ret = TRIAL_STORE_EFI;
	*ret_is_here = true;
	return has_place ? NULL : "no place";
}

/* Answers ERROR to the file PATH, and takes the others. */
struct image {
	const char *path;
	int error;
	struct names files;
};

static int put(const char *path, const char *bytes, size_t size, void *context)
{
	struct image *image = context;

	(void)bytes, (void)size;
	if (streq(path, image->path))
		return image->error;
	names_add(&image->files, path);
	return 0;
}

static const struct row {
	const char *name;
	const char *trial;
	bool has_place; /* for the state of a trial */
	bool is_made_anyway;
	const char *path; /* what cannot be put, and why; or "" */
	int error;
	int result;
	bool has_mark, has_proven;
} rows[] = {
	{ "boot", "boot", true, true, "", 0, 0, true, true },
	{ "boot, no mark", "boot", true, true, TRIAL_MARK, -ENOSPC, -ENOSPC, false, false },
	{ "boot, no place", "boot", false, true, "", 0, 0, false, false },
	{ "confirm", "confirm", true, true, "", 0, 0, true, true },
	{ "confirm, no mark", "confirm", true, true, TRIAL_MARK, -EIO, -EIO, false, false },
	{ "confirm, not what was proven", "confirm", true, true, PROVEN, -EIO, -EIO, true, false },
	{ "confirm, no place", "confirm", false, false, "", 0, -EROFS, true, true },
	{ "confirm, no place, made anyway", "confirm", false, true, "", 0, 0, true, true },
	{ "confirm, no place, no mark", "confirm", false, true, TRIAL_MARK, -ENOSPC, -ENOSPC, false,
	  false },
	{ "confirm, no place, no mark: read-only", "confirm", false, true, TRIAL_MARK, -EROFS,
	  -EROFS, false, false },
	{ "confirm, no place, not what was proven", "confirm", false, true, PROVEN, -ENOSPC,
	  -ENOSPC, true, false },
};

static void write_configuration(const struct tree *tree, const char *trial, const char *rules)
{
	_cleanup_free_ char *text = memory_printf("[passthru]\ntrial = %s\n%s", trial, rules);

	tree_write(tree, "etc/passthru.conf", text);
}

static void enable_units(const struct tree *tree)
{
	static const char *const units[] = { "multi-user.target.wants/passthru-verify.service",
					     "multi-user.target.wants/passthru-prove.service",
					     "sysinit.target.wants/passthru-confirm.service" };

	tree_directory(tree, "run/systemd/system");
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		_cleanup_free_ char *path = memory_printf("etc/systemd/system/%s", units[i]);

		tree_write(tree, path, "");
	}
}

static void read_session(const struct tree *tree, struct session *session)
{
	const struct session_input input = { .root = &tree->root, .cmdline = "" };

	assert_int_equal(session_read_next_boot(session, &input, NULL), 0);
	assert_false(session->want.has_errors);
}

/* Another configuration than that of the image to come. */
static void keep_proven(const struct tree *tree, const char *trial)
{
	struct session session = { 0 };

	write_configuration(tree, trial, "# proven\n" RULE);
	read_session(tree, &session);
	assert_int_equal(kept_write(&tree->root, &kept_proven, &tree->root, contents_each_file,
				    &session.want),
			 0);
	session_free(&session);
}

/* What is said of a file names its place in the image; it is said once. */
static void assert_said(const struct row *row, const char *said)
{
	_cleanup_free_ char *expected = memory_printf("could not write the image's /%s: %s\n",
						      row->path, strerror(-row->error));
	const char *found = strstr(said, "could not write");

	if (!*row->path)
		assert_null(found);
	else if (!found || strncmp(found, expected, strlen(expected)) != 0 ||
		 strstr(found + 1, "could not write"))
		fail_showing(expected, said);
}

/* fill_trial(), and what it says on standard error. */
static int fill_and_hear(const struct session *session, const struct image_target *target,
			 bool is_made_anyway, struct buffer *said)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO), r;
	char line[512];

	assert_non_null(file);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	r = fill_trial(session, NULL, target, is_made_anyway);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	while (fgets(line, sizeof(line), file))
		buffer_add(said, line);
	fclose(file);
	return r;
}

static void test_put(void **state)
{
	const struct row *row = *state;
	struct image image = { row->path, row->error, { 0 } };
	_cleanup_(buffer_free) struct buffer said = { 0 };
	const struct image_target target = { .put = put, .context = &image };
	struct tree tree = tree_make();
	struct session session = { 0 };
	int r;

	has_place = row->has_place;
	tree_directory(&tree, EFI_VARIABLES);
	enable_units(&tree);
	keep_proven(&tree, row->trial);
	write_configuration(&tree, row->trial, RULE);
	read_session(&tree, &session);
	r = fill_and_hear(&session, &target, row->is_made_anyway, &said);
	assert_said(row, said.length ? said.text : "");
	assert_int_equal(r, row->result);
	assert_int_equal(names_has(&image.files, TRIAL_MARK), row->has_mark);
	assert_int_equal(names_has(&image.files, PROVEN), row->has_proven);
	names_free(&image.files);
	session_free(&session);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "put", test_put, rows);
	return suite_run(&suite, "image_trial");
}
