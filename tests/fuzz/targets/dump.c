/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as text, of anybody's: it is laid out in memory or refused, and what is in it can be read.
 */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "cli/fleet/dump.h"
#include "util/cleanup.h"

/* Each file is looked at, and what is in directories below, as far as links lead. */
static int look(const char *name, void *context)
{
	const struct root *root = context;
	struct root_entry entry;
	int r;

	must(*name && !strchr(name, '/'), "dump-name", "%s", name);
	must(root->access->find(root, name, false, &entry) == 0, "dump-entry", "%s", name);
	must(strlen(entry.text) <= entry.size, "dump-end", "%s has no end", name);
	r = root->access->find(root, name, true, &entry);
	must(r == 0 || r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -ENAMETOOLONG,
	     "dump-link", "%s: %d", name, r);
	return 0;
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	struct memory_tree *tree = memory_tree_new();
	struct root root = memory_tree_root(tree);
	struct dump_error error = { .line = 1, .why = "" };
	unsigned lines = 1;
	struct root_entry entry;
	int r;

	for (const char *c = text; (c = strchr(c, '\n')); c++)
		lines++;
	r = dump_lay_out(text, tree, &error);
	must(r <= 0 && error.line >= 1 && error.line <= lines && error.why, "dump-line",
	     "%d, line %u of %u", r, error.line, lines);
	must(root.access->find(&root, "../..", true, &entry) == 0 && entry.node == root.node,
	     "dump-top", "it has no top");
	root.access->each_entry(root.node, look, &root);
	if (root.access->find(&root, "sys", true, &entry) == 0 && entry.kind == ROOT_DIRECTORY) {
		root.node = entry.node;
		root.access->each_entry(root.node, look, &root);
	}
	memory_tree_free(tree);
}

static const char *const seeds[] = {
	"@ sys/devices/pci0000:00/0000:00:01.0\nuevent\n| A=1\niommu_group -> sys/kernel/g/1\n",
	"@ sys\na -> sys/b\nb -> sys/a\nc\n: 000010 01 02\n: 0 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n@ proc\ncmdline = ro\n=== x\n",
	NULL
};

FUZZ_TARGET(dump, .run = run, .seeds = seeds, .size_max = 1024)
