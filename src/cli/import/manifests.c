/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of Kubernetes' manifests: what Harvester and Talos are told of PCI devices. Of YAML as
 * much as such files have: keys in lines, in one document or several, also inside of other text.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

enum manifest_key { KEY_KIND, KEY_ADDRESS, KEY_NODE, KEY_COUNT, KEY_NAME, KEY_DRIVER, KEYS };

static const char *const keys[KEYS] = {
	[KEY_KIND] = "kind",    [KEY_ADDRESS] = "address", [KEY_NODE] = "nodeName",
	[KEY_COUNT] = "numVFs", [KEY_NAME] = "name",       [KEY_DRIVER] = "targetDriver",
};

/* One object, until the next one begins. */
struct manifest {
	struct import *import;
	char *values[KEYS];
	char *origin; /* of its kind */
};

static void not_clear(const struct manifest *manifest)
{
	import_note(manifest->import, NOTE_UNCLEAR, "%s: %s: it is not clear which device is meant",
		    manifest->origin, manifest->values[KEY_KIND]);
}

static void add_claim(const struct manifest *manifest)
{
	const char *text = manifest->values[KEY_ADDRESS];
	struct address_pattern address;

	if (text && address_pattern_parse(text, &address) == 0)
		import_add_address(manifest->import, manifest->values[KEY_KIND], manifest->origin,
				   &address, stub_find("vfio-pci"));
	else
		not_clear(manifest);
}

static void add_functions(const struct manifest *manifest)
{
	const char *text = manifest->values[KEY_ADDRESS], *count = manifest->values[KEY_COUNT];
	struct selector selector = { .has_address = true };

	if (!text || address_pattern_parse(text, &selector.address) < 0)
		not_clear(manifest);
	else if (count)
		import_add_vfs(manifest->import, "numVFs", manifest->origin, VFS_OF_SELECTED, NULL,
			       &selector, count);
}

/* Talos' documentation has two digits for a function. */
static void add_rebind(const struct manifest *manifest)
{
	const char *name = manifest->values[KEY_NAME], *driver = manifest->values[KEY_DRIVER];
	_cleanup_free_ char *copy = memory_dup(name ? name : "");
	char *dot = strchr(copy, '.');
	struct address_pattern address;

	if (dot && strlen(dot) == strlen(".00") && dot[1] == '0')
		memmove(dot + 1, dot + 2, strlen(dot + 1));
	if (driver && address_pattern_parse(copy, &address) == 0)
		import_add_override(manifest->import, manifest->values[KEY_KIND], manifest->origin,
				    &address, driver);
	else
		not_clear(manifest);
}

static void end_manifest(struct manifest *manifest)
{
	static const struct {
		const char *kind;
		void (*add)(const struct manifest *manifest);
	} kinds[] = { { "PCIDeviceClaim", add_claim },
		      { "SRIOVNetworkDevice", add_functions },
		      { "PCIDriverRebindConfig", add_rebind } };
	const char *kind = manifest->values[KEY_KIND];

	for (size_t i = 0; kind && i < ARRAY_SIZE(kinds); i++) {
		if (streq(kind, kinds[i].kind) &&
		    import_is_this_host(manifest->import, manifest->values[KEY_NODE]))
			kinds[i].add(manifest);
	}
	for (size_t i = 0; i < KEYS; i++) {
		free(manifest->values[i]);
		manifest->values[i] = NULL;
	}
	free(manifest->origin);
	manifest->origin = NULL;
}

/* Without the quotes around it, and without a comment. The caller frees it. */
static char *plain(char *value)
{
	size_t length;

	value += strspn(value, " \t");
	if (*value == '"' || *value == '\'')
		return memory_copy(value + 1, strcspn(value + 1, *value == '"' ? "\"" : "'"));
	length = strcspn(value, " \t#");
	return memory_copy(value, length);
}

/* A key of an object that comes once more is of the next one; a name is that of the object first.
 */
static void on_manifest(char *line, const char *origin, void *context)
{
	struct manifest *manifest = context;
	char *value;
	size_t number;

	line += strspn(line, "- \t");
	if (!*line) {
		end_manifest(manifest);
		return;
	}
	value = strchr(line, ':');
	if (!value)
		return;
	*value++ = '\0';
	number = text_find(line, keys, KEYS);
	if (streq(line, "apiVersion") || (number == KEY_KIND && manifest->values[KEY_KIND]))
		end_manifest(manifest);
	if (number == KEYS || manifest->values[number])
		return;
	manifest->values[number] = plain(value);
	if (number == KEY_KIND)
		manifest->origin = memory_dup(origin);
}

void import_read_manifest(struct import *import, const char *file, const char *text)
{
	struct manifest manifest = { .import = import };

	lines_each(file, text, "#", on_manifest, &manifest);
	end_manifest(&manifest);
}
