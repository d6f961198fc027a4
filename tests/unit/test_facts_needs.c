/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "facts/needs.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define HEAD "passthru-needs 1\nhost QEMU Standard PC\n"
#define DISK "storage pci0000:00/03.0 1b36:0010:1af4:1100 010802 / on /dev/nvme0n1p1\n"

struct record_row {
	const char *text;
	size_t size; /* 0: all of it */
	int result;
};

static const struct record_row record_rows[] = {
	{ HEAD, 0, 0 },
	{ HEAD DISK, 0, 0 },
	{ HEAD DISK "network pci0000:00/1c.0/00.0 8086:10d3:0000:0000 020000 the root is on it\n",
	  0, 0 },
	{ "passthru-needs 1\nhost \n", 0, 0 },
	{ "", 0, -EINVAL },
	{ "passthru-needs 1\n", 0, -EINVAL },
	{ "passthru-needs 1", 0, -EINVAL },
	{ "passthru-needs 2\nhost x\n", 0, -EINVAL },
	{ "passthru-needs 1\nhost x", 0, -EINVAL },
	{ DISK, 0, -EINVAL },
	{ HEAD "\n", 0, -EINVAL },
	{ HEAD DISK "\n", 0, -EINVAL },
	{ HEAD "disk pci0000:00/03.0 1b36:0010:1af4:1100 010802 x\n", 0, -EINVAL },
	{ HEAD "storage 0000:00:03.0 1b36:0010:1af4:1100 010802 x\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010 010802 x\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010:1af4-1100 010802 x\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010:1af4:1100 0108 x\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010:1af4:1100 010802\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010:1af4:1100 01080\001 x\n", 0, -EINVAL },
	{ HEAD "storage pci0000:00/03.0 1b36:0010:1af4:1100 010802 \033[2J\n", 0, -EINVAL },
	{ HEAD "storage  pci0000:00/03.0 1b36:0010:1af4:1100 010802 x\n", 0, -EINVAL },
	{ HEAD DISK "storage", 0, -EINVAL },
	{ HEAD DISK, sizeof(HEAD DISK) - 2, -EINVAL }, /* its last newline is cut off */
	{ HEAD DISK, sizeof(HEAD DISK), -EINVAL },     /* a NUL */
};

static void test_parse(void **state)
{
	const struct record_row *row = *state;
	struct needs needs = { 0 };
	size_t size = row->size ? row->size : strlen(row->text);
	_cleanup_free_ char *again = NULL;

	assert_int_equal(needs_parse(row->text, size, &needs), row->result);
	if (row->result == 0) {
		again = needs_format(&needs);
		assert_string_equal(again, row->text);
	} else {
		assert_null(needs.items);
	}
	needs_free(&needs);
}

static void test_too_large(void **state)
{
	_cleanup_free_ char *text = memory_new(NEEDS_SIZE_MAX + 2, 1);
	struct needs needs;

	(void)state;
	memset(text, 'x', NEEDS_SIZE_MAX + 1);
	memcpy(text, HEAD, strlen(HEAD));
	assert_int_equal(needs_parse(text, NEEDS_SIZE_MAX + 1, &needs), -EINVAL);
}

static void test_reasons_are_joined(void **state)
{
	struct pci_device disk = { .path = (char *)"pci0000:00/03.0", .class = 0x010802 };
	struct pci_device nowhere = { 0 };
	struct needs needs = { 0 };

	(void)state;
	needs_add(&needs, NEED_STORAGE, &disk, "/ on %s", "/dev/\033");
	needs_add(&needs, NEED_STORAGE, &disk, "/ on %s", "/dev/\033");
	needs_add(&needs, NEED_STORAGE, &disk, "swap");
	needs_add(&needs, NEED_NETWORK, &disk, "another kind");
	needs_add(&needs, NEED_STORAGE, &nowhere, "no path");
	assert_int_equal(needs.count, 2);
	assert_string_equal(needs.items[0].why, "/ on /dev/\\x1b, swap");
	needs_free(&needs);
}

/* As of thousands of lines in fstab, all for one disk. */
static void add_many(size_t count)
{
	struct pci_device disk = { .path = (char *)"pci0000:00/03.0", .class = 0x010802 };
	_cleanup_(needs_free) struct needs needs = { 0 }, read = { 0 };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < count; i++)
		needs_add(&needs, NEED_STORAGE, &disk, "/mnt/%zu on /dev/sda1", i);
	text = needs_format(&needs);
	assert_true(strlen(text) < 700);
	assert_non_null(strstr(text, " /mnt/0 on /dev/sda1, /mnt/1 on /dev/sda1, "));
	assert_string_equal(text + strlen(text) - strlen(", and more\n"), ", and more\n");
	assert_int_equal(needs_parse(text, strlen(text), &read), 0);
}

static void test_many_reasons(void **state)
{
	(void)state;
	assert_not_quadratic(add_many, 10000);
}

/* What nobody can read again is no record, and then no disk is taken at all. */
static void test_large_record(void **state)
{
	_cleanup_free_ char *name = memory_new(100001, 1);
	_cleanup_(needs_free) struct needs needs = { 0 }, read = { 0 };
	_cleanup_free_ char *text = NULL;

	(void)state;
	memset(name, 'x', 100000);
	for (unsigned i = 0; i < 1500; i++) {
		_cleanup_free_ char *path =
			memory_printf("pci0000:%02x/%02x.%u", i / 256, i / 8 % 32, i % 8);
		struct pci_device disk = { .path = path, .class = 0x010802 };

		needs_add(&needs, NEED_STORAGE, &disk, "%s", name);
		needs_add(&needs, NEED_STORAGE, &disk, "%s", name + i);
	}
	text = needs_format(&needs);
	assert_int_equal(needs_parse(text, strlen(text), &read), 0);
	assert_int_equal(read.count, 1500);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "record", test_parse, record_rows);
	suite_add(&suite, "a record that is too large", test_too_large);
	suite_add(&suite, "reasons are joined", test_reasons_are_joined);
	suite_add(&suite, "thousands of reasons", test_many_reasons);
	suite_add(&suite, "a large record can be read", test_large_record);
	return suite_run(&suite, "facts_needs");
}
