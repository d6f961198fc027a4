/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of programs for UEFI. Those that ukify makes are for tests/vm. */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "cli/image/uki.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define HEADERS 88 /* of DOS and PE, without optional ones */

static void add_number(struct buffer *file, size_t number, size_t size)
{
	for (; size; size--, number >>= 8) {
		const char byte = (char)number;

		buffer_add_bytes(file, &byte, 1);
	}
}

static void add_zeros(struct buffer *file, size_t size)
{
	add_number(file, 0, size);
}

/* The file with SECTIONS, a list such as ".cmdline=quiet", ended by NULL. */
static void make(struct buffer *file, const char *const sections[])
{
	size_t count = 0, offset;

	while (sections[count])
		count++;
	offset = HEADERS + 40 * count;
	buffer_add(file, "MZ");
	add_zeros(file, 58);
	add_number(file, 64, 4);
	buffer_add_bytes(file, "PE\0\0", 4);
	add_number(file, 0x8664, 2);
	add_number(file, count, 2);
	add_zeros(file, 16);
	for (size_t i = 0; i < count; i++) {
		size_t name = strcspn(sections[i], "="), size = strlen(sections[i]) - name - 1;

		buffer_add_bytes(file, sections[i], name);
		add_zeros(file, 8 - name);
		add_number(file, size, 4);
		add_zeros(file, 4);
		add_number(file, size, 4);
		add_number(file, offset, 4);
		add_zeros(file, 16);
		offset += size;
	}
	for (size_t i = 0; i < count; i++)
		buffer_add(file, strchr(sections[i], '=') + 1);
}

static const struct row {
	const char *name;
	const char *sections[8];
	const char *cmdline, *uname;
	unsigned stub;
	bool is_addon;
} rows[] = {
	{ "an image",
	  { ".sdmagic=#### LoaderInfo: systemd-stub 257.8-1 ####", ".linux=k", ".cmdline=a b \n",
	    ".uname=6.1\n" },
	  "a b",
	  "6.1",
	  257,
	  false },
	{ "an image that only .sbat dates",
	  { ".sbat=x\nsystemd-stub,1,The systemd Developers,systemd,255,https://systemd.io/\n",
	    ".linux=k" },
	  "",
	  "",
	  255,
	  false },
	{ "an addon",
	  { ".sdmagic=#### LoaderInfo: systemd-addon 257 ####", ".initrd=i", ".cmdline=c" },
	  "c",
	  "",
	  0,
	  true },
	{ "a stub", { ".sdmagic=#### LoaderInfo: systemd-stub 252.1 ####" }, "", "", 252, false },
	{ "profiles: the first one",
	  { ".linux=k", ".cmdline=all", ".profile=0", ".cmdline=first", ".profile=1",
	    ".cmdline=second", ".uname=2" },
	  "first",
	  "",
	  0,
	  false },
	{ "nothing", { NULL }, "", "", 0, false },
};

static void test_sections(void **state)
{
	const struct row *row = *state;
	_cleanup_(buffer_free) struct buffer file = { 0 };
	_cleanup_free_ char *cmdline = NULL, *uname = NULL;
	struct uki uki;

	make(&file, row->sections);
	assert_int_equal(uki_read(&(struct part){ file.text, file.length }, &uki), 0);
	cmdline = uki_text(&uki.cmdline);
	uname = uki_text(&uki.uname);
	assert_string_equal(cmdline, row->cmdline);
	assert_string_equal(uname, row->uname);
	assert_int_equal(uki.stub, row->stub);
	assert_int_equal(uki_is_addon(&uki), row->is_addon);
}

/* Cut off anywhere, it is damaged. */
static void test_cut(void **state)
{
	_cleanup_(buffer_free) struct buffer file = { 0 };
	struct uki uki;

	(void)state;
	make(&file, rows[0].sections);
	for (size_t size = 0; size < file.length; size++) {
		_cleanup_free_ char *copy = memory_copy(file.text, size);

		assert_int_equal(uki_read(&(struct part){ copy, size }, &uki), -EBADMSG);
	}
}

static const struct path_row {
	const char *path;
	unsigned stub;
	const char *result;
} path_rows[] = {
	{ "a.efi", 257, "a.efi" },
	{ "a+3.efi", 257, "a.efi" },
	{ "/EFI/Linux/a+2-1.efi", 257, "/EFI/Linux/a.efi" },
	{ "a+10-12.efi", 255, "a.efi" },
	{ "a+3.efi", 0, "a.efi" },
	{ "a+3", 257, "a" },
	{ "a+0-3.b.efi", 257, "a.b.efi" },
	/* The stub did not look at it yet. */
	{ "a+3.efi", 254, "a+3.efi" },
	/* These are no counters, to the stub either. */
	{ "a+.efi", 257, "a+.efi" },
	{ "a+b.efi", 257, "a+b.efi" },
	{ "a+3b.efi", 257, "a+3b.efi" },
	{ "a+3-.efi", 257, "a+3-.efi" },
	{ "a+3-b.efi", 257, "a+3-b.efi" },
	{ "a+-1.efi", 257, "a+-1.efi" },
	{ "a+3-1-1.efi", 257, "a+3-1-1.efi" },
	{ "a+3+2.efi", 257, "a+3+2.efi" },
	{ "6.12.38+deb13-amd64.efi", 257, "6.12.38+deb13-amd64.efi" },
	{ "6.12.38+deb13-amd64+3.efi", 257, "6.12.38+deb13-amd64+3.efi" },
	{ "/b+3.d/a.efi", 257, "/b+3.d/a.efi" },
	{ "+3.efi", 257, ".efi" },
	{ "+", 257, "+" },
	{ "", 257, "" },
};

static void test_path(void **state)
{
	const struct path_row *row = *state;
	_cleanup_free_ char *path = uki_path(row->path, row->stub);

	assert_string_equal(path, row->result);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "cut off", test_cut);
	suite_add_rows(&suite, "uki", test_sections, rows);
	suite_add_rows(&suite, "path", test_path, path_rows);
	return suite_run(&suite, "uki");
}
