/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list --dot, --svg: buses as edges, IOMMU groups as boxes around their members. */
#include "cli/list/graph.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cli/list/kind.h"
#include "cli/message.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define NAME_WIDTH    44  /* characters of a device's name */
#define NOT_FOUND     127 /* sh(1) */
#define COLOUR_TAKEN  "#c8e6c9"
#define COLOUR_HOST   "#e0e0e0"
#define COLOUR_OTHERS "#ffe0b2"

/* In double quotes these two end a text or begin a command of dot's. */
static void put_text(struct buffer *text, const char *plain)
{
	for (; *plain; plain++)
		buffer_printf(text, *plain == '"' || *plain == '\\' ? "\\%c" : "%c", *plain);
}

static const char *colour_of(const struct item *item)
{
	switch (item->use.kind) {
	case USE_TAKEN:
		return COLOUR_TAKEN;
	case USE_HOST:
		return COLOUR_HOST;
	case USE_RULE:
	case USE_OTHER:
		return COLOUR_OTHERS;
	default:
		return "white";
	}
}

/* \l ends a line, at the left. */
static void put_device(struct buffer *text, const struct inventory *inventory,
		       const struct item *item, const char *indent)
{
	const struct pci_device *device = item->device;
	char name[ADDRESS_SIZE];

	buffer_printf(text, "%s\"%s\" [fillcolor=\"%s\"%s label=\"", indent,
		      address_format(&device->address, name), colour_of(item),
		      inventory_is_bridge(item) ? " style=\"rounded,filled\"" : "");
	buffer_printf(text, "%s  %04x:%04x  ", inventory_address(inventory, item, name),
		      device->vendor, device->device);
	put_text(text, item->driver);
	buffer_printf(text, "\\l%s: ", kind_of(device));
	for (char part[] = " ", *c = item->short_name; *c && c < item->short_name + NAME_WIDTH;
	     c++) {
		part[0] = *c;
		put_text(text, part);
	}
	buffer_add(text, "\\l");
	put_text(text, item->use.text);
	buffer_add(text, "\\l\"]\n");
}

/* ITEM is the first of the drawn members of its group, which are in the box of the group. */
static bool is_in_box(const struct item *item)
{
	return item->is_drawn && item->device->group != GROUP_NONE && !inventory_is_bridge(item);
}

static bool begins_box(const struct inventory *inventory, const struct item *item)
{
	for (const struct item *other = inventory->items; other < item; other++) {
		if (is_in_box(other) && other->device->group == item->device->group)
			return false;
	}
	return is_in_box(item);
}

static void put_box(struct buffer *text, const struct inventory *inventory,
		    const struct item *first)
{
	buffer_printf(text, "  subgraph cluster_%d {\n    label=\"IOMMU group %d\"\n",
		      first->device->group, first->device->group);
	for (const struct item *item = first; item < inventory->items + inventory->count; item++) {
		if (is_in_box(item) && item->device->group == first->device->group)
			put_device(text, inventory, item, "    ");
	}
	buffer_add(text, "  }\n");
}

static void put_edge(struct buffer *text, const struct item *item)
{
	const struct pci_address *address = &item->device->address;
	char name[ADDRESS_SIZE];

	if (item->parent)
		buffer_printf(text, "  \"%s\"",
			      address_format(&item->parent->device->address, name));
	else
		buffer_printf(text, "  \"pci%04x:%02x\"", address->domain, address->bus);
	buffer_printf(text, " -> \"%s\"\n", address_format(address, name));
}

static char *make_graph(const struct inventory *inventory)
{
	const struct item *end = inventory->items + inventory->count;
	struct buffer text = { 0 };

	buffer_add(&text, "digraph passthru {\n"
			  "  graph [rankdir=LR fontname=\"sans-serif\" labelloc=t labeljust=l "
			  "style=rounded color=gray40 label=\"IOMMU: ");
	put_text(&text, inventory->iommu);
	buffer_add(&text, "\"]\n"
			  "  node [shape=box style=filled fillcolor=white "
			  "fontname=\"sans-serif\" fontsize=11]\n"
			  "  edge [arrowhead=none]\n");
	for (const struct item *item = inventory->items; item < end; item++) {
		if (begins_box(inventory, item))
			put_box(&text, inventory, item);
		else if (item->is_drawn && !is_in_box(item))
			put_device(&text, inventory, item, "  ");
	}
	for (const struct item *item = inventory->items; item < end; item++) {
		if (item->is_drawn)
			put_edge(&text, item);
	}
	buffer_add(&text, "}\n");
	return text.text;
}

/* What dot prints goes to standard output. */
static int run_dot(const char *graph)
{
	FILE *dot;
	int status;

	fflush(stdout);
	signal(SIGPIPE, SIG_IGN);
	dot = popen("exec dot -Tsvg",
		    "w"); /* NOLINT(cert-env33-c): no word of it is from outside */
	if (!dot)
		return cli_error("dot", -errno);
	fputs(graph, dot);
	status = pclose(dot);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		fputs("passthru list: --svg needs dot(1): install graphviz, or use --dot\n",
		      stderr);
	else
		fputs("passthru list: dot could not make the picture\n", stderr);
	return WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND ? -ENOENT : -EIO;
}

int graph_print(const struct inventory *inventory, bool as_svg)
{
	_cleanup_free_ char *graph = make_graph(inventory);

	if (as_svg)
		return run_dot(graph);
	fputs(graph, stdout);
	return 0;
}
