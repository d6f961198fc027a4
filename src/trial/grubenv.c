/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/grubenv.h"

#include <errno.h>
#include <string.h>

#include "system/command.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define BLOCK_SIZE      1024
#define CONFIG_SIZE_MAX (16 << 20)
#define OUTPUT_MAX      4096
#define TIMEOUT_MS      10000
#define LEFT            "passthru_left"
#define CONFIGURATION   "passthru_configuration"
#define PROVEN          "passthru_proven"

/* As Debian calls all of it, and Fedora and openSUSE. */
static const struct flavour {
	const char *directory, *editenv, *probe;
} flavours[] = {
	{ "boot/grub", "grub-editenv", "grub-probe" },
	{ "boot/grub2", "grub2-editenv", "grub2-probe" },
};

static const struct flavour *find_flavour(const struct root *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(flavours); i++) {
		_cleanup_free_ char *path = memory_printf("%s/grubenv", flavours[i].directory);

		if (root_exists(root, path) == 0)
			return &flavours[i];
	}
	return NULL;
}

/* What the block sets NAME to, "" for nothing. The caller frees it. */
static char *value_of(const char *block, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = block; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == '=')
			return memory_copy(line + length + 1, strcspn(line + length + 1, "\n"));
	}
	return memory_dup("");
}

static int parse_block(const char *block, struct trial_state *ret)
{
	_cleanup_free_ char *configuration = value_of(block, CONFIGURATION);
	_cleanup_free_ char *left_text = value_of(block, LEFT), *proven = value_of(block, PROVEN);
	struct trial_state state = { 0 };
	uint32_t left = 0;
	int r = trial_add_proven(&state, proven);

	if (r == 0 && *configuration) {
		if (!trial_is_digest(configuration) ||
		    parse_decimal(left_text, TRIAL_TRIES_MAX, &left) < 0)
			return -EBADMSG;
		trial_arm(&state, configuration);
		if (!left)
			trial_try(&state, configuration);
	}
	if (r == 0)
		*ret = state;
	return r;
}

static int read_block(const struct root *root, const struct flavour *flavour,
		      struct trial_state *ret)
{
	_cleanup_free_ char *path = memory_printf("%s/grubenv", flavour->directory), *block = NULL;
	size_t size;
	int r = root_read_file(root, path, BLOCK_SIZE, &block, &size);

	return r < 0 ? r : parse_block(block, ret);
}

int grubenv_read(const struct root *root, struct trial_state *ret)
{
	const struct flavour *flavour = find_flavour(root);
	return flavour ? read_block(root, flavour, ret) : -ENOENT;
}

static int check(const struct root *root, const struct trial_state *state)
{
	_cleanup_free_ char *text = trial_state_format(state), *now = NULL;
	struct trial_state back;
	int r = grubenv_read(root, &back);

	if (r < 0)
		return -EIO;
	now = trial_state_format(&back);
	return streq(text, now) ? 0 : -EIO;
}

/* What is left of one that stays armed is not in STATE: then TRIES is 0. */
static char *left_text(const struct trial_state *state, uint32_t tries)
{
	if (state->token == TRIAL_TOKEN_ARMED && !tries)
		return NULL;
	return memory_printf(LEFT "=%u", state->token == TRIAL_TOKEN_ARMED ? tries : 0);
}

static int set_variables(const struct flavour *flavour, const char *block,
			 const struct trial_state *state, uint32_t tries)
{
	_cleanup_(buffer_free) struct buffer list = { 0 };
	_cleanup_free_ char *left = left_text(state, tries), *output = NULL;
	_cleanup_free_ char *configuration =
		memory_printf(CONFIGURATION "=%s", state->configuration);

	buffer_add(&list, PROVEN "=");
	for (size_t i = 0; i < state->proven_count; i++)
		buffer_printf(&list, "%s%s", i ? ":" : "", state->proven[i]);
	return command_output((const char *const[]){ flavour->editenv, block, "set", configuration,
						     list.text, left, NULL },
			      TIMEOUT_MS, OUTPUT_MAX, &output);
}

static int write_block(const struct root *root, const struct flavour *flavour,
		       const struct trial_state *state, uint32_t tries)
{
	_cleanup_free_ char *path = memory_printf("%s/grubenv", flavour->directory), *block = NULL;
	int r = root_resolve(root, path, &block);

	if (r == 0)
		r = set_variables(flavour, block, state, tries);
	return r < 0 ? r : check(root, state);
}

int grubenv_write(const struct root *root, const struct trial_state *state, uint32_t tries)
{
	const struct flavour *flavour = find_flavour(root);

	return flavour ? write_block(root, flavour, state, tries) : -ENOENT;
}

/* What grub-probe says of TARGET; NULL when it says nothing that could be read. */
static char *probe(const struct flavour *flavour, const char *target, const char *directory)
{
	_cleanup_free_ char *option = memory_printf("--target=%s", target);
	char *output = NULL;
	int r = command_output((const char *const[]){ flavour->probe, option, directory, NULL },
			       TIMEOUT_MS, OUTPUT_MAX, &output);

	return r < 0 ? NULL : output;
}

static bool has_word(const char *text, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strstr(text, words[i]))
			return true;
	}
	return false;
}

static const char *find_write_obstacle(const struct root *root, const struct flavour *flavour)
{
	static const char *const layers[] = { "lvm", "diskfilter", "mdraid", "raid" };
	static const char *const systems[] = { "btrfs", "zfs",     "cpiofs", "newc",
					       "romfs", "squash4", "tarfs",  "iso9660" };
	_cleanup_free_ char *directory = NULL, *abstraction = NULL, *system = NULL;

	if (root_resolve(root, flavour->directory, &directory) < 0)
		return "could not find GRUB's directory";
	abstraction = probe(flavour, "abstraction", directory);
	system = probe(flavour, "fs", directory);
	if (!abstraction || !system)
		return "grub-probe does not say what file system GRUB's directory is on";
	if (has_word(abstraction, layers, ARRAY_SIZE(layers)))
		return "GRUB cannot write to LVM or RAID, where its environment block is";
	if (has_word(system, systems, ARRAY_SIZE(systems)))
		return "GRUB cannot write to the file system of its environment block";
	return NULL;
}

static const char *find_script_obstacle(const struct root *root, const struct flavour *flavour)
{
	_cleanup_free_ char *path = memory_printf("%s/grub.cfg", flavour->directory);
	_cleanup_free_ char *config = NULL;
	size_t size;

	if (root_read_file(root, path, CONFIG_SIZE_MAX, &config, &size) < 0)
		return "could not read GRUB's configuration";
	if (!strstr(config, "${" CONFIGURATION "}") || !strstr(config, "$passthru_trial"))
		return "GRUB's configuration is older than passthru: run update-grub";
	return NULL;
}

const char *grubenv_obstacle(const struct root *root)
{
	const struct flavour *flavour = find_flavour(root);
	const char *why;

	if (!flavour)
		return "no UEFI variables, and no environment block of GRUB";
	why = find_script_obstacle(root, flavour);
	return why ? why : find_write_obstacle(root, flavour);
}
