/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helpers.h"
#include "util/address.h"
#include "util/memory.h"

/* Where a host's text is being laid out. */
struct layout {
	const struct tree *tree;
	char *directory; /* that of the last @ */
	char *file;      /* the last one that has lines of its own */
};

/* What sysfs has of itself: from its own bus, a link to every device. A test may add to one. */
static void add_bus_link(const struct layout *layout)
{
	const char *name = strrchr(layout->directory, '/') + 1;
	_cleanup_free_ char *link = memory_printf("sys/bus/pci/devices/%s", name);
	_cleanup_free_ char *target =
		memory_printf("../../../%s", layout->directory + strlen("sys/"));
	struct pci_address address;

	if (strncmp(layout->directory, "sys/devices/pci", strlen("sys/devices/pci")) == 0 &&
	    address_parse(name, &address) == 0 &&
	    faccessat(layout->tree->root.fd, link, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		tree_link(layout->tree, link, target);
}

static void enter(struct layout *layout, const char *directory)
{
	free(layout->directory);
	layout->directory = memory_copy(directory, strlen(directory));
	tree_directory(layout->tree, directory);
	if (strchr(directory, '/'))
		add_bus_link(layout);
}

/* A link as sysfs has it: relative, and leading somewhere. A group knows its members. */
static void add_link(const struct layout *layout, const char *name, const char *target)
{
	const char *device = strrchr(layout->directory, '/') + 1;
	_cleanup_free_ char *link = memory_printf("%s/%s", layout->directory, name);
	_cleanup_free_ char *up = memory_copy("", 0);
	_cleanup_free_ char *relative = NULL;

	for (const char *c = layout->directory; (c = strchr(c, '/')); c++) {
		_cleanup_free_ char *before = up;

		up = memory_printf("../%s", before);
	}
	relative = memory_printf("%s%s", up, target + strlen("sys/"));
	/* Not out of sysfs, nor out of /dev: as systemd has them. */
	if (strncmp(layout->directory, target, strlen("sys/")) != 0) {
		free(relative);
		relative = memory_printf("/%s", target);
	}
	tree_link(layout->tree, link, relative);
	tree_directory(layout->tree, target);
	if (strcmp(name, "iommu_group") == 0) {
		_cleanup_free_ char *member = memory_printf("%s/devices/%s", target, device);

		tree_write(layout->tree, member, "");
	}
}

static void add_file(struct layout *layout, const char *name, const char *text)
{
	free(layout->file);
	layout->file = memory_printf("%s/%s", layout->directory, name);
	tree_write(layout->tree, layout->file, text);
}

/* "000040 10 00 42 01" */
static void add_bytes(const struct layout *layout, const char *text)
{
	char *end;
	long offset = strtol(text, &end, 16);

	for (; *end; offset++) {
		uint8_t byte = (uint8_t)strtol(end, &end, 16);

		tree_write_at(layout->tree, layout->file, offset, &byte, 1);
	}
}

static void add_line(struct layout *layout, char *line)
{
	char *arrow = strstr(line, " -> "), *equals = strstr(line, " = ");

	if (!*line || *line == '#')
		return;
	if (strncmp(line, "@ ", 2) == 0) {
		enter(layout, line + 2);
	} else if (strncmp(line, "| ", 2) == 0) {
		_cleanup_free_ char *text = memory_printf("%s\n", line + 2);

		tree_write_at(layout->tree, layout->file, -1, text, strlen(text));
	} else if (strncmp(line, ": ", 2) == 0) {
		add_bytes(layout, line + 2);
	} else if (equals) {
		_cleanup_free_ char *text = memory_printf("%s\n", equals + 3);

		*equals = '\0';
		add_file(layout, line, text);
	} else if (arrow) {
		*arrow = '\0';
		add_link(layout, line, arrow + 4);
	} else {
		add_file(layout, line, "");
	}
}

void host_lay_out(const struct tree *tree, const char *host)
{
	_cleanup_free_ char *copy = memory_copy(host, strlen(host));
	struct layout layout = { .tree = tree };
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));)
		add_line(&layout, line);
	free(layout.directory);
	free(layout.file);
}
