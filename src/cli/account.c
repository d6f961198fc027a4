/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/account.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/message.h"
#include "cli/terminal.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define INDENT_FINDING 4 /* below a device; also of a remedy, from its finding, 2 further */
#define INDENT_REMEDY  2
#define INDENT_WRAPPED 4 /* of the lines that a terminal gets for a long one */

/* --- what is told */

struct account_part *account_add(struct account *account, char *line, enum severity of_line)
{
	account->devices = memory_grow(account->devices, account->count, sizeof(*account->devices));
	account->devices[account->count] =
		(struct account_part){ .line = line, .of_line = of_line, .severity = of_line };
	return &account->devices[account->count++];
}

static void add_finding(struct account *account, struct account_part *part,
			const struct account_finding *finding, const char *code)
{
	part->findings = memory_grow(part->findings, part->count, sizeof(*part->findings));
	part->findings[part->count++] = *finding;
	if (finding->severity > part->severity)
		part->severity = finding->severity;
	account->severities[finding->severity]++;
	if (finding->severity > SEVERITY_INFO)
		names_add_once(&account->codes, code);
}

static enum remedy_form form_for(enum finding_code code, const struct command *command)
{
	const char *key = finding_key(code);

	return command && key && command_has_key(command, key) ? REMEDY_OPTION : REMEDY_KEY;
}

void account_add_findings(struct account *account, struct account_part *part,
			  const struct findings *findings, const struct command *command)
{
	for (size_t i = 0; i < findings->count; i++) {
		enum finding_code code = findings->items[i].code;
		enum severity severity = finding_severity(code);
		const struct account_finding finding = {
			.severity = severity,
			.text = memory_printf("%s: %s: %s", severity_word(severity),
					      finding_word(code), findings->items[i].text),
			.remedy = finding_remedy(code, form_for(code, command)),
		};

		add_finding(account, part, &finding, finding_word(code));
	}
}

/* A report may have been changed since, so that the severity is another word. */
static enum severity recorded_severity(const struct recorded_finding *finding)
{
	enum severity severity = SEVERITY_ERROR;

	while (severity > SEVERITY_INFO && !recorded_has_severity(finding, severity))
		severity--;
	return severity;
}

void account_add_recorded(struct account *account, struct account_part *part,
			  struct recorded_finding first)
{
	for_each_recorded(recorded, first)
	{
		const struct account_finding finding = {
			.severity = recorded_severity(&recorded),
			.text = memory_printf("%s: %s: %s", recorded.severity, recorded.code,
					      recorded.text),
			.remedy = *recorded.remedy ? memory_dup(recorded.remedy) : NULL,
		};

		add_finding(account, part, &finding, recorded.code);
	}
}

void account_add_decision(struct account *account, const struct decision *decision,
			  const struct command *command)
{
	struct buffer line = { 0 };
	struct account_part *part;

	record_put_device(&line, decision);
	part = account_add(account, line.text, record_severity_of(decision));
	account_add_findings(account, part, &decision->findings, command);
}

void account_add_rest(struct account *account, const struct record *record)
{
	if (record->facts)
		account_add_findings(account, &account->rest, &record->facts->iommu_findings, NULL);
	account_add_findings(account, &account->rest, &record->findings, NULL);
}

void account_add_record(struct account *account, const struct record *record,
			const struct command *command)
{
	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		account_add_decision(account, &record->plan->decisions[i], command);
	account_add_rest(account, record);
}

static void free_part(struct account_part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		free(part->findings[i].text);
		free(part->findings[i].remedy);
	}
	free(part->findings);
	free(part->line);
}

void account_free(struct account *account)
{
	for (size_t i = 0; i < account->count; i++)
		free_part(&account->devices[i]);
	free_part(&account->rest);
	free(account->devices);
	names_free(&account->codes);
}

/* --- how it is printed */

static void print_line(const struct terminal *terminal, enum severity severity, int indent,
		       const char *text)
{
	static const char *const colours[] = {
		[SEVERITY_INFO] = "",
		[SEVERITY_WARNING] = "\033[33m",
		[SEVERITY_ERROR] = "\033[31m",
	};
	bool is_coloured = terminal->has_colours && *colours[severity];
	_cleanup_free_ char *line = memory_printf("%*s%s", indent, "", text);
	_cleanup_free_ char *lines =
		terminal_wrap(line, terminal->columns, indent + INDENT_WRAPPED);

	printf("%s%s%s\n", is_coloured ? colours[severity] : "", lines,
	       is_coloured ? "\033[0m" : "");
}

/* What is to be done about several findings is said once, after the last that is printed. */
static bool is_said_next(const struct account_part *part, size_t index)
{
	const struct account_finding *finding = &part->findings[index], *next = finding + 1;

	return index + 1 < part->count && next->severity == finding->severity && next->remedy &&
	       streq(next->remedy, finding->remedy);
}

static void print_finding(const struct terminal *terminal, const struct account_part *part,
			  size_t index)
{
	const struct account_finding *finding = &part->findings[index];
	int indent = part->line ? INDENT_FINDING : 0;

	print_line(terminal, finding->severity, indent, finding->text);
	if (finding->remedy && !is_said_next(part, index)) {
		_cleanup_free_ char *text = memory_printf("what to do: %s", finding->remedy);

		print_line(terminal, SEVERITY_INFO, indent + INDENT_REMEDY, text);
	}
}

static void print_part(const struct terminal *terminal, const struct account_part *part)
{
	if (part->line)
		print_line(terminal, part->of_line, 0, part->line);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
		for (size_t i = 0; i < part->count; i++) {
			if (part->findings[i].severity == (enum severity)severity)
				print_finding(terminal, part, i);
		}
	}
}

void account_print(const struct account *account)
{
	const struct terminal terminal = terminal_get();

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
		for (size_t i = 0; i < account->count; i++) {
			if (account->devices[i].severity == (enum severity)severity)
				print_part(&terminal, &account->devices[i]);
		}
	}
	print_part(&terminal, &account->rest);
	cli_tell_explain(&account->codes, stdout);
}

void account_print_sum(const struct account *account, const char *what, const char *next)
{
	const struct terminal terminal = terminal_get();
	_cleanup_(buffer_free) struct buffer line = { 0 };

	buffer_add(&line, what);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_WARNING; severity--) {
		size_t count = account->severities[severity];

		if (count)
			buffer_printf(&line, ", %zu %s%s", count,
				      severity_word((enum severity)severity),
				      count == 1 ? "" : "s");
	}
	buffer_add(&line, ".");
	if (next)
		buffer_printf(&line, " Next: %s.", next);
	print_line(&terminal, SEVERITY_INFO, 0, line.text);
}

/* --- what became of a plan */

/* What a decision has come to, and from which verdict. */
struct outcome {
	enum state state;
	int verdict; /* or ANY_VERDICT */
	const char *word;
};

#define ANY_VERDICT (-1)

/* In the order of a sum. */
static const struct outcome outcomes[] = {
	{ STATE_PLANNED, VERDICT_TAKE, "would be assigned" },
	{ STATE_PLANNED, VERDICT_DIVIDE, "would have VFs enabled" },
	{ STATE_PLANNED, VERDICT_HOLD, "would be held without a driver" },
	{ STATE_PLANNED, VERDICT_RETURN, "would be returned to the host" },
	{ STATE_BOUND, ANY_VERDICT, "assigned" },
	{ STATE_READY, ANY_VERDICT, "with VFs enabled" },
	{ STATE_WAITING, ANY_VERDICT, "waiting to have VFs enabled" },
	{ STATE_CLAIMED, ANY_VERDICT, "claimed, with no driver bound" },
	{ STATE_HELD, ANY_VERDICT, "held without a driver" },
	{ STATE_RETURNED, VERDICT_REFUSE, "of the host already" },
	{ STATE_RETURNED, VERDICT_TAKE, "returned to the host" },
	{ STATE_RETURNED, VERDICT_RETURN, "returned to the host" },
	{ STATE_REFUSED, ANY_VERDICT, "left to the host" },
	{ STATE_ABSENT, ANY_VERDICT, "absent" },
	{ STATE_FAILED, ANY_VERDICT, "failed" },
};

static size_t count_outcome(const struct plan *plan, const struct outcome *outcome)
{
	size_t count = 0;

	for_each_decision(decision, plan) {
		bool is_of_verdict = outcome->verdict == ANY_VERDICT ||
				     (int)decision->verdict == outcome->verdict;

		count += decision->state == outcome->state && is_of_verdict;
	}
	return count;
}

char *account_outcome(const struct plan *plan)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++) {
		size_t count = count_outcome(plan, &outcomes[i]);

		if (count && text.length)
			buffer_printf(&text, ", %zu %s", count, outcomes[i].word);
		else if (count)
			buffer_printf(&text, "%zu device%s %s", count, count == 1 ? "" : "s",
				      outcomes[i].word);
	}
	if (!text.length)
		buffer_add(&text, "No device would be assigned");
	return text.text;
}

struct record account_of(const struct session *session, const char *kernel, const char *iommu)
{
	return (struct record){
		.program = "passthru " PASSTHRU_VERSION,
		.kernel = kernel,
		.config_sha256 = session->want.sha256,
		.options_sha256 = session->want.options_sha256,
		.facts = session->is_scanned ? &session->facts : NULL,
		.iommu_summary = iommu,
		.plan = session->is_scanned ? &session->plan : NULL,
		.findings = session->findings,
	};
}
