/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the record of an image is worth on the host that boots it. */
#include "helpers.h"

#include <string.h>

#include "session/needs_record.h"
#include "tree.h"

#define HEAD "passthru-needs 1\nhost QEMU Standard PC\n"
#define DISK "storage pci0000:00/03.0 1b36:0010:1af4:1100 010802 / on /dev/nvme0n1p1\n"

static const struct row {
	const char *name;
	const char *record; /* NULL: none */
	const char *vendor; /* of the host, NULL: it cannot be read */
	enum needs_state state;
	size_t count;
	const char *findings;
} rows[] = {
	{ "of this host", HEAD DISK, "QEMU Standard PC", NEEDS_KNOWN, 1, NULL },
	{ "none", NULL, "QEMU Standard PC", NEEDS_UNRECORDED, 0,
	  "needs-unrecorded: the image has no needs file" },
	{ "of another host", HEAD DISK, "Other", NEEDS_UNRECORDED, 0,
	  "needs-of-other-host: the needs file in the image is for 'QEMU Standard PC', this is 'Other'" },
	{ "of a host that does not say which", HEAD DISK, "", NEEDS_UNRECORDED, 0,
	  "needs-of-other-host: the needs file in the image is for 'QEMU Standard PC', this is '" },
	{ "damaged", HEAD DISK "storage", "QEMU Standard PC", NEEDS_DAMAGED, 0,
	  "needs-damaged: /usr/lib/passthru/needs: not as `passthru needs` writes it" },
	{ "of which host is unknown", HEAD DISK, NULL, NEEDS_DAMAGED, 1,
	  "needs-damaged: could not read /sys/class/dmi/id/sys_vendor: Is a directory; the needs "
	  "file in the image may be for another host" },
};

static void note_text(const char *name, const char *text, void *context)
{
	assert_string_equal(name, NEEDS_RECORD);
	*(size_t *)context = strlen(text);
}

static void test_image(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(facts_free) struct facts facts = { 0 };
	size_t kept = 0;

	if (row->record)
		tree_write(&tree, NEEDS_RECORD, row->record);
	if (row->vendor)
		tree_write(&tree, "sys/class/dmi/id/sys_vendor", row->vendor);
	else
		tree_directory(&tree, "sys/class/dmi/id/sys_vendor");
	needs_record_read(&tree.root, &tree.root, &facts, note_text, &kept);
	tree_remove(&tree);
	assert_findings(&facts.findings, row->findings);
	assert_int_equal(facts.needs_state, row->state);
	assert_int_equal(facts.needs.count, row->count);
	assert_int_equal(kept, row->record ? strlen(row->record) : 0);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "record of the image", test_image, rows);
	return suite_run(&suite, "needs_record");
}
