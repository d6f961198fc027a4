/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of netplan(5): as much of YAML as its files have, mappings in lines. */
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/network.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEPTH_MAX 16

/* The keys that the line is in, of which the last one is its own. */
struct level {
	size_t indent;
	char *key;
};

/* What `link: CARD` of virtual functions, which stand among the cards, makes of the card. */
struct linked {
	char *card, *origin;
	unsigned count;
};

struct netplan {
	struct import *import;
	struct level levels[DEPTH_MAX];
	size_t depth;
	struct card card; /* the last one that was begun */
	struct linked *linked;
	size_t linked_count;
	struct names counted; /* cards of which the number is said */
};

static void leave(struct netplan *netplan, size_t indent)
{
	while (netplan->depth && netplan->levels[netplan->depth - 1].indent >= indent)
		free(netplan->levels[--netplan->depth].key);
}

static bool is_at(const struct netplan *netplan, size_t depth, const char *key)
{
	return depth < netplan->depth && strcmp(netplan->levels[depth].key, key) == 0;
}

static void add_linked(struct netplan *netplan, const char *card, const char *origin)
{
	struct linked *linked = NULL;

	for (size_t i = 0; i < netplan->linked_count; i++) {
		if (strcmp(netplan->linked[i].card, card) == 0)
			linked = &netplan->linked[i];
	}
	if (!linked) {
		netplan->linked =
			memory_grow(netplan->linked, netplan->linked_count, sizeof(*linked));
		linked = &netplan->linked[netplan->linked_count++];
		linked->card = memory_copy(card, strlen(card));
		linked->origin = memory_copy(origin, strlen(origin));
	}
	linked->count++;
}

/* Of network/ethernets/CARD: KEY, or match/KEY. */
static void set_key(struct netplan *netplan, const char *key, const char *value, const char *origin)
{
	struct card *card = &netplan->card;
	bool is_match = netplan->depth == 5 && is_at(netplan, 3, "match");
	_cleanup_free_ char *plain = NULL;

	card_set(&plain, value);
	if (is_match && strcmp(key, "macaddress") == 0)
		card_set(&card->mac, plain);
	else if (is_match && strcmp(key, "name") == 0)
		card_set(&card->interface, plain);
	else if (is_match && strcmp(key, "driver") == 0)
		card_set(&card->driver, plain);
	else if (netplan->depth != 4)
		return;
	else if (strcmp(key, "link") == 0)
		add_linked(netplan, plain, origin);
	else if (strcmp(key, "match") == 0 && !*value)
		card_set(&card->interface, ""); /* not what the card is called here */
	else if (strcmp(key, "virtual-function-count") == 0) {
		card_set(&card->count, plain);
		card_set(&card->option, key);
		card_set(&card->origin, origin);
		names_add_once(&netplan->counted, netplan->levels[2].key);
	}
}

static bool is_ethernet(const struct netplan *netplan)
{
	return is_at(netplan, 0, "network") && is_at(netplan, 1, "ethernets");
}

/* A card is called as its interface is, unless it is matched. */
static void begin_card(struct netplan *netplan, const char *name)
{
	card_end(&netplan->card, netplan->import);
	card_set(&netplan->card.interface, name);
}

static void on_key(struct netplan *netplan, char *key, const char *value, size_t indent,
		   const char *origin)
{
	char *plain = NULL;

	leave(netplan, indent);
	if (netplan->depth == DEPTH_MAX)
		return;
	card_set(&plain, key);
	netplan->levels[netplan->depth++] = (struct level){ indent, plain };
	if (!is_ethernet(netplan))
		return;
	if (netplan->depth == 3)
		begin_card(netplan, plain);
	else if (netplan->depth > 3)
		set_key(netplan, plain, value, origin);
}

/* What stands in braces, on one line, is not read. */
static void on_line(struct netplan *netplan, char *line, size_t indent, const char *origin)
{
	size_t length = strcspn(line, ":");
	char *value = line + length;

	if (*line == '#' || *line == '-' || !*value)
		return;
	if (strpbrk(line, "{}") && strstr(line, "virtual-function-count")) {
		import_note(netplan->import, NOTE_UNCLEAR, "%s: %s", origin, line);
		return;
	}
	*value++ = '\0';
	lines_cut_comment(value, '#');
	on_key(netplan, line, value + strspn(value, " \t"), indent, origin);
}

static void end(struct netplan *netplan)
{
	card_end(&netplan->card, netplan->import);
	for (size_t i = 0; i < netplan->linked_count; i++) {
		const struct linked *linked = &netplan->linked[i];
		_cleanup_free_ char *count = memory_printf("%u", linked->count);

		if (!names_has(&netplan->counted, linked->card))
			import_add_vfs(netplan->import, "link", linked->origin, VFS_OF_INTERFACE,
				       linked->card, NULL, count);
		free(linked->card);
		free(linked->origin);
	}
	free(netplan->linked);
	names_free(&netplan->counted);
	leave(netplan, 0);
}

void import_read_netplan(struct import *import, const char *file, const char *text)
{
	struct netplan netplan = { .import = import };
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;
	unsigned number = 0;

	for (char *line; (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, ++number);
		size_t indent = strspn(line, " ");

		line[strcspn(line, "\r")] = '\0';
		on_line(&netplan, line + indent, indent, origin);
	}
	end(&netplan);
}
