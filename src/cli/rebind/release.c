/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru release: give devices back to the drivers that had them. */
#include "plan/release.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "apply/apply.h"
#include "apply/node_rules.h"
#include "apply/sysfs.h"
#include "cli/command.h"
#include "cli/rebind/boot_rules.h"
#include "cli/rebind/persist.h"
#include "cli/rebind/runtime.h"
#include "report/exit_status.h"
#include "report/settings.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* The stub that has it, whichever was asked for. */
static void complete_rules(struct runtime *runtime)
{
	for (size_t i = 0; i < runtime->want.rule_count; i++) {
		struct rule *rule = &runtime->want.rules[i];

		rule->options.stub = stub_find_driver(runtime_device(runtime, rule)->driver);
		rule->options.driver = rule->options.stub ? DRIVER_STUB : DRIVER_AUTO;
	}
}

/* Its driver has it, but who was about to change that, or failed to, may have left an override. */
static void take_up(struct decision *decision)
{
	if (decision->verdict != VERDICT_REFUSE || decision->state != STATE_RETURNED)
		return;
	decision->verdict = VERDICT_RETURN;
	decision->state = STATE_PLANNED;
	findings_free(&decision->findings);
}

/* What is on record of the device: the name under which it was taken, and who had it. */
static void recall(struct rule *rule, struct decision *decision, struct store *store)
{
	const struct entry *entry = store_find_at(store, &decision->device->address);
	_cleanup_free_ char *driver = NULL;

	settings_recall(decision, entry);
	if (!entry)
		return;
	free(rule->name);
	rule->name = text_unescape(entry->rule);
	if (entry_has_id_of(entry, decision->device))
		decision->vf_former = entry->vf_former;
	driver = text_unescape(entry->previous_driver);
	if (!decision->host_driver[0])
		snprintf(decision->host_driver, sizeof(decision->host_driver), "%s", driver);
	if (entry->is_unfinished || entry->state == STATE_FAILED)
		take_up(decision);
}

static void recall_all(struct runtime *runtime)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	struct plan *plan = &runtime->session.plan;

	if (store_read(&runtime->call->root, &store) < 0)
		return;
	for (size_t i = 0; i < plan->count; i++)
		recall(&runtime->want.rules[i], &plan->decisions[i], &store);
}

/* The link decides, here as well. */
static void verify(const struct root *root, struct decision *decision)
{
	char driver[DRIVER_NAME_SIZE] = "";
	_cleanup_free_ char *what = NULL, *reason = NULL;
	int r = sysfs_read_driver(root, decision->device, driver);

	if (r < 0 || (decision->host_driver[0] && strcmp(driver, decision->host_driver) != 0)) {
		decision->state = STATE_FAILED;
		what = memory_printf("could not reattach it to %s", decision->host_driver);
		reason = r < 0 ? memory_printf("its driver link could not be read")
			       : memory_printf("now bound to %s", *driver ? driver : "no driver");
		apply_fail_because(decision, r < 0 ? r : -ENODEV, FINDING_RETURN_FAILED, what,
				   reason);
		return;
	}
	findings_add(&decision->findings, FINDING_RELEASED, "now bound to %s",
		     driver[0] ? driver : "no driver");
}

/*
 * It leaves the configured state, and the agent must know that it was returned to the host. A
 * configuration that has errors, or could not be read, may have a rule for it.
 */
static bool stays_on_record(const struct runtime *runtime, const struct pci_device *device)
{
	if (!runtime->options->persist && runtime_configured(runtime, device))
		return true;
	return runtime->session.want.has_errors || boot_rules_may_match(&runtime->session, device);
}

static void note(struct runtime *runtime, struct decision *decision)
{
	if (decision->verdict != VERDICT_RETURN)
		return;
	if (decision->state == STATE_RETURNED)
		node_rules_remove(&runtime->call->root, decision->device);
	if (decision->state == STATE_RETURNED)
		verify(&runtime->call->root, decision);
	if (decision->state == STATE_RETURNED && !stays_on_record(runtime, decision->device))
		store_forget(&runtime->store, &decision->device->address);
	else
		store_note(&runtime->store, decision);
}

static bool is_given_back(const struct plan *plan, enum state wanted)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].state != wanted &&
		    plan->decisions[i].state != STATE_RETURNED)
			return false;
	}
	return true;
}

static int give_back(struct runtime *runtime)
{
	bool dry_run = runtime->options->dry_run;
	int r = 0;

	release_plan(&runtime->want, &runtime->session.facts, &runtime->session.plan);
	recall_all(runtime);
	if (!dry_run)
		r = runtime_apply(runtime, note);
	if (r < 0)
		return r;
	runtime_print(runtime);
	if (!is_given_back(&runtime->session.plan, dry_run ? STATE_PLANNED : STATE_RETURNED))
		runtime->call->status = EXIT_NOT_OK;
	return 0;
}

static int run_release(struct call *call)
{
	const struct rebind_options *options = call->options;
	_cleanup_(runtime_free) struct runtime runtime = { .store.lock_fd = -1 };
	int r = runtime_begin(&runtime, call);

	if (r < 0)
		return r;
	complete_rules(&runtime);
	r = give_back(&runtime);
	if (r == 0 && call->status == EXIT_OK && options->persist)
		r = persist_remove(&runtime);
	if (r == 0)
		runtime_print_sum(&runtime, NULL);
	return r;
}

static const struct command_option accepted[] = {
	OPTION_JSON(struct rebind_options),
	OPTION_DRY_RUN,
	OPTION_PERSIST,
};

const struct command release_command = {
	.name = "release",
	.operands = "ADDRESS|FILTER|RULE...",
	.operand_min = 1,
	.operand_max = SIZE_MAX,
	.summary = "return devices to the host now",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct rebind_options),
	.run = run_release,
};
