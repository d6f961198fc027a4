/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pick.h"

#include <stdio.h>
#include <string.h>

#include "plan/match.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/selector.h"

#define NEAR_DISTANCE 2
#define NEAR_MAX      5

/* One operand, and how a device or rule that it could have meant is spelled. */
struct operand {
	const char *text;
	struct selector selector;
	const char *rule; /* its name, in place of the selector; or NULL */
	bool is_address;
};

static int parse_operand(const char *text, struct operand *ret)
{
	*ret = (struct operand){ .text = text };
	if (!strchr(text, ':')) {
		ret->rule = text;
		return rule_name_is_valid(text) ? 0 : -1;
	}
	ret->is_address = strchr(text, '.');
	ret->selector.has_address = ret->is_address;
	return ret->is_address ? address_pattern_parse(text, &ret->selector.address)
			       : filter_parse(text, &ret->selector);
}

static bool means(const struct operand *operand, const struct host *host, const size_t *rule_of,
		  size_t index)
{
	if (!operand->rule)
		return selector_fit(&operand->selector, &host->facts.devices[index]) == FIT_ALL;
	return rule_of[index] != RULE_NONE &&
	       strcmp(host->want.rules[rule_of[index]].name, operand->rule) == 0;
}

/* How many characters must be put in, taken out or changed to make one of the other. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t width = strlen(b) + 1;
	_cleanup_free_ size_t *row = memory_new(width, sizeof(*row));

	for (size_t j = 0; j < width; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j < width; j++) {
			size_t changed = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			row[j] = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			if (changed < row[j])
				row[j] = changed;
		}
	}
	return row[width - 1];
}

static void tell_if_near(const char *text, const char *candidate, const char *shown, size_t *count)
{
	if (*count == NEAR_MAX || edit_distance(text, candidate) > NEAR_DISTANCE)
		return;
	fprintf(stderr, "%s%s", *count ? ", " : "  near to it: ", shown);
	++*count;
}

static void tell_near_devices(const struct operand *operand, const struct facts *facts,
			      size_t *count)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct pci_device *device = &facts->devices[i];
		_cleanup_free_ char *id =
			memory_printf("%04x:%04x", device->vendor, device->device);
		_cleanup_free_ char *shown = NULL;
		char name[ADDRESS_SIZE];
		bool is_short = operand->is_address &&
				strchr(operand->text, ':') == strrchr(operand->text, ':');

		address_format(&device->address, name);
		shown = memory_printf("%s [%s]", name, id);
		tell_if_near(operand->text,
			     !operand->is_address ? id
			     : is_short           ? strchr(name, ':') + 1
						  : name,
			     shown, count);
	}
}

static int no_such_device(const struct command *command, const struct operand *operand,
			  const struct host *host)
{
	size_t count = 0;

	fprintf(stderr, "passthru %s: no such device: '%s'%s\n", command->name, operand->text,
		operand->rule ? ", and no rule of this name fits one" : "");
	if (!operand->rule)
		tell_near_devices(operand, &host->facts, &count);
	for (size_t i = 0; operand->rule && i < host->want.rule_count; i++)
		tell_if_near(operand->text, host->want.rules[i].name, host->want.rules[i].name,
			     &count);
	if (count)
		fputc('\n', stderr);
	return EXIT_NO_INPUT;
}

int pick_devices(const struct cli_options *options, const struct host *host, bool picked[])
{
	_cleanup_free_ size_t *rule_of = match_rules(&host->want, &host->facts);

	for (size_t i = 0; i < options->operand_count; i++) {
		struct operand operand;
		bool found = false;

		if (parse_operand(options->operands[i], &operand) < 0)
			return cli_usage_error(
				options->command,
				"'%s' is no address (03:00.0), no filter (10de::0300) and no rule's name",
				operand.text);
		for (size_t d = 0; d < host->facts.device_count; d++) {
			picked[d] |= means(&operand, host, rule_of, d);
			found |= means(&operand, host, rule_of, d);
		}
		if (!found)
			return no_such_device(options->command, &operand, host);
	}
	return -1;
}
