/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/runtime.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "apply/apply.h"
#include "apply/first_bind.h"
#include "apply/sysfs.h"
#include "cli/dropin.h"
#include "cli/iommu.h"
#include "cli/message.h"
#include "cli/offers.h"
#include "cli/owners.h"
#include "cli/pick.h"
#include "cli/rebuild.h"
#include "cli/terminal.h"
#include "facts/iommu_summary.h"
#include "plan/plan.h"
#include "probe/usage.h"
#include "report/exit_status.h"
#include "report/record_json.h"
#include "report/settings.h"
#include "session/settings.h"
#include "system/clock.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define PROGRAM     "passthru " PASSTHRU_VERSION
#define DEADLINE_MS 60000
#define PATIENCE_MS 30000
#define ROOM        4096 /* bytes of the record for each device, above what is known of it before */

static int check_caller(struct call *call)
{
	const struct rebind_options *options = call->options;

	if (options->dry_run || call->root.is_confined || geteuid() == 0)
		return 0;
	fprintf(stderr, "passthru %s: only root can change the driver of a device\n",
		call->command->name);
	call->status = EXIT_NEEDS_ROOT;
	return -EPERM;
}

/* It means this one device, and only as long as it is the same. */
static void lock_to(struct rule *rule, const struct pci_device *device)
{
	rule->selector.has_address = true;
	rule->selector.address.address = device->address;
	rule->selector.has_id = true;
	rule->selector.id = (struct id_pattern){ device->vendor, device->device, ID_ANY, ID_ANY };
}

/* What the [sriov] section for it sets of the VF is set at run time, too. */
static void copy_vf_settings(struct rule *rule, const struct rule *configured,
			     const struct pci_device *device)
{
	const struct vf_values values =
		vf_lists_pick(&configured->lists, &configured->selector.vf, device->vf_number);

	rule->lists = vf_lists_of_values(&values);
}

/* A rule that means it already lends its name. */
static void add_rule(struct runtime *runtime, const struct pci_device *device)
{
	const struct rule *configured = runtime_configured(runtime, device);
	struct want *want = &runtime->want;
	struct rule *rule;

	want->rules = memory_grow(want->rules, want->rule_count, sizeof(*rule));
	rule = &want->rules[want->rule_count++];
	rule->name = configured ? memory_copy(configured->name, strlen(configured->name))
				: dropin_name(device);
	rule->origin = memory_printf("passthru %s", runtime->call->command->name);
	rule->at_run_time = true;
	lock_to(rule, device);
	if (configured && device->is_virtual)
		copy_vf_settings(rule, configured, device);
}

static int make_rules(struct runtime *runtime)
{
	const struct facts *facts = &runtime->session.facts;
	_cleanup_free_ bool *picked = memory_new(facts->device_count, sizeof(*picked));
	int r = pick_devices(runtime->call, &runtime->session, picked);

	if (r < 0)
		return r;
	for (size_t d = 0; d < facts->device_count; d++) {
		if (picked[d])
			add_rule(runtime, &facts->devices[d]);
	}
	return 0;
}

int runtime_begin(struct runtime *runtime, struct call *call)
{
	struct session *session = &runtime->session;
	const struct session_input input = { .root = &call->root,
					     .find_owners = owners_find,
					     .open_modules = kmod_open };
	struct utsname kernel;
	int r = check_caller(call);

	*runtime = (struct runtime){ .call = call, .options = call->options, .store.lock_fd = -1 };
	if (r < 0)
		return r;
	r = session_read_next_boot(session, &input, NULL);
	if (r < 0)
		return cli_error("/proc/cmdline", r);
	r = session_scan(session);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	session_scan_functions(session);
	r = make_rules(runtime);
	if (r < 0)
		return r;
	session_scan_concerned(session, &runtime->want);
	usage_survey(&call->root, &session->facts);
	uname(&kernel);
	snprintf(runtime->kernel, sizeof(runtime->kernel), "%s", kernel.release);
	return 0;
}

const struct pci_device *runtime_device(const struct runtime *runtime, const struct rule *rule)
{
	const struct facts *facts = &runtime->session.facts;

	return &facts->devices[facts_find(facts, &rule->selector.address.address)];
}

const struct rule *runtime_configured(const struct runtime *runtime,
				      const struct pci_device *device)
{
	return session_rule_of(&runtime->session, device);
}

/* The process that took it before and did not finish knew which driver it had. */
static void recall_driver(struct decision *decision, struct store *store)
{
	const struct pci_device *device = decision->device;
	const struct entry *entry = store_find_at(store, &device->address);
	_cleanup_free_ char *driver = NULL;

	if (decision->host_driver[0] || !entry || !entry->is_unfinished ||
	    !entry_has_id_of(entry, device))
		return;
	driver = text_unescape(entry->previous_driver);
	snprintf(decision->host_driver, sizeof(decision->host_driver), "%s", driver);
}

/* What a device that is claimed already has now need not be what it had before that. */
static void recall_settings(struct runtime *runtime, struct decision *decision)
{
	if (decision->verdict == VERDICT_TAKE &&
	    sysfs_has_override(&runtime->call->root, decision->device))
		settings_recall_former(decision,
				       store_find_at(&runtime->store, &decision->device->address));
}

void runtime_plan(struct runtime *runtime)
{
	struct session *session = &runtime->session;

	plan_make(&runtime->want, &session->facts, &session->plan);
	settings_survey(&runtime->call->root, &session->plan);
	offers_check(&runtime->call->root, &session->plan);
}

static void note_group(const struct pci_device *device, int error, void *context)
{
	struct runtime *runtime = context;

	session_note_group(&runtime->session, device, error);
}

/* As the agent does it at boot. */
static void learn_groups(struct runtime *runtime, const struct apply *apply)
{
	struct session *session = &runtime->session;
	struct plan *plan = &session->plan;

	if (!first_bind_is_needed(plan))
		return;
	first_bind(apply, plan, note_group, runtime);
	plan_free(plan);
	runtime_plan(runtime);
	first_bind_settle(apply, plan);
	for_each_decision(decision, plan)
		recall_driver(decision, &runtime->store);
}

static void carry_out(struct runtime *runtime)
{
	const struct root *root = &runtime->call->root;
	struct progress progress = { 0 };
	int64_t deadline_ms = clock_ms() + DEADLINE_MS;
	const struct apply apply = {
		.root = root,
		.modules = root->is_confined ? NULL : runtime->session.modules,
		.deadline_ms = deadline_ms,
		.return_by_ms = deadline_ms + PATIENCE_MS,
		.patience_ms = PATIENCE_MS,
		.progress = &progress,
	};

	learn_groups(runtime, &apply);
	apply_plan(&apply, &runtime->session.plan);
}

/* From the first write on there is no way back before the record is written. */
static void hold_signals(sigset_t *ret_before)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&held, signals[i]);
	sigprocmask(SIG_BLOCK, &held, ret_before);
}

static int begin_record(struct runtime *runtime)
{
	const struct record record = { .program = PROGRAM,
				       .kernel = runtime->kernel,
				       .facts = &runtime->session.facts,
				       .findings = runtime->session.findings };
	int r = store_begin(&runtime->call->root, &record, &runtime->store);

	if (r == -ETIMEDOUT)
		fputs("passthru: another passthru process holds the lock; try again later\n",
		      stderr);
	else if (r == -EBADMSG)
		fputs("passthru: /" REPORT_PATH
		      ": not a report of the agent, or damaged; nothing was changed:\n"
		      "move it away and try again\n",
		      stderr);
	else if (r < 0)
		cli_error("/" REPORT_PATH ", so nothing is changed", r);
	return r;
}

static bool is_work(const struct decision *decision)
{
	return decision->verdict != VERDICT_REFUSE;
}

/* Whatever happens then, the record says which devices were touched, and has room for more. */
static int announce(struct runtime *runtime)
{
	_cleanup_free_ char *program = memory_printf("passthru %s", runtime->call->command->name);
	struct plan *plan = &runtime->session.plan;
	struct store *store = &runtime->store;
	int r;

	for (size_t i = 0; i < plan->count; i++) {
		if (!is_work(&plan->decisions[i]))
			continue;
		recall_driver(&plan->decisions[i], store);
		recall_settings(runtime, &plan->decisions[i]);
		store_intend(store, &plan->decisions[i], program);
	}
	r = store_announce(&runtime->call->root, store, ROOM * plan->count);
	if (r < 0)
		fprintf(stderr, "%s: could not write /" REPORT_PATH ", so nothing is changed: %s\n",
			program, store_write_error(r));
	return r;
}

static void note_all(struct runtime *runtime,
		     void (*note)(struct runtime *runtime, struct decision *decision))
{
	struct plan *plan = &runtime->session.plan;

	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];

		if (decision->state != STATE_PLANNED)
			note(runtime, decision);
		/* Announced; one that is fenced was refused only after that. */
		if (is_work(decision) || decision->device->is_fenced)
			store_settle(&runtime->store, &decision->device->address);
	}
}

/* The devices are where they are now; the record says that this is unfinished. */
static void tell_unrecorded(struct runtime *runtime, int error)
{
	runtime_print(runtime);
	fprintf(stderr,
		"passthru %s: could not write /" REPORT_PATH ": %s\n"
		"It still has this as unfinished: run the command again.\n",
		runtime->call->command->name, store_write_error(error));
}

/* Who had the record until now may have moved the devices since they were looked at. */
static int check_unmoved(const struct runtime *runtime)
{
	const struct plan *plan = &runtime->session.plan;

	for (size_t i = 0; i < plan->count; i++) {
		const struct pci_device *device = plan->decisions[i].device;
		char name[ADDRESS_SIZE];

		if (!is_work(&plan->decisions[i]) ||
		    sysfs_has_driver(&runtime->call->root, device, device->driver))
			continue;
		fprintf(stderr,
			"passthru %s: the driver of %s has changed since; nothing was "
			"changed: run the command again\n",
			runtime->call->command->name, address_format(&device->address, name));
		return -EBUSY;
	}
	return 0;
}

static bool has_work(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (is_work(&plan->decisions[i]))
			return true;
	}
	return false;
}

int runtime_apply(struct runtime *runtime,
		  void (*note)(struct runtime *runtime, struct decision *decision))
{
	sigset_t before;
	int r;

	if (!has_work(&runtime->session.plan))
		return 0;
	r = begin_record(runtime);
	if (r == 0)
		r = check_unmoved(runtime);
	if (r < 0)
		return r;
	hold_signals(&before);
	r = announce(runtime);
	if (r == 0) {
		carry_out(runtime);
		note_all(runtime, note);
		r = store_write(&runtime->call->root, &runtime->store);
		if (r < 0)
			tell_unrecorded(runtime, r);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

struct record runtime_record(const struct runtime *runtime)
{
	return (struct record){ .program = PROGRAM,
				.kernel = runtime->kernel,
				.facts = &runtime->session.facts,
				.plan = &runtime->session.plan,
				.findings = runtime->session.findings };
}

void runtime_print(struct runtime *runtime)
{
	const struct record record = runtime_record(runtime);
	const struct terminal terminal = terminal_get();

	if (runtime->options->json) {
		_cleanup_free_ char *json = record_to_json(&record);

		fputs(json, stdout);
	} else {
		_cleanup_free_ char *iommu = iommu_summary(&runtime->session.facts);

		iommu_print(iommu, &terminal);
		account_add_record(&runtime->account, &record, runtime->call->command);
		account_print(&runtime->account);
	}
}

static char *find_next_step(const struct runtime *runtime, const char *next)
{
	const struct rebind_options *options = runtime->options;

	if (runtime->call->status != EXIT_OK)
		return memory_dup("fix the errors, then run it again");
	if (options->dry_run)
		return has_work(&runtime->session.plan) ? memory_dup("run it without --dry-run")
							: NULL;
	if (options->persist)
		return memory_printf("for the next boot rebuild the image: %s",
				     rebuild_command(&runtime->call->root));
	return next ? memory_dup(next) : NULL;
}

void runtime_print_sum(const struct runtime *runtime, const char *next)
{
	_cleanup_free_ char *what = account_outcome(&runtime->session.plan);
	_cleanup_free_ char *step = find_next_step(runtime, next);

	if (!runtime->options->json)
		account_print_sum(&runtime->account, what, step);
	else if (runtime->options->persist && step)
		fprintf(stderr, "Next: %s.\n", step);
}

void runtime_free(struct runtime *runtime)
{
	account_free(&runtime->account);
	store_close(&runtime->store);
	session_free(&runtime->session);
	want_free(&runtime->want);
}
