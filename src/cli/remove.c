/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru remove: remove rules that passthru wrote, for the next boot. No device is touched. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/draft.h"
#include "cli/message.h"
#include "cli/pick.h"
#include "report/exit_status.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/text.h"

#define FUNCTION_COUNT 8 /* in a slot, at most */

struct remove_options {
	bool json, dry_run, rebuild;
};

/* A rule may match no device any more, so that its name alone finds it. */
static long find_rule(const struct want *want, const char *name)
{
	for (size_t i = 0; i < want->rule_count; i++) {
		if (streq(want->rules[i].name, name))
			return (long)i;
	}
	return -ENOENT;
}

static int no_such_rule(struct call *call, const struct want *want, const char *name)
{
	struct nearest nearest = { .text = name };
	_cleanup_free_ char *hint = NULL;

	for (size_t i = 0; i < want->rule_count; i++)
		nearest_try(&nearest, want->rules[i].name);
	hint = nearest_hint(&nearest);
	fprintf(stderr, "passthru remove: no such rule: '%s'%s\n", name, hint);
	call->status = EXIT_NO_INPUT;
	return -ENOENT;
}

/* Mark the rules of the devices that TEXT names. */
static int mark_rules_of(struct call *call, struct session *session, const char *text,
			 bool marked[])
{
	const struct facts *facts = &session->facts;
	_cleanup_free_ bool *picked = memory_new(facts->device_count, sizeof(*picked));
	bool found = false;
	int r = pick_operand(call, text, session, picked);

	for (size_t i = 0; i < facts->device_count && r == 0; i++) {
		const struct rule *rule =
			picked[i] ? session_rule_of(session, &facts->devices[i]) : NULL;

		if (rule)
			marked[rule - session->want.rules] = found = true;
	}
	if (r < 0 || found)
		return r;
	fprintf(stderr, "passthru remove: no rule matches '%s'\n", text);
	call->status = EXIT_NO_INPUT;
	return -ENOENT;
}

static int mark(struct call *call, struct session *session, const char *text, bool marked[])
{
	long index = find_rule(&session->want, text);

	if (index < 0 && rule_name_is_valid(text) && !pick_is_device(text))
		return no_such_rule(call, &session->want, text);
	if (index < 0)
		return mark_rules_of(call, session, text, marked);
	marked[index] = true;
	return 0;
}

/* DEVICE has a rule that stays, and OTHER, a function of its slot, one that does not. */
static bool is_left_by(const struct session *session, const struct pci_device *device,
		       const struct pci_device *other, const bool marked[])
{
	const struct rule *rule = session_rule_of(session, device);
	const struct rule *removed = session_rule_of(session, other);

	return rule && removed && !marked[rule - session->want.rules] &&
	       marked[removed - session->want.rules] &&
	       address_same_slot(&device->address, &other->address);
}

/* Who removes the rule of one function of a card may not think of the others. They are sorted. */
static void tell_left(const struct session *session, const bool marked[])
{
	const struct facts *facts = &session->facts;

	for (size_t i = 0; i < facts->device_count; i++) {
		const struct pci_device *device = &facts->devices[i];
		char address[ADDRESS_SIZE];
		bool is_left = false;

		for (size_t j = i; j-- > 0 && i - j < FUNCTION_COUNT && !is_left;)
			is_left = is_left_by(session, device, &facts->devices[j], marked);
		for (size_t j = i + 1;
		     j < facts->device_count && j - i < FUNCTION_COUNT && !is_left; j++)
			is_left = is_left_by(session, device, &facts->devices[j], marked);
		if (is_left)
			fprintf(stderr,
				"passthru remove: rule %s stays: it has %s, another function of the same slot\n",
				session_rule_of(session, device)->name,
				address_format(&device->address, address));
	}
}

/* All or none: each is looked at before one is removed. */
static int draft_removal(struct draft *draft)
{
	struct call *call = draft->call;
	const struct want *want = &draft->now.want;
	_cleanup_free_ bool *marked = memory_new(want->rule_count, sizeof(*marked));
	int r = 0, first = 0;

	for (size_t i = 0; i < call->operand_count && r == 0; i++)
		r = mark(call, &draft->now, call->operands[i], marked);
	for (size_t i = 0; i < want->rule_count && r == 0; i++) {
		int its =
			marked[i] ? dropin_find(&call->root, &want->rules[i], draft_add(draft)) : 0;

		first = first ? first : its;
	}
	if (r == 0 && first == 0)
		tell_left(&draft->now, marked);
	return r ? r : first;
}

static int run_remove(struct call *call)
{
	const struct remove_options *options = call->options;
	_cleanup_(draft_free) struct draft draft = { .json = options->json,
						     .dry_run = options->dry_run,
						     .rebuild = options->rebuild };
	int r = draft_begin(&draft, call);

	if (r == 0) {
		r = draft_removal(&draft);
		if (r < 0 && call->status == EXIT_OK)
			fputs("passthru remove: nothing was removed\n", stderr);
	}
	if (r < 0)
		return r;
	/* Other files may have errors: that is no reason to keep this one. */
	draft_plan(&draft);
	draft_print(&draft, false);
	return draft_finish(&draft, dropin_remove, "removed");
}

static const struct command_option accepted[] = {
	OPTION_JSON(struct remove_options),
	{ .name = "dry-run",
	  .offset = offsetof(struct remove_options, dry_run),
	  .meaning = "print what would be done, change nothing" },
	{ .name = "rebuild",
	  .offset = offsetof(struct remove_options, rebuild),
	  .meaning = "then rebuild the image of this host" },
};

const struct command remove_command = {
	.name = "remove",
	.operands = "RULE|ADDRESS|FILTER...",
	.operand_min = 1,
	.operand_max = SIZE_MAX,
	.summary = "remove rules that passthru wrote, for the next boot",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct remove_options),
	.run = run_remove,
};
