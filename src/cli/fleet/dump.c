/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fleet/dump.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "util/address.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define SYSFS         "sys/"
#define BYTES_IN_LINE 16

struct dump {
	struct memory_tree *tree;
	char *directory; /* that of the last '@' */
	char *file;      /* the last one, whose lines may follow */
	const char *why; /* a line is refused; or NULL: the tree does */
};

static int refuse(struct dump *dump, const char *why)
{
	dump->why = why;
	return -EINVAL;
}

static int refuse_without_file(struct dump *dump)
{
	return refuse(dump, "no file (NAME) is before it in this directory");
}

static int refuse_bytes(struct dump *dump)
{
	return refuse(dump, "expected an offset and up to 16 bytes in hexadecimal, such as "
			    "': 000000 86 80'");
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* sysfs has a link to every device in one directory. */
static int add_bus_link(const struct dump *dump)
{
	const char *name = last_name(dump->directory);
	_cleanup_free_ char *link = NULL, *target = NULL;
	struct pci_address address;

	if (!begins(dump->directory, SYSFS "devices/pci") || address_parse(name, &address) < 0)
		return 0;
	link = memory_printf(SYSFS "bus/pci/devices/%s", name);
	target = memory_printf("../../../%s", dump->directory + strlen(SYSFS));
	return memory_tree_add_link(dump->tree, link, target);
}

static int enter(struct dump *dump, const char *directory)
{
	int r = strlen(directory) < PATH_MAX ? memory_tree_add_directory(dump->tree, directory)
					     : -ENAMETOOLONG;

	free(dump->directory);
	free(dump->file);
	dump->file = NULL;
	dump->directory = memory_dup(directory);
	return r < 0 ? r : add_bus_link(dump);
}

static int add_file(struct dump *dump, const char *name, const char *text)
{
	free(dump->file);
	dump->file = memory_printf("%s/%s", dump->directory, name);
	return memory_tree_add_file(dump->tree, dump->file, text, strlen(text));
}

/* As sysfs has them, relative; out of it, or of /dev, as from /. */
static char *target_of(const struct dump *dump, const char *target)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };

	if (!begins(target, SYSFS) || !begins(dump->directory, SYSFS))
		return memory_printf("/%s", target);
	for (const char *c = dump->directory; (c = strchr(c, '/')); c++)
		buffer_add(&text, "../");
	buffer_add(&text, target + strlen(SYSFS));
	return memory_dup(text.text);
}

/* What it leads to is there; and an IOMMU group knows its members. */
static int add_link(struct dump *dump, const char *name, const char *target)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", dump->directory, name);
	_cleanup_free_ char *text = strlen(target) < PATH_MAX ? target_of(dump, target) : NULL;
	_cleanup_free_ char *member = NULL;
	int r = text ? memory_tree_add_link(dump->tree, path, text) : -ENAMETOOLONG;

	/* Unless it leads to itself, or to a file. */
	if (r < 0 || memory_tree_add_directory(dump->tree, target) < 0 ||
	    !streq(name, "iommu_group"))
		return r;
	member = memory_printf("%s/devices/%s", target, last_name(dump->directory));
	return memory_tree_add_file(dump->tree, member, "", 0);
}

/* "OFFSET BYTE BYTE...", all in hexadecimal */
static int add_bytes(struct dump *dump, char *text)
{
	const char *word = strsep(&text, " ");
	uint8_t bytes[BYTES_IN_LINE];
	uint32_t offset, byte;
	size_t count = 0;

	if (!dump->file)
		return refuse_without_file(dump);
	if (parse_hex(word, strlen(word), &offset) < 0)
		return refuse_bytes(dump);
	while ((word = strsep(&text, " "))) {
		if (count == sizeof(bytes) || strlen(word) != 2 || parse_hex(word, 2, &byte) < 0)
			return refuse_bytes(dump);
		bytes[count++] = (uint8_t)byte;
	}
	return memory_tree_write(dump->tree, dump->file, offset, bytes, count);
}

static int add_text(struct dump *dump, const char *line)
{
	int r;

	if (!dump->file)
		return refuse_without_file(dump);
	r = memory_tree_append(dump->tree, dump->file, line);
	return r < 0 ? r : memory_tree_append(dump->tree, dump->file, "\n");
}

/* "NAME = TEXT", "NAME -> TARGET", or NAME alone, of which the next lines are */
static int add_entry(struct dump *dump, char *line)
{
	char *arrow = strstr(line, " -> "), *equals = strstr(line, " = ");

	if (equals) {
		_cleanup_free_ char *text = memory_printf("%s\n", equals + strlen(" = "));

		*equals = '\0';
		return add_file(dump, line, text);
	}
	if (!arrow)
		return add_file(dump, line, "");
	*arrow = '\0';
	return add_link(dump, line, arrow + strlen(" -> "));
}

static int add_line(struct dump *dump, char *line)
{
	if (!*line || *line == '#')
		return 0;
	if (begins(line, "@ "))
		return enter(dump, line + 2);
	if (!dump->directory)
		return refuse(dump, "no directory ('@ PATH') is before it");
	if (begins(line, "| "))
		return add_text(dump, line + 2);
	if (begins(line, ": "))
		return add_bytes(dump, line + 2);
	return add_entry(dump, line);
}

int dump_lay_out(char *text, struct memory_tree *tree, struct dump_error *ret_error)
{
	struct dump dump = { .tree = tree };
	unsigned number = 0;
	int r = 0;

	for (char *line; r == 0 && (line = strsep(&text, "\n"));) {
		number++;
		if (begins(line, "==="))
			break;
		r = add_line(&dump, line);
	}
	free(dump.directory);
	free(dump.file);
	if (r < 0)
		*ret_error =
			(struct dump_error){ number, dump.why ? dump.why : memory_tree_error(r) };
	return r;
}
