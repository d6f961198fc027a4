/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passthru list --tree: buses as branches; before them the IOMMU groups, the members of each joined
 * by a line. Bridges are no part of that line: they do not keep a group from a guest.
 */
#include <stdio.h>
#include <string.h>

#include "cli/list/inventory.h"
#include "cli/list/kind.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define GROUP_WIDTH  5
#define COLOUR_FIRST 32 /* of the groups: green to cyan (ECMA-48 SGR); red would be an error */
#define COLOURS      5
#define BOLD         1

/* A line of the tree: a device, or the bus that it begins with. */
struct branch {
	const struct item *item; /* of a bus, the first device on it */
	char *branches;          /* NULL for a bus */
};

/* The line that joins the members of a group. */
struct lane {
	int group;
	size_t first, last; /* rows */
	unsigned column;
};

struct tree {
	const struct inventory *inventory;
	const struct terminal *terminal;
	struct branch *rows;
	size_t row_count;
	struct lane *lanes;
	size_t lane_count;
	unsigned columns; /* of lanes */
};

/* --- the rows */

/* In the tree right below PARENT, or where that is NULL on the root bus that FIRST is on. */
static bool is_below(const struct item *item, const struct item *parent, const struct item *first)
{
	const struct pci_address *address = &item->device->address;

	if (!item->is_drawn || item->parent != parent)
		return false;
	return parent || (address->domain == first->device->address.domain &&
			  address->bus == first->device->address.bus);
}

static void add_row(struct tree *tree, const struct item *item, char *branches)
{
	tree->rows = memory_grow(tree->rows, tree->row_count, sizeof(tree->rows[0]));
	tree->rows[tree->row_count++] = (struct branch){ item, branches };
}

static void add_branch(struct tree *tree, const struct item *parent, const struct item *first,
		       const char *branches)
{
	const struct item *items = tree->inventory->items, *last = NULL;

	for (size_t i = 0; i < tree->inventory->count; i++) {
		if (is_below(&items[i], parent, first))
			last = &items[i];
	}
	for (const struct item *item = items; last && item <= last; item++) {
		_cleanup_free_ char *deeper =
			memory_printf("%s%s", branches, item == last ? "  " : "| ");

		if (!is_below(item, parent, first))
			continue;
		add_row(tree, item, memory_printf("%s%s", branches, item == last ? "`-" : "|-"));
		add_branch(tree, item, NULL, deeper);
	}
}

/* ITEM is the first that is drawn of those on its root bus. */
static bool begins_bus(const struct inventory *inventory, const struct item *item)
{
	const struct item *first = inventory->items;

	while (first < item && !is_below(first, NULL, item))
		first++;
	return first == item && is_below(item, NULL, item);
}

static void add_rows(struct tree *tree)
{
	for (size_t i = 0; i < tree->inventory->count; i++) {
		const struct item *item = &tree->inventory->items[i];

		if (!begins_bus(tree->inventory, item))
			continue;
		add_row(tree, item, NULL);
		add_branch(tree, NULL, item, "");
	}
}

/* --- the lanes */

static bool is_joined(const struct branch *row)
{
	return row->branches && row->item->device->group != GROUP_NONE &&
	       !inventory_is_bridge(row->item);
}

static struct lane *find_lane(const struct tree *tree, int group)
{
	for (size_t i = 0; i < tree->lane_count; i++) {
		if (tree->lanes[i].group == group)
			return &tree->lanes[i];
	}
	return NULL;
}

/* The first column that no lane has which is open at ROW; those that begin later come later. */
static unsigned find_column(const struct tree *tree, size_t row)
{
	unsigned column = 0;

	for (size_t i = 0; i < tree->lane_count; i++) {
		const struct lane *lane = &tree->lanes[i];

		if (lane->column == column && lane->first <= row && lane->last >= row) {
			column++;
			i = (size_t)-1;
		}
	}
	return column;
}

/* The last row of the group of row FIRST; FIRST itself where it is alone. */
static size_t find_last(const struct tree *tree, size_t first)
{
	size_t last = first;

	for (size_t i = first + 1; i < tree->row_count; i++) {
		if (is_joined(&tree->rows[i]) &&
		    tree->rows[i].item->device->group == tree->rows[first].item->device->group)
			last = i;
	}
	return last;
}

static void add_lanes(struct tree *tree)
{
	for (size_t i = 0; i < tree->row_count; i++) {
		struct lane lane = { .first = i };

		if (!is_joined(&tree->rows[i]) ||
		    find_lane(tree, tree->rows[i].item->device->group))
			continue;
		lane.group = tree->rows[i].item->device->group;
		lane.last = find_last(tree, i);
		lane.column = find_column(tree, i);
		if (lane.last == i)
			continue;
		tree->lanes = memory_grow(tree->lanes, tree->lane_count, sizeof(lane));
		tree->lanes[tree->lane_count++] = lane;
		if (lane.column >= tree->columns)
			tree->columns = lane.column + 1;
	}
}

/* --- printing */

static int colour_of(int group)
{
	return COLOUR_FIRST + group % COLOURS;
}

/* TEXT, as far as ROOM goes, which it takes. */
static void put(const struct tree *tree, const char *text, int colour, int *room)
{
	int shown = *room > 0 ? *room : 0;

	if (shown && *text && colour && tree->terminal->has_colours)
		printf("\033[%dm%.*s\033[0m", colour, shown, text);
	else
		printf("%.*s", shown, text);
	*room -= (int)strlen(text);
}

static char lane_sign(const struct lane *lane, const struct branch *row, size_t number)
{
	if (!is_joined(row) || row->item->device->group != lane->group)
		return '|';
	return number == lane->first ? ',' : number == lane->last ? '`' : '+';
}

static void put_lanes(const struct tree *tree, size_t number, int *room)
{
	for (unsigned column = 0; column < tree->columns; column++) {
		char sign[] = " ";
		int colour = 0;

		for (size_t i = 0; i < tree->lane_count; i++) {
			const struct lane *lane = &tree->lanes[i];

			if (lane->column != column || number < lane->first || number > lane->last)
				continue;
			sign[0] = lane_sign(lane, &tree->rows[number], number);
			colour = colour_of(lane->group);
		}
		put(tree, sign, colour, room);
	}
}

/* The number of the group; in parentheses of a bridge that is in it all the same. */
static void put_group(const struct tree *tree, const struct branch *row, int *room)
{
	_cleanup_free_ char *group = inventory_group(row->item);
	bool is_apart = inventory_is_bridge(row->item) && *group != '-';
	const struct lane *lane = find_lane(tree, row->item->device->group);
	_cleanup_free_ char *text = memory_printf(is_apart ? "(%s)" : "%s", group);
	_cleanup_free_ char *padded = memory_printf("%*s ", GROUP_WIDTH, *group == '-' ? "" : text);

	put(tree, padded, lane ? colour_of(lane->group) : 0, room);
}

static void print_device(const struct tree *tree, const struct branch *row, size_t number)
{
	const struct item *item = row->item;
	char name[ADDRESS_SIZE];
	const char *place = strchr(address_format(&item->device->address, name), ':') + 1;
	_cleanup_free_ char *driver = item->driver[0] ? memory_printf(" (%s)", item->driver) : NULL;
	_cleanup_free_ char *mark =
		inventory_is_marked(item) ? memory_printf("<%s>", item->use.text) : NULL;
	_cleanup_free_ char *head =
		memory_printf(" %s%s [%04x:%04x]%s ", row->branches, place, item->device->vendor,
			      item->device->device, driver ? driver : "");
	_cleanup_free_ char *tail =
		memory_printf("%s%s: %s", mark ? " " : "", kind_of(item->device), item->short_name);
	int room = tree->terminal->columns;

	put_group(tree, row, &room);
	put_lanes(tree, number, &room);
	put(tree, head, 0, &room);
	put(tree, mark ? mark : "", BOLD, &room);
	put(tree, tail, 0, &room);
	putchar('\n');
}

static void print_bus(const struct tree *tree, const struct branch *row, size_t number)
{
	const struct pci_address *address = &row->item->device->address;
	_cleanup_free_ char *name = memory_printf(" pci%04x:%02x", address->domain, address->bus);
	int room = tree->terminal->columns;

	put(tree, "      ", 0, &room);
	put_lanes(tree, number, &room);
	put(tree, name, 0, &room);
	putchar('\n');
}

static void print_titles(const struct tree *tree)
{
	_cleanup_free_ char *titles =
		memory_printf("GROUP %*s DEVICE [ID] (DRIVER) <USE> CLASS: NAME",
			      (int)tree->columns, "");

	printf("%.*s\n", tree->terminal->columns, titles);
}

void inventory_print_tree(const struct inventory *inventory, const struct terminal *terminal,
			  bool has_titles)
{
	struct tree tree = { .inventory = inventory, .terminal = terminal };

	add_rows(&tree);
	add_lanes(&tree);
	if (has_titles)
		print_titles(&tree);
	for (size_t i = 0; i < tree.row_count; i++) {
		if (tree.rows[i].branches)
			print_device(&tree, &tree.rows[i], i);
		else
			print_bus(&tree, &tree.rows[i], i);
	}
	for (size_t i = 0; i < tree.row_count; i++)
		free(tree.rows[i].branches);
	free(tree.rows);
	free(tree.lanes);
}
