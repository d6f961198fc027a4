/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The readers of Proxmox VE's files: guests that claim devices (qm.conf(5), hostpciN:), and the
 * names that the cluster has for devices (mapping/pci.cfg).
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* The value of KEY in LIST, "KEY=VALUE,KEY=VALUE"; NULL without one. The caller frees it. */
static char *option_of(const char *list, const char *key)
{
	_cleanup_free_ char *copy = memory_dup(list);
	size_t length = strlen(key);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, ","));) {
		word += strspn(word, " \t");
		if (strncmp(word, key, length) == 0 && word[length] == '=')
			return memory_dup(word + length + 1);
	}
	return NULL;
}

/* "0000:01:00.0", "01:00.0", or without a function for all of them */
static int parse_place(const char *text, struct address_pattern *ret)
{
	_cleanup_free_ char *all = memory_printf("%s.*", text);

	return address_pattern_parse(strchr(text, '.') ? text : all, ret);
}

/* Vendor and device, and those of the subsystem, as Proxmox finds them at the first function. */
static bool parse_ids(const char *options, struct id_pattern *ret)
{
	_cleanup_free_ char *id = option_of(options, "id");
	_cleanup_free_ char *subsystem = option_of(options, "subsystem-id");
	_cleanup_free_ char *all = id && subsystem ? memory_printf("%s:%s", id, subsystem) : NULL;

	return id && id_pattern_parse(all ? all : id, ret) == 0;
}

/* LIST are places with ';' between; OPTIONS may have the id that one of them has. */
static void add_places(struct import *import, const char *name, const char *origin,
		       const char *list, const char *options)
{
	_cleanup_free_ char *copy = memory_dup(list);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, ";"));) {
		struct address_pattern address;
		struct rule *rule;

		if (parse_place(word, &address) < 0) {
			import_note(import, NOTE_UNCLEAR, "%s: %s: '%s'", origin, name, word);
			continue;
		}
		rule = import_add_address(import, name, origin, &address, stub_find("vfio-pci"));
		if (!address.any_function)
			rule->selector.has_id = parse_ids(options, &rule->selector.id);
	}
}

/* --- /etc/pve/mapping/pci.cfg */

/* The mapping that lines belong to, until the next one begins. */
struct mapping_file {
	struct import *import;
	char *name;
	bool is_mediated;
	size_t start; /* the number of its first line, among those of all */
};

/* A device that is only divided stays with the host's driver. */
static void end_mapping(struct mapping_file *file)
{
	for (size_t i = file->start; i < file->import->mapping_count; i++) {
		struct named_device *mapping = &file->import->mappings[i];

		mapping->is_mediated = file->is_mediated;
		if (mapping->is_mediated)
			import_note(file->import, NOTE_KEEP, "%s: %s: mediated devices",
				    mapping->origin, mapping->name);
		else
			add_places(file->import, mapping->name, mapping->origin, mapping->places,
				   mapping->options);
	}
	file->start = file->import->mapping_count;
	free(file->name);
	file->name = NULL;
	file->is_mediated = false;
}

static void add_map(struct mapping_file *file, const char *options, const char *origin)
{
	struct import *import = file->import;
	_cleanup_free_ char *node = option_of(options, "node");
	char *places = option_of(options, "path");
	struct named_device *mapping;

	if (!places || !file->name) {
		import_note(import, NOTE_UNCLEAR, "%s: map %s", origin, options);
		free(places);
		return;
	}
	if (!import_is_this_host(import, node)) {
		free(places);
		return;
	}
	import->mappings = memory_grow(import->mappings, import->mapping_count, sizeof(*mapping));
	mapping = &import->mappings[import->mapping_count++];
	*mapping = (struct named_device){ .name = memory_dup(file->name),
					  .origin = memory_dup(origin),
					  .places = places,
					  .options = memory_dup(options) };
}

/* "gpu", and below it "map id=10de:2204,node=a,path=0000:01:00.0" for each, and other keys */
static void on_mapping(char *line, const char *origin, void *context)
{
	struct mapping_file *file = context;
	char *value = line + strcspn(line, " \t");
	static const char type[] = "pci:"; /* before the name, where a section has one */

	if (*value)
		*value++ = '\0';
	value += strspn(value, " \t");
	if (!*value || streq(line, type)) {
		end_mapping(file);
		file->name = memory_dup(*value ? value : line);
	} else if (streq(line, "map")) {
		add_map(file, value, origin);
	} else if (streq(line, "mdev")) {
		file->is_mediated = !streq(value, "0");
	}
}

void import_read_proxmox_mapping(struct import *import, const char *file, const char *text)
{
	struct mapping_file mapping = { .import = import, .start = import->mapping_count };

	lines_each(file, text, "#", on_mapping, &mapping);
	end_mapping(&mapping);
}

/* --- /etc/pve/qemu-server/100.conf */

static void add_mapped(struct import *import, const char *key, const char *origin, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < import->mapping_count; i++) {
		const struct named_device *mapping = &import->mappings[i];

		if (!streq(mapping->name, name))
			continue;
		found = true;
		if (!mapping->is_mediated)
			add_places(import, key, origin, mapping->places, mapping->options);
	}
	if (!found)
		import_note(import, NOTE_UNCLEAR,
			    "%s: %s: mapping=%s is not in /etc/pve/mapping/pci.cfg", origin, key,
			    name);
}

static void add_hostpci(struct import *import, const char *key, const char *value,
			const char *origin)
{
	_cleanup_free_ char *first = memory_copy(value, strcspn(value, ","));
	_cleanup_free_ char *host = option_of(value, "host");
	_cleanup_free_ char *mapping = option_of(value, "mapping");
	_cleanup_free_ char *mediated = option_of(value, "mdev");

	if (mediated)
		import_note(import, NOTE_KEEP, "%s: %s: %s", origin, key, value);
	else if (mapping)
		add_mapped(import, key, origin, mapping);
	else
		add_places(import, key, origin, host ? host : first, "");
}

struct guest_file {
	struct import *import;
	bool is_snapshot;
};

/* What begins with a name in brackets is a snapshot, but for changes that wait for the next start.
 */
static void on_guest(char *line, const char *origin, void *context)
{
	struct guest_file *file = context;
	char *value = strchr(line, ':');

	if (*line == '[')
		file->is_snapshot = !streq(line, "[PENDING]");
	if (!value || file->is_snapshot || fnmatch("hostpci[0-9]*:*", line, 0) != 0)
		return;
	*value++ = '\0';
	add_hostpci(file->import, line, value + strspn(value, " \t"), origin);
}

void import_read_proxmox_guest(struct import *import, const char *file, const char *text)
{
	struct guest_file guest = { .import = import };

	lines_each(file, text, "#", on_guest, &guest);
}
