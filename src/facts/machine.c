/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

#define HYPERVISOR_FEATURE ",009F" /* linux/arch/x86/include/asm/cpufeatures.h */

void machine_set(struct machine *machine, enum trait trait, const char *text)
{
	struct trait_fact *fact = &machine->traits[trait];
	_cleanup_free_ char *copy = NULL;
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	copy = memory_copy(text, length);
	fact->state = TRAIT_KNOWN;
	names_add(&fact->texts, copy);
}

void machine_set_unread(struct machine *machine, enum trait trait, char *why)
{
	struct trait_fact *fact = &machine->traits[trait];

	free(fact->why);
	fact->state = TRAIT_UNREAD;
	fact->why = why;
}

void machine_set_cmdline(struct machine *machine, const char *text)
{
	struct trait_fact *fact = &machine->traits[TRAIT_CMDLINE];
	_cleanup_free_ char *copy = memory_dup(text);
	struct parameter parameter;
	char *rest = copy;

	fact->state = TRAIT_KNOWN;
	while ((rest = parameter_next(rest, &parameter))) {
		_cleanup_free_ char *word = NULL;

		for (char *c = parameter.name; (c = strchr(c, '-'));)
			*c = '_';
		word = memory_printf("%s%s%s", parameter.name, parameter.value ? "=" : "",
				     parameter.value ? parameter.value : "");
		names_add(&fact->texts, word);
	}
}

const char *machine_architecture(const char *machine)
{
	static const char *const words[][2] = {
		{ "x86_64", "x86-64" },    { "i386", "x86" },   { "i486", "x86" },
		{ "i586", "x86" },         { "i686", "x86" },   { "aarch64", "arm64" },
		{ "ppc64le", "ppc64-le" }, { "armv6l", "arm" }, { "armv7l", "arm" },
		{ "armv8l", "arm" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (streq(machine, words[i][0]))
			return words[i][1];
	}
	return machine;
}

int machine_has_hypervisor_bit(const char *modalias)
{
	const char *found;

	if (strncmp(modalias, "cpu:type:x86,", strlen("cpu:type:x86,")) != 0)
		return -ENOTSUP;
	found = strstr(modalias, HYPERVISOR_FEATURE);
	/* Features above ffff would have more digits. */
	return found && strchr(",\n", found[strlen(HYPERVISOR_FEATURE)]) ? 1 : 0;
}

void machine_free(struct machine *machine)
{
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		names_free(&machine->traits[i].texts);
		free(machine->traits[i].why);
	}
	*machine = (struct machine){ 0 };
}
