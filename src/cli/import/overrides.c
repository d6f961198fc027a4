/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of files that give each device, by its address, a driver. */
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"

void import_add_override(struct import *import, const char *name, const char *origin,
			 const struct address_pattern *address, const char *driver)
{
	const struct selector selector = { .has_address = true, .address = *address };

	import_add_driver(import, name, origin, &selector, driver);
}

void import_read_driverctl(struct import *import, const char *file, const char *text)
{
	const char *name = strrchr(file, '/') + 1;
	const char *address_text = strncmp(name, "pci-", 4) == 0 ? name + 4 : name;
	_cleanup_free_ char *driver = memory_copy(text, strcspn(text, " \t\r\n"));
	struct address_pattern address;

	if (address_pattern_parse(address_text, &address) == 0) /* else on another bus */
		import_add_override(import, "driverctl", file, &address, driver);
}

/* "pci 0000:04:00.0 vfio-pci" */
static void on_dpdk(char *line, const char *origin, void *context)
{
	struct address_pattern address;
	const char *device, *driver;

	lines_cut_comment(line, '#');
	if (strcmp(modprobe_next_word(&line), "pci") != 0)
		return;
	device = modprobe_next_word(&line);
	driver = modprobe_next_word(&line);
	if (address_pattern_parse(device, &address) == 0 && *driver)
		import_add_override(context, "dpdk", origin, &address, driver);
	else
		import_note(context, NOTE_UNCLEAR, "%s: '%s'", origin, device);
}

void import_read_dpdk(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_dpdk, import);
}

/* "0000:05:00.0|8086:1528", of old without the id */
static void add_unraid(struct import *import, char *word, const char *origin)
{
	const char *id = strchr(word, '|');
	struct address_pattern address;
	struct id_pattern pattern;
	struct rule *rule;

	word[strcspn(word, "|")] = '\0';
	if (address_pattern_parse(word, &address) < 0 ||
	    (id && id_pattern_parse(id + 1, &pattern) < 0)) {
		import_note(import, NOTE_UNCLEAR, "%s: BIND: '%s'", origin, word);
		return;
	}
	rule = import_add_address(import, "BIND", origin, &address, stub_find("vfio-pci"));
	rule->selector.has_id = id != NULL;
	if (id)
		rule->selector.id = pattern;
}

/* "0000:04:00.0|8086:1572|4": so many virtual functions */
static void add_unraid_vfs(struct import *import, char *word, const char *origin)
{
	struct selector selector = { .has_address = true };
	char *rest = word, *address = strsep(&rest, "|"), *id = strsep(&rest, "|");

	selector.has_id = id && id_pattern_parse(id, &selector.id) == 0;
	if (selector.has_id && rest && address_pattern_parse(address, &selector.address) == 0)
		import_add_vfs(import, "VFS", origin, VFS_OF_SELECTED, NULL, &selector, rest);
	else
		import_note(import, NOTE_UNCLEAR, "%s: VFS: '%s'", origin, word);
}

static void on_unraid(char *line, const char *origin, void *context)
{
	static const struct {
		const char *key;
		void (*add)(struct import *import, char *word, const char *origin);
	} lists[] = { { "BIND=", add_unraid }, { "VFS=", add_unraid_vfs } };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		char *rest = line + strlen(lists[i].key);

		if (strncmp(line, lists[i].key, strlen(lists[i].key)) != 0)
			continue;
		for (char *word; (word = strsep(&rest, " \t\""));) {
			if (*word)
				lists[i].add(context, word, origin);
		}
		return;
	}
	if (import_names_stub_module(line))
		import_note(context, NOTE_UNCLEAR, "%s: %s", origin, line);
}

void import_read_unraid(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_unraid, import);
}
