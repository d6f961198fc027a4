/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/pe.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum {
	DOS_SIZE = 64,
	DOS_HEADER = 60, /* where the offset of the header is */
	SIGNATURE = 4,   /* "PE\0\0" */
	HEADER_SIZE = 20,
	HEADER_COUNT = 2, /* of sections */
	HEADER_OPTIONAL = 16,
	SECTION_SIZE = 40,
	SECTION_VIRTUAL_SIZE = 8,
	SECTION_RAW_SIZE = 16,
	SECTION_RAW_OFFSET = 20,
	SECTIONS_MAX = 96,
};

static uint32_t number_at(const char *bytes, size_t size)
{
	uint32_t number = 0;

	for (size_t i = size; i > 0; i--)
		number = number << 8 | (unsigned char)bytes[i - 1];
	return number;
}

static bool has(const struct part *file, size_t offset, size_t size)
{
	return offset <= file->size && file->size - offset >= size;
}

bool pe_is(const struct part *file)
{
	return file->size >= 2 && memcmp(file->bytes, "MZ", 2) == 0;
}

int pe_read(const struct part *file, struct pe *ret)
{
	size_t offset;
	const char *header;

	if (!pe_is(file) || !has(file, 0, DOS_SIZE))
		return -EBADMSG;
	offset = number_at(file->bytes + DOS_HEADER, 4);
	if (!has(file, offset, SIGNATURE + HEADER_SIZE) ||
	    memcmp(file->bytes + offset, "PE\0\0", SIGNATURE) != 0)
		return -EBADMSG;
	header = file->bytes + offset + SIGNATURE;
	offset += SIGNATURE + HEADER_SIZE + number_at(header + HEADER_OPTIONAL, 2);
	*ret = (struct pe){ .file = *file, .count = number_at(header + HEADER_COUNT, 2) };
	if (ret->count > SECTIONS_MAX || !has(file, offset, ret->count * SECTION_SIZE))
		return -EBADMSG;
	ret->sections = file->bytes + offset;
	return 0;
}

/* What is loaded: the raw size is rounded up, and zeros need not be in the file. */
int pe_section(const struct pe *pe, size_t number, char name[PE_NAME_SIZE + 1], struct part *ret)
{
	const char *section = pe->sections + number * SECTION_SIZE;
	size_t offset, size, virtual_size;

	if (number >= pe->count)
		return -ENOENT;
	memcpy(name, section, PE_NAME_SIZE);
	name[PE_NAME_SIZE] = '\0';
	offset = number_at(section + SECTION_RAW_OFFSET, 4);
	size = number_at(section + SECTION_RAW_SIZE, 4);
	virtual_size = number_at(section + SECTION_VIRTUAL_SIZE, 4);
	if (virtual_size < size)
		size = virtual_size;
	if (!has(&pe->file, offset, size))
		return -EBADMSG;
	*ret = (struct part){ pe->file.bytes + offset, size };
	return 0;
}
