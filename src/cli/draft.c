/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/draft.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/iommu.h"
#include "cli/message.h"
#include "cli/next_boot.h"
#include "cli/owners.h"
#include "cli/rebuild.h"
#include "cli/terminal.h"
#include "facts/iommu_summary.h"
#include "report/exit_status.h"
#include "report/record_json.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"

static int check_caller(const struct draft *draft)
{
	struct call *call = draft->call;

	if (draft->rebuild && call->root.is_confined)
		return cli_usage_error(call, "--rebuild is for this host, not for --root DIR");
	if (draft->dry_run || call->root.is_confined || geteuid() == 0)
		return 0;
	fprintf(stderr, "passthru %s: only root can write /etc/passthru.conf.d\n",
		call->command->name);
	call->status = EXIT_NEEDS_ROOT;
	return -EPERM;
}

static int read_sources(const struct draft *draft, struct session *session, size_t dropin_count)
{
	const struct session_input input = { .root = &draft->call->root,
					     .find_owners = owners_find,
					     .open_modules = kmod_open,
					     .dropins = draft->sources,
					     .dropin_count = dropin_count };
	int r = session_read_next_boot(session, &input, NULL);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	session->want.off = false;
	return 0;
}

int draft_begin(struct draft *draft, struct call *call)
{
	int r;

	draft->call = call;
	r = check_caller(draft);
	if (r == 0)
		r = read_sources(draft, &draft->now, 0);
	if (r < 0)
		return r;
	r = session_scan(&draft->now);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	session_scan_functions(&draft->now);
	session_match(&draft->now);
	return 0;
}

struct dropin *draft_add(struct draft *draft)
{
	draft->dropins = memory_grow(draft->dropins, draft->count, sizeof(*draft->dropins));
	draft->dropins[draft->count] = (struct dropin){ 0 };
	return &draft->dropins[draft->count++];
}

/* RULE is in one of the drop-ins. */
static bool is_drafted(const struct draft *draft, const struct rule *rule)
{
	for (size_t i = 0; i < draft->count; i++) {
		size_t length = strlen(draft->dropins[i].path);

		if (strncmp(rule->origin, draft->dropins[i].path, length) == 0 &&
		    rule->origin[length] == ':')
			return true;
	}
	return false;
}

static void print_text(struct draft *draft, const struct record *record, bool for_call)
{
	const struct terminal terminal = terminal_get();

	if (record->iommu_summary)
		iommu_print(record->iommu_summary, &terminal);
	for_each_decision(decision, &draft->then.plan)
		account_add_decision(&draft->account, decision,
				     for_call && is_drafted(draft, decision->rule)
					     ? draft->call->command
					     : NULL);
	account_add_rest(&draft->account, record);
	account_print(&draft->account);
	fflush(stdout);
}

void draft_print(struct draft *draft, bool for_call)
{
	const struct session *then = &draft->then;
	_cleanup_free_ char *iommu = then->is_scanned ? iommu_summary(&then->facts) : NULL;
	struct utsname kernel;
	struct record record;

	if (!draft->is_read)
		return;
	uname(&kernel);
	record = account_of(then, kernel.release, iommu);
	if (draft->json) {
		_cleanup_free_ char *json = record_to_json(&record);

		fputs(json, stdout);
		return;
	}
	print_text(draft, &record, for_call);
}

int draft_plan(struct draft *draft)
{
	struct session *then = &draft->then;
	int r;

	draft->sources = memory_new(draft->count, sizeof(*draft->sources));
	for (size_t i = 0; i < draft->count; i++)
		draft->sources[i] = (struct sources_dropin){ draft->dropins[i].path + 1,
							     draft->dropins[i].text };
	r = read_sources(draft, then, draft->count);
	if (r < 0)
		return r;
	draft->is_read = true;
	findings_move(&then->findings, &then->want.findings);
	if (then->want.has_errors)
		return -EINVAL;
	return then->want.rule_count ? next_boot_plan(then) : 0;
}

static void tell(const struct draft *draft, const struct dropin *dropin, const char *done)
{
	FILE *stream = draft->json ? stderr : stdout;

	if (draft->dry_run)
		fprintf(stream, "%s would be %s.\n%s", dropin->path, done,
			dropin->text ? dropin->text : "");
	else
		dropin_tell(dropin, done, stream);
}

static char *find_next_step(const struct draft *draft)
{
	if (draft->account.severities[SEVERITY_ERROR])
		return memory_dup("fix the errors, then run `passthru check`");
	if (draft->dry_run)
		return memory_dup("run it without --dry-run");
	if (draft->rebuild)
		return memory_dup("reboot");
	return memory_printf("%s, then reboot", rebuild_command(&draft->call->root));
}

static void print_sum(const struct draft *draft)
{
	const struct want *want = &draft->then.want;
	_cleanup_free_ char *next = find_next_step(draft);
	_cleanup_free_ char *what =
		want->has_errors || want->rule_count
			? account_outcome(&draft->then.plan)
			: memory_dup("No rule is left: no device would be assigned");

	if (draft->json)
		fprintf(stderr, "Next: %s.\n", next);
	else
		account_print_sum(&draft->account, what, next);
}

int draft_finish(struct draft *draft,
		 int (*change)(const struct root *root, const struct dropin *dropin),
		 const char *done)
{
	const struct root *root = &draft->call->root;
	int r = 0;

	for (size_t i = 0; i < draft->count && r == 0; i++) {
		if (!draft->dry_run)
			r = change(root, &draft->dropins[i]);
		if (r == 0)
			tell(draft, &draft->dropins[i], done);
	}
	if (r == 0 && draft->rebuild && !draft->dry_run) {
		fflush(stdout);
		r = rebuild_run(root);
	}
	if (r == 0)
		print_sum(draft);
	return r;
}

void draft_free(struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		dropin_free(&draft->dropins[i]);
	account_free(&draft->account);
	free(draft->dropins);
	free(draft->sources);
	session_free(&draft->now);
	session_free(&draft->then);
}
