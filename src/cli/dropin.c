/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/dropin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "cli/rebuild.h"
#include "cli/rule_keys.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/conf.h"

#define DIRECTORY     "etc/passthru.conf.d"
#define FILE_SIZE_MAX 65536
#define MARK          "# Written by passthru: `passthru remove` removes it.\n"

static char *path_of(const char *name)
{
	return memory_printf("/" DIRECTORY "/%s.conf", name);
}

/* By its path: that does not move when buses are numbered anew. */
void dropin_make(const struct call *call, enum rule_kind kind, const char *name,
		 const struct pci_device *device, struct dropin *ret)
{
	_cleanup_free_ char *keys = rule_keys_text(call);
	char address[ADDRESS_SIZE];

	address_format(&device->address, address);
	ret->path = path_of(name);
	ret->text =
		memory_printf(MARK "# %s when it was written\n[%s %s]\n%s = %s\nid = %04x:%04x\n%s",
			      address, rule_kind_word(kind), name,
			      device->path ? "path" : "address",
			      device->path ? device->path : address, device->vendor, device->device,
			      keys);
}

/* Nothing that a rule's name or a file's could not have in it. */
char *dropin_name(const struct pci_device *device)
{
	char address[ADDRESS_SIZE];
	char *name = memory_printf("pci-%s", address_format(&device->address, address));

	for (char *c = name; (c = strchr(c, ':'));)
		*c = '-';
	return name;
}

static int read_text(const struct root *root, const char *path, char **ret)
{
	size_t size;

	return root_read_file(root, path + 1, FILE_SIZE_MAX, ret, &size);
}

static bool is_marked(const char *text)
{
	return strncmp(text, MARK, strlen(MARK)) == 0;
}

/* Somebody may have added to it since. */
static bool has_one_rule(const char *path, const char *text)
{
	struct intent intent = { 0 };
	bool has_one;

	conf_parse(&intent, path, text, strlen(text));
	has_one = intent.rule_count == 1 && !intent.options.given;
	intent_free(&intent);
	return has_one;
}

int dropin_check(const struct root *root, const struct want *want, const char *name)
{
	_cleanup_free_ char *path = path_of(name), *text = NULL;
	int r = read_text(root, path, &text);

	for (size_t i = 0; i < want->rule_count; i++) {
		const struct rule *rule = &want->rules[i];

		if (!streq(rule->name, name))
			continue;
		fprintf(stderr, "passthru: %s has a [%s %s] already: choose a --name\n",
			rule->origin, rule_kind_word(rule->kind), name);
		return -EEXIST;
	}
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return cli_error(path, r);
	fprintf(stderr, "passthru: %s %s; choose another --name\n", path,
		is_marked(text) ? "is there already" : "was not written by passthru");
	return -EEXIST;
}

int dropin_write(const struct root *root, const struct dropin *dropin)
{
	int r = root_create_file(root, DIRECTORY, strrchr(dropin->path, '/') + 1, dropin->text);

	return r < 0 ? cli_error(dropin->path, r) : 0;
}

static int not_ours(const struct root *root, const struct rule *rule, const char *why)
{
	fprintf(stderr,
		"passthru: [%s %s] is from %s%s: remove it there, then rebuild the image: %s\n",
		rule_kind_word(rule->kind), rule->name, rule->origin, why, rebuild_command(root));
	return -EPERM;
}

/* An origin is "/FILE:LINE", or no file. */
int dropin_find(const struct root *root, const struct rule *rule, struct dropin *ret)
{
	const char *colon = strrchr(rule->origin, ':');
	_cleanup_free_ char *text = NULL;
	int r;

	if (strncmp(rule->origin, "/" DIRECTORY "/", strlen("/" DIRECTORY "/")) != 0 || !colon)
		return not_ours(root, rule, "");
	ret->path = memory_copy(rule->origin, (size_t)(colon - rule->origin));
	r = read_text(root, ret->path, &text);
	if (r < 0)
		return cli_error(ret->path, r);
	if (!is_marked(text))
		return not_ours(root, rule, ", which passthru did not write");
	if (!has_one_rule(ret->path, text))
		return not_ours(root, rule, ", where somebody has added to it");
	return 0;
}

int dropin_remove(const struct root *root, const struct dropin *dropin)
{
	int r = root_remove(root, dropin->path + 1);

	return r < 0 ? cli_error(dropin->path, r) : 0;
}

void dropin_tell(const struct dropin *dropin, const char *what, FILE *stream)
{
	fprintf(stream, "%s: %s\n", dropin->path, what);
}

void dropin_free(struct dropin *dropin)
{
	free(dropin->path);
	free(dropin->text);
	*dropin = (struct dropin){ 0 };
}
