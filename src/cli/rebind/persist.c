/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/persist.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "cli/rebuild.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DIRECTORY     "etc/passthru.conf.d"
#define FILE_SIZE_MAX 65536
#define MARK          "# Written by `passthru assign --persist`; `passthru release --persist` removes it.\n"

/* 1 when PATH ("/etc/...") was written by us, 0 when by somebody else; negative errno. */
static int is_ours(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, path + 1, FILE_SIZE_MAX, &text, &size);

	if (r < 0)
		return r;
	return strncmp(text, MARK, strlen(MARK)) == 0;
}

static const struct rule *configured(const struct runtime *runtime, size_t index)
{
	const struct rule *rule = &runtime->want.rules[index];

	return runtime_configured(runtime, runtime_device(runtime, rule));
}

static int check_name(const struct runtime *runtime, const char *name)
{
	_cleanup_free_ char *path = memory_printf("/" DIRECTORY "/%s.conf", name);
	const struct want *want = &runtime->session.want;
	int r = is_ours(&runtime->call->root, path);

	for (size_t i = 0; i < want->rule_count; i++) {
		if (strcmp(want->rules[i].name, name) == 0) {
			fprintf(stderr, "passthru: %s has a [device %s] already: choose a --name\n",
				want->rules[i].origin, name);
			return -EEXIST;
		}
	}
	if (r < 0 && r != -ENOENT)
		return cli_error(path, r);
	if (r == 0) {
		fprintf(stderr, "passthru: %s was not written by passthru; choose another --name\n",
			path);
		return -EEXIST;
	}
	return 0;
}

int persist_check(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		if (!configured(runtime, i))
			r = check_name(runtime, runtime->want.rules[i].name);
	}
	return r;
}

static int add_key(const char *key, const char *value, void *context)
{
	char **text = context;
	_cleanup_free_ char *before = *text;

	*text = memory_printf("%s%s = %s\n", before, key, value);
	return 0;
}

/* By its path: that does not move when buses are numbered anew. */
static char *rule_text(const struct runtime *runtime, const struct rule *rule)
{
	const struct pci_device *device = runtime_device(runtime, rule);
	char name[ADDRESS_SIZE];
	char *text;

	address_format(&device->address, name);
	text = memory_printf(MARK
			     "# %s when it was written\n[device %s]\n%s = %s\nid = %04x:%04x\n",
			     name, rule->name, device->path ? "path" : "address",
			     device->path ? device->path : name, device->vendor, device->device);
	call_each_key(runtime->call, add_key, &text);
	return text;
}

static void tell_rebuild(const struct runtime *runtime, const char *path, const char *what)
{
	fprintf(runtime->options->json ? stderr : stdout,
		"%s: %s; for the next boot rebuild the image: %s\n", path, what,
		rebuild_command(&runtime->call->root));
}

static int write_rule(const struct runtime *runtime, const struct rule *rule)
{
	_cleanup_free_ char *file = memory_printf("%s.conf", rule->name);
	_cleanup_free_ char *path = memory_printf("/" DIRECTORY "/%s", file);
	_cleanup_free_ char *text = rule_text(runtime, rule);
	int r = root_replace_file(&runtime->call->root, DIRECTORY, file, text);

	if (r < 0)
		return cli_error(path, r);
	tell_rebuild(runtime, path, "written");
	return 0;
}

int persist_write(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		const struct rule *rule = configured(runtime, i);

		if (rule)
			fprintf(stderr, "passthru: [device %s] in %s is for it already\n",
				rule->name, rule->origin);
		else
			r = write_rule(runtime, &runtime->want.rules[i]);
	}
	return r;
}

static int not_ours(const struct rule *rule)
{
	fprintf(stderr, "passthru: [device %s] is from %s: remove it there\n", rule->name,
		rule->origin);
	return -EPERM;
}

/* An origin is "/FILE:LINE". */
static int remove_rule(const struct runtime *runtime, const struct rule *rule)
{
	const struct root *root = &runtime->call->root;
	const char *colon = strrchr(rule->origin, ':');
	_cleanup_free_ char *path = NULL;
	int r;

	if (rule->origin[0] != '/' || !colon)
		return not_ours(rule);
	path = memory_copy(rule->origin, (size_t)(colon - rule->origin));
	r = is_ours(root, path);
	if (r == 0)
		return not_ours(rule);
	if (r > 0)
		r = root_remove(root, path + 1);
	if (r < 0)
		return cli_error(path, r);
	tell_rebuild(runtime, path, "removed");
	return 0;
}

int persist_remove(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		const struct rule *rule = configured(runtime, i);

		if (rule)
			r = remove_rule(runtime, rule);
	}
	return r;
}
