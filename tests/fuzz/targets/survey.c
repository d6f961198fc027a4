/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host needs, found on recorded hosts whose links and files were changed: it ends, it
 * names only devices that are there and are no bridges, and what it finds can be recorded.
 */
#include "fuzz.h"

#include <string.h>

#include "host/base.h"
#include "host/script.h"
#include "model/doors.h"
#include "model/kernel.h"
#include "model/model.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "util/memory.h"

static struct node *node_number(struct node *node, unsigned *number)
{
	if (!(*number)--)
		return node;
	for (struct node *child = node->children; child; child = child->next) {
		struct node *found = node_number(child, number);

		if (found)
			return found;
	}
	return NULL;
}

/* "link N M": node N leads to node M; "remove N"; "error N". */
static void change(const struct statement *statement)
{
	unsigned from = statement->arguments[0], to = statement->arguments[1];
	struct node *node = node_number(model_top(), &from);
	const struct node *other = node_number(model_top(), &to);

	if (!node || !node->parent)
		return;
	if (strcmp(statement->word, "remove") == 0) {
		node_remove(node);
	} else if (strcmp(statement->word, "error") == 0) {
		node->error = -5;
	} else if (strcmp(statement->word, "link") == 0 && other && node->kind != NODE_DIRECTORY) {
		const char *target = arena_printf("/%s", node_path(other));

		node->kind = NODE_LINK;
		node_set(node, target, strlen(target));
	}
}

/* "file PATH" and its text, up to "%%". */
static void put_file(const char *text)
{
	const char *path = text + strspn(text, " \n");
	size_t length = strcspn(path, "\n");

	if (length && length < 200 && path[length] && *path != '/' && !strstr(path, "//"))
		model_file(arena_copy(path, length), path + length + 1);
}

static void check(const struct needs *needs, const struct facts *facts)
{
	_cleanup_free_ char *text = needs_format(needs);
	struct needs again = { 0 };

	for (size_t i = 0; i < needs->count; i++) {
		bool is_there = false;

		for (size_t d = 0; d < facts->device_count; d++)
			is_there |= facts->devices[d].path &&
				    strcmp(facts->devices[d].path, needs->items[i].path) == 0;
		must(is_there, "survey", "%s is no device", needs->items[i].path);
		must(needs->items[i].class >> 16 != 6, "survey", "a bridge: %s",
		     needs->items[i].path);
	}
	/* A path that the kernel would not make cannot be written down. */
	if (needs_parse(text, strlen(text), &again) == 0)
		must(again.count == needs->count, "survey", "%s", text);
	needs_free(&again);
}

static void lay_out(const struct script *script)
{
	const char *conf;

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (strcmp(statement->word, "base") == 0 && !model_find("sys"))
			base_restore(statement->name, statement->arguments[0], &conf);
		else
			change(statement);
	}
}

static void run(const uint8_t *data, size_t size)
{
	static struct script script;
	struct findings findings = { 0 };
	struct needs needs = { 0 };
	struct facts facts;
	_cleanup_free_ char *first = fuzz_part(&data, &size);
	const char *cmdline;

	model_reset();
	kernel_reset();
	doors_reset();
	script_parse((const uint8_t *)first, strlen(first), &script);
	lay_out(&script);
	while (size) {
		_cleanup_free_ char *file = fuzz_part(&data, &size);

		put_file(file);
	}
	cmdline = model_text("proc/cmdline");
	if (scan_host(model_root(), &facts) < 0)
		return;
	if (survey_needs(model_root(), cmdline ? cmdline : "", &facts, &needs, &findings) == 0)
		check(&needs, &facts);
	fuzz_check_findings(&findings);
	needs_free(&needs);
	findings_free(&findings);
	facts_free(&facts);
}

static void each_seed(void (*add)(const char *text, size_t size))
{
	model_reset();
	for (size_t i = 0; i < base_count(); i++) {
		unsigned number;
		const char *stem = base_name(i, &number);
		const char *text = arena_printf("base %s %u\nlink 30 40\n", stem, number);

		add(text, strlen(text));
	}
}

static const char *const seeds[] = {
	"base stacks 1\n%%\netc/fstab\nUUID=1 /usr ext4 defaults 0 0\n/dev/sda2 none swap sw\n%%\n"
	"proc/cmdline\nro root=LABEL=x resume=/dev/sda2 ip=dhcp\n",
	"base stacks 3\n%%\nproc/self/mountinfo\n25 1 8:1 / / rw - ext4 /dev/sda1 rw\n%%\n"
	"proc/net/route\neth0 00000000 0102000A 0003 0 0 0 00000000 0 0 0\n",
	NULL
};
static const char *const words[] = { "%%\n",
				     "link ",
				     "remove ",
				     "error ",
				     "base stacks ",
				     "etc/fstab\n",
				     "etc/crypttab\n",
				     "proc/cmdline\n",
				     "proc/self/mountinfo\n",
				     "proc/swaps\n",
				     "proc/net/route\n",
				     "UUID=",
				     "/dev/mapper/",
				     "/dev/sda1 ",
				     "root=",
				     "rd.luks.uuid=",
				     "ip=",
				     " - nfs ",
				     " - zfs ",
				     NULL };

FUZZ_TARGET(survey, .run = run, .seeds = seeds, .each_seed = each_seed, .words = words,
	    .size_max = 2048)
