/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/newc.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/sorted.h"
#include "util/text.h"

#define TRAILER "TRAILER!!!"

enum {
	ALIGNMENT = 4,
	MAGIC_SIZE = 6,
	DIGITS = 8,
	HEADER_SIZE = 110,
	NAME_SIZE_MAX = 4096, /* linux/include/uapi/linux/limits.h PATH_MAX */
};

/* The numbers of a header, in their order. */
enum field {
	INODE,
	MODE,
	OWNER,
	GROUP,
	LINKS,
	TIME,
	SIZE,
	MAJOR,
	MINOR,
	R_MAJOR,
	R_MINOR,
	NAME_SIZE,
	CHECK,
	FIELDS
};

struct header {
	uint32_t fields[FIELDS];
	const char *name;
	struct part data;
	size_t end; /* the next header */
};

static const struct format {
	const char *magic;
	size_t size;
	const char *program;
} formats[] = {
	{ "\x1f\x8b", 2, "gzip" },
	{ "\xfd"
	  "7zXZ",
	  5, "xz" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd" },
	{ "\x02\x21\x4c\x18", 4, "lz4" },
	{ "\x04\x22\x4d\x18", 4, "lz4" },
	{ "BZh", 3, "bzip2" },
	{ "\x5d\0\0", 3, "lzma" },
	{ "\x89LZO", 4, "lzop" },
};

static size_t align(size_t offset)
{
	return (offset + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static bool read_fields(const char *text, uint32_t fields[FIELDS])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < FIELDS; i++) {
		fields[i] = 0;
		for (size_t d = 0; d < DIGITS; d++, text++) {
			const char *digit =
				*text ? strchr(digits, tolower((unsigned char)*text)) : NULL;

			if (!digit)
				return false;
			fields[i] = fields[i] << 4 | (uint32_t)(digit - digits);
		}
	}
	return true;
}

static bool is_magic(const struct part *file, size_t offset)
{
	return offset <= file->size && file->size - offset >= HEADER_SIZE &&
	       (memcmp(file->bytes + offset, "070701", MAGIC_SIZE) == 0 ||
		memcmp(file->bytes + offset, "070702", MAGIC_SIZE) == 0);
}

/* The header at OFFSET, whose name and data are there. */
static bool read_header(const struct part *file, size_t offset, struct header *ret)
{
	size_t name_size, data;

	if (!is_magic(file, offset) || !read_fields(file->bytes + offset + MAGIC_SIZE, ret->fields))
		return false;
	name_size = ret->fields[NAME_SIZE];
	ret->name = file->bytes + offset + HEADER_SIZE;
	if (!name_size || name_size > NAME_SIZE_MAX ||
	    file->size - offset - HEADER_SIZE < name_size || ret->name[name_size - 1] != '\0')
		return false;
	data = align(offset + HEADER_SIZE + name_size);
	if (data > file->size || file->size - data < ret->fields[SIZE])
		return false;
	ret->data = (struct part){ file->bytes + data, ret->fields[SIZE] };
	ret->end = align(data + ret->fields[SIZE]);
	return true;
}

/* Where the plain archive at OFFSET ends, or 0: it has no trailer. */
static size_t find_end(const struct part *file, size_t offset)
{
	struct header header;

	while (read_header(file, offset, &header)) {
		offset = header.end;
		if (streq(header.name, TRAILER))
			return offset < file->size ? offset : file->size;
	}
	return 0;
}

static const char *find_program(const struct part *file, size_t offset)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct format *format = &formats[i];

		if (file->size - offset >= format->size &&
		    memcmp(file->bytes + offset, format->magic, format->size) == 0)
			return format->program;
	}
	return NULL;
}

/* Whole headers do not come up in compressed data by chance. */
static size_t find_plain(const struct part *file, size_t offset)
{
	struct header header;

	for (offset = align(offset); offset < file->size; offset += ALIGNMENT) {
		if (read_header(file, offset, &header))
			return offset;
	}
	return file->size;
}

int newc_next_archive(const struct part *file, size_t *offset, struct newc_archive *ret)
{
	size_t end = 0;

	while (*offset < file->size && !file->bytes[*offset])
		++*offset;
	if (*offset >= file->size)
		return 0;
	ret->program = find_program(file, *offset);
	if (ret->program)
		end = find_plain(file, *offset + 1);
	else if (is_magic(file, *offset) && *offset % ALIGNMENT)
		return -EILSEQ;
	else
		end = find_end(file, *offset);
	if (!end)
		return -EBADMSG;
	ret->bytes = (struct part){ file->bytes + *offset, end - *offset };
	*offset = end;
	return 1;
}

static void get_key(const struct header *header, uint32_t key[3])
{
	static const enum field fields[] = { INODE, MAJOR, MINOR };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		key[i] = header->fields[fields[i]];
}

static bool is_of_links(const struct header *header)
{
	return S_ISREG(header->fields[MODE]) && header->fields[LINKS] > 1;
}

static int compare_data(const void *a, const void *b)
{
	const struct newc_data *left = a, *right = b;
	int r = memcmp(left->key, right->key, sizeof(left->key));

	return r ? r : (left->offset > right->offset) - (left->offset < right->offset);
}

static void look_for_data(struct newc_reader *reader)
{
	struct header header;

	for (size_t offset = reader->offset; read_header(&reader->archive, offset, &header);
	     offset = header.end) {
		struct newc_data data = { .offset = offset, .bytes = header.data };

		if (!is_of_links(&header) || !header.data.size)
			continue;
		get_key(&header, data.key);
		reader->data = memory_grow(reader->data, reader->data_count, sizeof(data));
		reader->data[reader->data_count++] = data;
	}
	if (reader->data_count)
		qsort(reader->data, reader->data_count, sizeof(*reader->data), compare_data);
	reader->has_looked = true;
}

/* The data of a file with several links is with the last of them. */
static void find_data(struct newc_reader *reader, const struct header *link, struct part *ret)
{
	struct newc_data sought = { .offset = link->end };
	size_t first;

	if (!reader->has_looked)
		look_for_data(reader);
	get_key(link, sought.key);
	first = sorted_before(&sought, reader->data, reader->data_count, sizeof(sought),
			      compare_data);
	if (first < reader->data_count &&
	    memcmp(reader->data[first].key, sought.key, sizeof(sought.key)) == 0)
		*ret = reader->data[first].bytes;
}

int newc_next_entry(struct newc_reader *reader, struct newc_entry *ret)
{
	struct header header;
	const char *path;

	if (!read_header(&reader->archive, reader->offset, &header))
		return -EBADMSG;
	if (streq(header.name, TRAILER))
		return 0;
	reader->offset = header.end;
	*ret = (struct newc_entry){ .mode = header.fields[MODE], .data = header.data };
	if (is_of_links(&header) && !ret->data.size)
		find_data(reader, &header, &ret->data);
	path = header.name + (strncmp(header.name, "./", 2) == 0 ? 2 : 0);
	path += strspn(path, "/");
	ret->path = memory_dup(path);
	return 1;
}

void newc_reader_free(struct newc_reader *reader)
{
	free(reader->data);
	*reader = (struct newc_reader){ 0 };
}
