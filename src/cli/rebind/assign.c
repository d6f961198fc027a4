/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru assign: what the agent does at boot, for devices of the running host. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "apply/node_rules.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/owners.h"
#include "cli/rebind/persist.h"
#include "cli/rebind/runtime.h"
#include "cli/rule_keys.h"
#include "plan/plan.h"
#include "report/exit_status.h"
#include "system/command.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define RELOAD_TIMEOUT_MS 5000
#define OUTPUT_MAX        4096

static int check_name(struct call *call, const struct want *want)
{
	const struct rebind_options *options = call->options;

	if (!options->name)
		return 0;
	if (!rule_name_is_valid(options->name))
		return cli_usage_error(call, "--name: '%s': 1 to 64 of A-Z a-z 0-9 . _ -",
				       options->name);
	if (want->rule_count > 1)
		return cli_usage_error(call, "--name is for one device, these are %zu",
				       want->rule_count);
	return 0;
}

/* What the call does not say, the rule that the configuration has for the device says. */
static void inherit(struct rule *rule, const struct rule *configured, const struct want *want)
{
	/* The device goes back to the driver that had it, never to none. */
	rule->options.on_failure = FAILURE_HOST;
	if (configured) {
		options_inherit(&rule->options, &configured->options);
		rule->allow = rule->allow ? rule->allow : configured->allow;
		if (rule->permissive == CHOICE_UNSET)
			rule->permissive = configured->permissive;
		device_settings_inherit(&rule->settings, &configured->settings);
	}
	options_inherit(&rule->options, &want->options);
}

static int complete_rules(struct runtime *runtime)
{
	const struct rebind_options *options = runtime->options;
	int r = check_name(runtime->call, &runtime->want);

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		struct rule *rule = &runtime->want.rules[i];

		if (options->name) {
			free(rule->name);
			rule->name = memory_printf("%s", options->name);
		}
		r = rule_keys_set(runtime->call, rule);
		inherit(rule, runtime_configured(runtime, runtime_device(runtime, rule)),
			&runtime->session.want);
	}
	if (r == 0)
		owners_find(&runtime->call->root, &runtime->want, NULL);
	if (r == 0 && runtime->want.has_errors)
		r = cli_usage_error(runtime->call, "%s", runtime->want.findings.items[0].text);
	return r;
}

static bool has_finding(const struct decision *decision, enum finding_code code)
{
	for (size_t i = 0; i < decision->findings.count; i++) {
		if (decision->findings.items[i].code == code)
			return true;
	}
	return false;
}

/*
 * What was refused, or given back, is as it was; the record is of what is wanted. What could not be
 * given back is nowhere else on record.
 */
static bool is_noted(const struct runtime *runtime, const struct decision *decision)
{
	if (decision->state == STATE_BOUND || has_finding(decision, FINDING_RETURN_FAILED))
		return true;
	return decision->verdict == VERDICT_TAKE && runtime_configured(runtime, decision->device);
}

static void note(struct runtime *runtime, struct decision *decision)
{
	const struct pci_address *address = &decision->device->address;
	const struct entry *entry = store_find_at(&runtime->store, address);

	if (decision->state != STATE_BOUND)
		node_rules_remove(&runtime->call->root, decision->device);
	if (!is_noted(runtime, decision))
		return;
	/* Another rule's, maybe, which is settled with this. */
	if (entry && entry->state == STATE_RETURNED)
		store_forget(&runtime->store, address);
	store_note(&runtime->store, decision);
}

static bool is_taken_whole(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].verdict != VERDICT_TAKE)
			return false;
	}
	return true;
}

static bool is_good(const struct runtime *runtime)
{
	const struct record record = runtime_record(runtime);

	return runtime->options->dry_run ? is_taken_whole(&runtime->session.plan)
					 : record_is_good(&record);
}

/* By itself udev looks for new rules every few seconds only (systemd/src/udev/udev-manager.c). */
static void have_udev_read(const struct root *root)
{
	static const char *const arguments[] = { "udevadm", "control", "--reload", NULL };
	_cleanup_free_ char *output = NULL;

	if (!root->is_confined)
		command_output(arguments, RELOAD_TIMEOUT_MS, OUTPUT_MAX, &output);
}

/* Before the devices are bound: udev may come to a new node after everybody else. */
static void write_node_rules(struct runtime *runtime)
{
	const struct root *root = &runtime->call->root;

	if (node_rules_write(root, &runtime->session.plan))
		have_udev_read(root);
}

static int take(struct runtime *runtime)
{
	int r = 0;

	if (!runtime->options->dry_run) {
		write_node_rules(runtime);
		r = runtime_apply(runtime, note);
	}
	if (r < 0)
		return r;
	runtime_print(runtime);
	runtime->call->status = is_good(runtime) ? EXIT_OK : EXIT_NOT_OK;
	return 0;
}

static int assign(struct runtime *runtime)
{
	const struct rebind_options *options = runtime->options;
	int r = complete_rules(runtime);

	if (r == 0 && options->persist)
		r = persist_check(runtime);
	if (r < 0)
		return r;
	session_survey_needs(&runtime->session);
	runtime_plan(runtime);
	r = take(runtime);
	if (r == 0 && runtime->call->status == EXIT_OK && options->persist)
		r = persist_write(runtime);
	if (r == 0)
		runtime_print_sum(runtime, "add what `passthru guest` prints to the guest");
	return r;
}

/* Nobody knows what the files mean to say of the device. */
static int refuse_bad_configuration(struct runtime *runtime)
{
	findings_move(&runtime->session.findings, &runtime->session.want.findings);
	runtime_print(runtime);
	runtime->call->status = EXIT_NOT_OK;
	runtime_print_sum(runtime, NULL);
	return -EINVAL;
}

static int run_assign(struct call *call)
{
	_cleanup_(runtime_free) struct runtime runtime = { .store.lock_fd = -1 };
	int r = runtime_begin(&runtime, call);

	if (r < 0)
		return r;
	if (runtime.session.want.has_errors)
		return refuse_bad_configuration(&runtime);
	return assign(&runtime);
}

static const struct command_option accepted[] = {
	OPTION_JSON(struct rebind_options),
	OPTION_DRY_RUN,
	OPTION_PERSIST,
	{ .name = "name",
	  .argument = "NAME",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct rebind_options, name),
	  .meaning = "name of the rule" },
	DEVICE_KEY_OPTIONS(struct rebind_options),
};

const struct command assign_command = {
	.name = "assign",
	.operands = "ADDRESS|FILTER|RULE...",
	.operand_min = 1,
	.operand_max = SIZE_MAX,
	.summary = "bind devices to a stub driver now",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct rebind_options),
	.run = run_assign,
};
