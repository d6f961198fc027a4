/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pick.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "plan/match.h"
#include "report/exit_status.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/pasted.h"
#include "util/text.h"
#include "want/selector.h"

#define NEAR_DISTANCE 2
#define NEAR_MAX      5

/* One operand, and how a device or rule that it could have meant is spelled. */
struct operand {
	const char *text; /* of an address or filter, as lspci writes it */
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

static bool means(const struct operand *operand, const struct session *session,
		  const struct pci_device *device)
{
	const struct rule *rule = session_rule_of(session, device);

	if (!operand->rule)
		return selector_fit(&operand->selector, device) == FIT_ALL;
	return rule && strcmp(rule->name, operand->rule) == 0;
}

/* "03:00" and "0000:03:00" are filters and could have been meant for all that is in this slot. */
static bool is_near_filter(const char *text, const char *address, const char *id)
{
	const char *slot = strchr(address, ':') + 1;
	size_t length = strlen(text);

	return text_edit_distance(text, id) <= NEAR_DISTANCE ||
	       (length == strcspn(slot, ".") && strncmp(text, slot, length) == 0) ||
	       (length == strcspn(address, ".") && strncmp(text, address, length) == 0);
}

static bool is_near(const struct operand *operand, const char *address, const char *id)
{
	bool is_short = strchr(operand->text, ':') == strrchr(operand->text, ':');

	if (!operand->is_address)
		return is_near_filter(operand->text, address, id);
	return text_edit_distance(operand->text, is_short ? strchr(address, ':') + 1 : address) <=
	       NEAR_DISTANCE;
}

static void tell_near(const char *text, size_t *count)
{
	if (*count < NEAR_MAX)
		fprintf(stderr, "%s%s", *count ? ", " : "  did you mean: ", text);
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

		address_format(&device->address, name);
		shown = memory_printf("%s [%s]", name, id);
		if (is_near(operand, name, id))
			tell_near(shown, count);
	}
}

static void tell_near_rules(const char *text, const struct want *want, size_t *count)
{
	for (size_t i = 0; i < want->rule_count; i++) {
		if (text_edit_distance(text, want->rules[i].name) <= NEAR_DISTANCE)
			tell_near(want->rules[i].name, count);
	}
}

/* A rule of this name is there, but for another machine. */
static void tell_set_aside(const char *name, const struct want *want)
{
	for (size_t i = 0; i < want->rule_count; i++) {
		const struct rule *rule = &want->rules[i];
		_cleanup_free_ char *why = NULL;

		if (rule->standing != STANDING_SET_ASIDE || strcmp(rule->name, name) != 0)
			continue;
		why = text_escape(rule->standing_why);
		fprintf(stderr, "  [%s %s] is not for this machine: %s\n",
			rule_kind_word(rule->kind), rule->name, why);
	}
}

static int no_such_device(struct call *call, const struct operand *operand,
			  const struct session *session)
{
	size_t count = 0;

	fprintf(stderr, "passthru %s: no such device: '%s'%s\n", call->command->name, operand->text,
		operand->rule ? ", and no rule of this name matches one" : "");
	if (operand->rule) {
		tell_set_aside(operand->text, &session->want);
		tell_near_rules(operand->text, &session->want, &count);
	} else
		tell_near_devices(operand, &session->facts, &count);
	if (count)
		fputc('\n', stderr);
	call->status = EXIT_NO_INPUT;
	return -ENOENT;
}

/* Mark the devices that OPERAND means. Returns whether there are any. */
static bool pick(const struct session *session, const struct operand *operand,
		 const struct pick_words *words, bool picked[])
{
	bool is_word = words && operand->rule && names_has(words->words, operand->rule);
	bool found = is_word;

	for (size_t d = 0; d < session->facts.device_count; d++) {
		bool is_meant = means(operand, session, &session->facts.devices[d]) ||
				(is_word && words->means(operand->rule, d, words->context));

		picked[d] |= is_meant;
		found |= is_meant;
	}
	return found;
}

static int bad_operand(struct call *call, const char *text)
{
	return cli_usage_error(
		call, "'%s' is no address (03:00.0), no filter (10de::0300) and no rule's name",
		text);
}

bool pick_is_device(const char *text)
{
	_cleanup_free_ char *plain = pasted_plain(text);

	return plain || strchr(text, ':');
}

static int pick_text(struct call *call, const char *text, struct session *session,
		     const struct pick_words *words, bool picked[])
{
	_cleanup_free_ char *plain = pasted_plain(text);
	struct operand operand;

	if (parse_operand(plain ? plain : text, &operand) < 0)
		return bad_operand(call, text);
	return pick(session, &operand, words, picked) ? 0 : no_such_device(call, &operand, session);
}

int pick_operand(struct call *call, const char *text, struct session *session, bool picked[])
{
	return pick_text(call, text, session, NULL, picked);
}

int pick_devices_or_words(struct call *call, struct session *session,
			  const struct pick_words *words, bool picked[])
{
	int r = 0;

	session_match(session);
	for (size_t i = 0; i < call->operand_count && r == 0; i++)
		r = pick_text(call, call->operands[i], session, words, picked);
	return r;
}

int pick_devices(struct call *call, struct session *session, bool picked[])
{
	return pick_devices_or_words(call, session, NULL, picked);
}
