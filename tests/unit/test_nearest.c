/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "util/memory.h"
#include "util/nearest.h"

static const struct list_row {
	const char *text, *list, *hint;
} list_rows[] = {
	{ "hole", "listed, whole or refuse", "; did you mean 'whole'?" },
	{ "refues", "listed, whole or refuse", "; did you mean 'refuse'?" },
	{ "Listed", "listed, whole or refuse", "; did you mean 'listed'?" },
	{ "vfio_pci", "auto, vfio-pci or pci-stub", "; did you mean 'vfio-pci'?" },
	{ "on_failure", "on-failur, on-failure", "; did you mean 'on-failure'?" },
	{ "adress", "address", "; did you mean 'address'?" },
	{ "lsit", "list", "; did you mean 'list'?" },
	/* The first of two that are equally near. */
	{ "lost", "list, last", "; did you mean 'list'?" },
	{ "vfs", "vf", "; did you mean 'vf'?" },
	/* Too far, or too short to tell. */
	{ "everything", "listed, whole or refuse", "" },
	{ "id", "vf", "" },
	{ "x", "y", "" },
	{ "", "a", "" },
	{ "ls", "list", "" },
	/* Words of a sentence are no words to choose from. */
	{ "numbr", "a number from 1 to 65536", "" },
	{ "boot", "", "" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
};

static void test_list(void **state)
{
	const struct list_row *row = *state;
	_cleanup_free_ char *hint = nearest_hint_of_list(row->text, row->list);

	assert_string_equal(hint, row->hint);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "a word and what may have been meant", test_list, list_rows);
	return suite_run(&suite, "nearest");
}
