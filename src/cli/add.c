/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru add: write rules for the next boot. No device is touched. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/choose.h"
#include "cli/command.h"
#include "cli/draft.h"
#include "cli/list/kind.h"
#include "cli/message.h"
#include "cli/pick.h"
#include "cli/rule_keys.h"
#include "report/exit_status.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct add_options {
	bool json, dry_run, rebuild;
	const char *name;
	struct device_keys keys;
	/* The other keys of the rule. */
	const char *on_failure, *hotplug, *class;
	const char *mac, *vlan, *trust, *spoofchk, *max_tx_rate, *pf_up;
	const char *count, *vfs, *vf, *match_firmware, *match_kernel_command_line;
	const char *match_architecture, *match_virtualization, *match_platform, *match_device;
};

struct addition {
	struct draft draft;
	struct call *call;
	const struct add_options *options;
	bool is_asked; /* the user is at a terminal and has named no device */
	bool *picked;
	struct names names; /* of the new rules */
};

static enum rule_kind rule_kind_for(const struct add_options *options)
{
	return options->vfs ? RULE_SRIOV : RULE_DEVICE;
}

/* That the keys make a rule together is known before a device is looked at. */
static int check_keys(struct call *call)
{
	const struct add_options *options = call->options;
	struct rule *rule = memory_new(1, sizeof(*rule));
	_cleanup_free_ char *fault = NULL;
	int r = 0;

	*rule = rule_make(rule_kind_for(options), options->name ? options->name : "add", "");
	rule->selector.has_address = true;
	if (!rule_name_is_valid(rule->name))
		r = cli_usage_error(call, "--name: '%s': 1 to 64 of A-Z a-z 0-9 . _ -", rule->name);
	if (r == 0)
		r = rule_keys_set(call, rule);
	if (r == 0)
		fault = rule_complete(rule);
	if (fault)
		r = cli_usage_error(call, "the rule %s", fault);
	rules_free(rule, 1);
	return r;
}

static int check_call(struct addition *addition)
{
	struct call *call = addition->call;

	addition->is_asked = !call->operand_count;
	if (addition->is_asked && (addition->options->json || !choose_is_possible()))
		return cli_usage_error(call, "missing argument: ADDRESS; on a terminal there is a "
					     "list to choose from");
	return check_keys(call);
}

static int refuse_bad_configuration(struct addition *addition)
{
	cli_tell_findings(&addition->draft.now.want.findings);
	fputs("passthru add: nothing was written: correct the configuration first\n", stderr);
	return -EINVAL;
}

static int pick(struct addition *addition)
{
	struct session *session = &addition->draft.now;

	addition->picked = memory_new(session->facts.device_count, sizeof(bool));
	if (!addition->is_asked)
		return pick_devices(addition->call, session, addition->picked);
	session_scan_details(session);
	session_survey_needs(session);
	return choose_devices(session, addition->picked);
}

/*
 * NAME, then NAME_audio, ... after the class, NAME_3 where there is that one already; or by the
 * address. With '_' the files are read in this order: '.' comes before it, and after '-'.
 */
static char *name_for(const struct addition *addition, const struct pci_device *device)
{
	const char *name = addition->options->name;
	size_t before = addition->draft.count;
	char *by_class;

	if (!name)
		return dropin_name(device);
	if (!before)
		return memory_dup(name);
	by_class = memory_printf("%s_%s", name, kind_of(device));
	if (!names_has(&addition->names, by_class))
		return by_class;
	free(by_class);
	return memory_printf("%s_%zu", name, before + 1);
}

/* It is no failure, unless the call has more to say. */
static int tell_configured(struct addition *addition, const struct pci_device *device,
			   const struct rule *rule)
{
	char address[ADDRESS_SIZE];
	bool is_failure = addition->options->name || rule_keys_given(addition->call);

	fprintf(stderr, "passthru: [%s %s] in %s matches %s already%s\n",
		rule_kind_word(rule->kind), rule->name, rule->origin,
		address_format(&device->address, address), is_failure ? ": change it there" : "");
	return is_failure ? -EEXIST : 0;
}

static int draft_rule(struct addition *addition, const struct pci_device *device)
{
	const struct rule *configured = session_rule_of(&addition->draft.now, device);
	_cleanup_free_ char *name = NULL;
	int r;

	if (configured)
		return tell_configured(addition, device, configured);
	name = name_for(addition, device);
	if (!rule_name_is_valid(name))
		return cli_usage_error(addition->call, "--name: '%s': 1 to 64 of A-Z a-z 0-9 . _ -",
				       name);
	r = dropin_check(&addition->call->root, &addition->draft.now.want, name);
	if (r < 0)
		return r;
	names_add(&addition->names, name);
	dropin_make(addition->call, rule_kind_for(addition->options), name, device,
		    draft_add(&addition->draft));
	return 0;
}

static int draft_rules(struct addition *addition)
{
	const struct facts *facts = &addition->draft.now.facts;
	int r = 0;

	for (size_t i = 0; i < facts->device_count && r == 0; i++) {
		if (addition->picked[i])
			r = draft_rule(addition, &facts->devices[i]);
	}
	return r;
}

/*
 * What the next boot would refuse for a reason that is in the device and its place. An IOMMU may be
 * enabled until then, and Xen be booted.
 */
static const char *lasting_reason(const struct decision *decision)
{
	static const enum finding_code lasting[] = {
		FINDING_GUARD_STORAGE,   FINDING_GUARD_NETWORK, FINDING_GUARD_CONSOLE,
		FINDING_GUARD_UNKNOWN,   FINDING_BRIDGE,        FINDING_GROUP_REFUSED,
		FINDING_GROUP_NOT_WHOLE,
	};

	if (decision->verdict == VERDICT_TAKE || decision->verdict == VERDICT_DIVIDE)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(lasting); i++) {
		if (findings_have(&decision->findings, lasting[i]))
			return finding_word(lasting[i]);
	}
	return NULL;
}

static const char *obstacle(const struct addition *addition, const struct decision *decision)
{
	return names_has(&addition->names, decision->rule->name) ? lasting_reason(decision) : NULL;
}

static bool has_obstacle(const struct addition *addition)
{
	for_each_decision(decision, &addition->draft.then.plan) {
		if (obstacle(addition, decision))
			return true;
	}
	return false;
}

static int check_plan(const struct addition *addition)
{
	int r = 0;

	for_each_decision(decision, &addition->draft.then.plan) {
		const char *reason = obstacle(addition, decision);
		char address[ADDRESS_SIZE];

		if (!reason)
			continue;
		fprintf(stderr, "passthru add: %s would be refused at the next boot (%s)\n",
			address_format(&decision->device->address, address), reason);
		r = -EPERM;
	}
	return r;
}

static bool is_confirmed(const struct addition *addition)
{
	if (!addition->is_asked || addition->options->dry_run)
		return true;
	return choose_confirm("Write this to /etc/passthru.conf.d?", true);
}

/* The rules, and that nothing is against them; none is left where nothing is to be written. */
static int prepare(struct addition *addition)
{
	int r = pick(addition);

	if (r == 0)
		r = draft_rules(addition);
	if (r < 0 || !addition->draft.count)
		return r;
	r = draft_plan(&addition->draft);
	draft_print(&addition->draft, addition->options->dry_run || has_obstacle(addition));
	if (r == 0)
		r = check_plan(addition);
	if (r == 0 && !is_confirmed(addition))
		r = -ECANCELED;
	return r;
}

static void addition_free(struct addition *addition)
{
	draft_free(&addition->draft);
	free(addition->picked);
	names_free(&addition->names);
}

static int run_add(struct call *call)
{
	const struct add_options *options = call->options;
	_cleanup_(addition_free) struct addition addition = {
		.draft = { .json = options->json,
			   .dry_run = options->dry_run,
			   .rebuild = options->rebuild },
		.call = call,
		.options = options,
	};
	int r = check_call(&addition);

	if (r == 0)
		r = draft_begin(&addition.draft, call);
	if (r < 0)
		return r;
	if (addition.draft.now.want.has_errors)
		return refuse_bad_configuration(&addition);
	r = prepare(&addition);
	if (r < 0 && call->status == EXIT_OK)
		fputs("passthru add: nothing was written\n", stderr);
	if (r < 0 || !addition.draft.count)
		return r;
	return draft_finish(&addition.draft, dropin_write, "written");
}

static const struct command_option accepted[] = {
	OPTION_JSON(struct add_options),
	{ .name = "dry-run",
	  .offset = offsetof(struct add_options, dry_run),
	  .meaning = "print what would be done, change nothing" },
	{ .name = "rebuild",
	  .offset = offsetof(struct add_options, rebuild),
	  .meaning = "then rebuild the image of this host" },
	{ .name = "name",
	  .argument = "NAME",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct add_options, name),
	  .meaning = "name of the rule" },
	DEVICE_KEY_OPTIONS(struct add_options),
	KEY_OPTION(struct add_options, on_failure, "on-failure", "POLICY",
		   "if it cannot be bound: host or hold"),
	KEY_OPTION(struct add_options, hotplug, "hotplug", "WORD",
		   "also when it is hot-plugged: yes or no"),
	KEY_OPTION(struct add_options, class, "class", "DIGITS",
		   "only if it has this class, such as 0300"),
	KEY_OPTION(struct add_options, count, "count", "NUMBER", "only if so many devices match"),
	KEY_OPTION(struct add_options, vfs, "vfs", "NUMBER",
		   "enable so many VFs, and bind them instead"),
	KEY_OPTION(struct add_options, vf, "vf", "NUMBERS", "only these VFs, such as 0-3,6"),
	KEY_OPTION(struct add_options, mac, "mac", "ADDRESSES", "MAC addresses of the VFs"),
	KEY_OPTION(struct add_options, vlan, "vlan", "NUMBERS",
		   "VLANs of the VFs, such as 100-103"),
	KEY_OPTION(struct add_options, trust, "trust", "WORDS", "trust the VFs: yes or no"),
	KEY_OPTION(struct add_options, spoofchk, "spoofchk", "WORDS",
		   "check the source addresses of the VFs: yes or no"),
	KEY_OPTION(struct add_options, max_tx_rate, "max-tx-rate", "NUMBERS",
		   "Mbit/s that the VFs may send"),
	KEY_OPTION(struct add_options, pf_up, "pf-up", "WORD",
		   "set the interface of the PF up: yes or no"),
	KEY_OPTION(struct add_options, match_firmware, "match-firmware", "TEXT",
		   "only on machines with FIELD:PATTERN in SMBIOS"),
	KEY_OPTION(struct add_options, match_kernel_command_line, "match-kernel-command-line",
		   "TEXT", "only with NAME or NAME=PATTERN on the kernel command line"),
	KEY_OPTION(struct add_options, match_architecture, "match-architecture", "WORD",
		   "only on x86-64, arm64, ..."),
	KEY_OPTION(struct add_options, match_virtualization, "match-virtualization", "WORD",
		   "only in a virtual machine, or in none: yes or no"),
	KEY_OPTION(struct add_options, match_platform, "match-platform", "WORD",
		   "only without Xen, or in its dom0: bare or xen-dom0"),
	KEY_OPTION(struct add_options, match_device, "match-device", "TEXT",
		   "only where this address, path or ID is present"),
};

const struct command add_command = {
	.name = "add",
	.operands = "[ADDRESS|FILTER]...",
	.operand_max = SIZE_MAX,
	.summary = "write rules for the next boot",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct add_options),
	.run = run_add,
};
