/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of what network cards are told: systemd.link(5), NetworkManager, ifcfg files. */
#include "cli/import/network.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

void card_set(char **slot, const char *value)
{
	size_t length = strlen(value);

	if (length >= 2 && strchr("\"'", *value) && value[length - 1] == *value) {
		value++;
		length -= 2;
	}
	free(*slot);
	*slot = memory_copy(value, length);
}

static void card_free(struct card *card)
{
	free(card->path);
	free(card->mac);
	free(card->interface);
	free(card->driver);
	free(card->count);
	free(card->option);
	free(card->origin);
	*card = (struct card){ 0 };
}

static bool add_path(const struct card *card, struct import *import, const char *word)
{
	struct selector selector = { .has_address = true };

	if (strncmp(word, "pci-", strlen("pci-")) != 0 ||
	    address_pattern_parse(word + strlen("pci-"), &selector.address) < 0)
		return false;
	import_add_vfs(import, card->option, card->origin, VFS_OF_SELECTED, NULL, &selector,
		       card->count);
	return true;
}

static bool add_paths(const struct card *card, struct import *import)
{
	_cleanup_free_ char *copy = memory_copy(card->path, strlen(card->path));
	bool are_clear = true;
	char *rest = copy;

	for (char *word; (word = strsep(&rest, " \t;"));)
		are_clear &= !*word || add_path(card, import, word);
	return are_clear;
}

/* NAMES may be several, with blanks or the like between. False, and nothing is added, for a
 * pattern. */
static bool add_names(const struct card *card, struct import *import, enum vfs_of of,
		      const char *names)
{
	_cleanup_free_ char *copy = memory_copy(names, strlen(names));
	char *rest = copy;

	if (strpbrk(names, "*?[!"))
		return false;
	for (char *word; (word = strsep(&rest, " \t;,"));) {
		if (*word)
			import_add_vfs(import, card->option, card->origin, of, word, NULL,
				       card->count);
	}
	return true;
}

/* By what says most: its place, its address in the network, its name, its driver. */
static bool add_card(const struct card *card, struct import *import)
{
	const struct {
		const char *name;
		enum vfs_of of;
	} names[] = { { card->mac, VFS_OF_MAC },
		      { card->interface, VFS_OF_INTERFACE },
		      { card->driver, VFS_OF_DRIVER } };
	size_t i = 0;

	if (card->path)
		return add_paths(card, import);
	while (i < ARRAY_SIZE(names) && (!names[i].name || !*names[i].name))
		i++;
	if (i == ARRAY_SIZE(names) || card->is_narrower)
		return false;
	return add_names(card, import, names[i].of, names[i].name);
}

void card_end(struct card *card, struct import *import)
{
	if (card->count && strcmp(card->count, "0") != 0 && !add_card(card, import))
		import_note(import, NOTE_UNCLEAR, "%s: %s=%s: it is not clear which card is meant",
			    card->origin, card->option, card->count);
	card_free(card);
}

enum card_key_kind {
	CARD_PATH,
	CARD_MAC,
	CARD_INTERFACE,
	CARD_DRIVER,
	CARD_DEVICE, /* one of the above, or several, as NetworkManager has them: "mac:..." */
	CARD_COUNT,
	CARD_FUNCTION, /* the number of one: there are as many as the highest one needs */
	CARD_NARROWER, /* something else */
	CARD_NOTHING,
};

struct card_key {
	const char *section, *key; /* patterns of fnmatch(3) */
	enum card_key_kind kind;
};

struct card_reading {
	struct import *import;
	const struct card_key *keys;
	size_t count;
	bool ends_with_section;
	struct card card;
	char *section;
};

/* "interface-name:eno1", "mac:00:11:22:33:44:55", "driver:ixgbe", or a name alone */
static void set_device(struct card *card, const char *value)
{
	static const char name[] = "interface-name:", mac[] = "mac:", driver[] = "driver:";

	if (strncmp(value, name, strlen(name)) == 0)
		card_set(&card->interface, value + strlen(name) + (value[strlen(name)] == '='));
	else if (strncmp(value, mac, strlen(mac)) == 0)
		card_set(&card->mac, value + strlen(mac));
	else if (strncmp(value, driver, strlen(driver)) == 0)
		card_set(&card->driver, value + strlen(driver));
	else
		card->is_narrower = true;
}

static void set_count(struct card *card, const char *key, const char *value, const char *origin)
{
	card_set(&card->count, value);
	card_set(&card->option, key);
	card_set(&card->origin, origin);
}

static void set_function(struct card *card, const char *key, const char *value, const char *origin)
{
	_cleanup_free_ char *count = NULL;
	uint32_t number, least = 0;

	if (parse_decimal(value, VF_COUNT_MAX - 1, &number) < 0) {
		card->is_narrower = true;
		return;
	}
	if (card->count &&
	    (strcmp(card->option, key) != 0 ||
	     (parse_decimal(card->count, VF_COUNT_MAX, &least) == 0 && least > number)))
		return;
	count = memory_printf("%u", number + 1);
	set_count(card, key, count, origin);
}

static void set_card(struct card *card, enum card_key_kind kind, const char *key, const char *value,
		     const char *origin)
{
	switch (kind) {
	case CARD_PATH:
		card_set(&card->path, value);
		break;
	case CARD_MAC:
		card_set(&card->mac, value);
		break;
	case CARD_INTERFACE:
		card_set(&card->interface, value);
		break;
	case CARD_DRIVER:
		card_set(&card->driver, value);
		break;
	case CARD_DEVICE:
		set_device(card, value);
		break;
	case CARD_COUNT:
		set_count(card, key, value, origin);
		break;
	case CARD_FUNCTION:
		set_function(card, key, value, origin);
		break;
	case CARD_NARROWER:
		card->is_narrower = true;
		break;
	case CARD_NOTHING:
		break;
	}
}

static void set_key(struct card_reading *reading, const char *key, const char *value,
		    const char *origin)
{
	const char *section = reading->section ? reading->section : "";

	for (size_t i = 0; i < reading->count; i++) {
		if (fnmatch(reading->keys[i].section, section, 0) != 0 ||
		    fnmatch(reading->keys[i].key, key, 0) != 0)
			continue;
		set_card(&reading->card, reading->keys[i].kind, key, value, origin);
		return;
	}
}

static void on_line(char *line, const char *origin, void *context)
{
	struct card_reading *reading = context;
	char *value = strchr(line, '=');

	if (*line == '[') {
		if (reading->ends_with_section)
			card_end(&reading->card, reading->import);
		card_set(&reading->section, line + 1);
		reading->section[strcspn(reading->section, "]")] = '\0';
	} else if (value) {
		*value++ = '\0';
		lines_cut_comment(line, '\0'); /* the blanks */
		set_key(reading, line, value + strspn(value, " \t"), origin);
	}
}

static void read_cards(struct card_reading *reading, const char *file, const char *text)
{
	lines_each(file, text, "#;", on_line, reading);
	card_end(&reading->card, reading->import);
	free(reading->section);
}

void import_read_link(struct import *import, const char *file, const char *text)
{
	static const struct card_key keys[] = {
		{ "Match", "Path", CARD_PATH },
		{ "Match", "MACAddress", CARD_MAC },
		{ "Match", "PermanentMACAddress", CARD_MAC },
		{ "Match", "OriginalName", CARD_INTERFACE },
		{ "Match", "Driver", CARD_DRIVER },
		{ "Match", "Type", CARD_NOTHING },
		{ "Match", "*", CARD_NARROWER },
		{ "Link", "SR-IOVVirtualFunctions", CARD_COUNT },
		{ "SR-IOV", "VirtualFunction", CARD_FUNCTION },
	};
	struct card_reading reading = { .import = import, .keys = keys, .count = ARRAY_SIZE(keys) };

	read_cards(&reading, file, text);
}

void import_read_nm_connection(struct import *import, const char *file, const char *text)
{
	static const struct card_key keys[] = {
		{ "connection", "interface-name", CARD_INTERFACE },
		{ "*ethernet", "mac-address", CARD_MAC },
		{ "match", "path", CARD_PATH },
		{ "match", "interface-name", CARD_INTERFACE },
		{ "match", "driver", CARD_DRIVER },
		{ "match", "*", CARD_NARROWER },
		{ "sriov", "total-vfs", CARD_COUNT },
	};
	struct card_reading reading = { .import = import, .keys = keys, .count = ARRAY_SIZE(keys) };

	read_cards(&reading, file, text);
}

void import_read_nm_conf(struct import *import, const char *file, const char *text)
{
	static const struct card_key keys[] = {
		{ "device*", "match-device", CARD_DEVICE },
		{ "device*", "sriov-num-vfs", CARD_COUNT },
	};
	struct card_reading reading = {
		.import = import, .keys = keys, .count = ARRAY_SIZE(keys), .ends_with_section = true
	};

	read_cards(&reading, file, text);
}

void import_read_ifcfg(struct import *import, const char *file, const char *text)
{
	static const struct card_key keys[] = {
		{ "", "DEVICE", CARD_INTERFACE },
		{ "", "HWADDR", CARD_MAC },
		{ "", "SRIOV_TOTAL_VFS", CARD_COUNT },
	};
	struct card_reading reading = { .import = import, .keys = keys, .count = ARRAY_SIZE(keys) };

	read_cards(&reading, file, text);
}
