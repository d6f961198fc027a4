/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fleet/fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cli/account.h"
#include "cli/fleet/dump.h"
#include "cli/message.h"
#include "cli/next_boot.h"
#include "facts/iommu_summary.h"
#include "report/exit_status.h"
#include "report/json_writer.h"
#include "report/record.h"
#include "report/record_json.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/conf.h"

#define DUMP_SIZE_MAX (64 << 20)
#define RULE_WIDTH    16
#define ADDRESS_WIDTH 12

/* A file of the configuration, which each host gets. */
struct conf_file {
	char *path, *text;
	size_t size;
};

struct fleet {
	struct call *call;
	const struct fleet_options *options;
	struct conf_file *files;
	size_t file_count;
	int host_width;
	size_t counts[EXIT_ERRORS + 1]; /* hosts by exit status */
	struct json_writer json;
};

/* One host while it is looked at. */
struct host {
	const char *name;
	struct session session;
	struct root root;
	char *why; /* it could not be read */
	int status;
};

static int read_conf_file(const char *path, void *context)
{
	struct fleet *fleet = context;
	struct conf_file file = { 0 };
	int r = root_read_file(&fleet->call->root, path, CONF_SIZE_MAX, &file.text, &file.size);

	if (r < 0) {
		_cleanup_free_ char *shown = memory_printf("/%s", path);

		return cli_error(shown, r);
	}
	file.path = memory_dup(path);
	fleet->files = memory_grow(fleet->files, fleet->file_count, sizeof(file));
	fleet->files[fleet->file_count++] = file;
	return 0;
}

static void fleet_free(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->file_count; i++) {
		free(fleet->files[i].path);
		free(fleet->files[i].text);
	}
	free(fleet->files);
	json_writer_free(&fleet->json);
}

/* Modules are not recorded. */
static struct module_index *open_no_modules(const struct root *root, const char *cmdline,
					    void *context)
{
	(void)root, (void)cmdline, (void)context;
	return NULL;
}

#define WRITE_AGAIN "write it again with `passthru record`"

static char *why_unread(int error)
{
	return error == -EFBIG
		       ? memory_printf(
				 "could not read the host dump: larger than 64 MB; " WRITE_AGAIN)
		       : memory_printf("could not read the host dump: %s", strerror(-error));
}

static int read_dump(const char *name, struct memory_tree *tree, char **ret_why)
{
	const struct root here = { .fd = AT_FDCWD };
	struct dump_error error = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_stream(&here, name, DUMP_SIZE_MAX, &text, &size);

	if (r < 0) {
		*ret_why = why_unread(r);
		return r;
	}
	if (strlen(text) != size) {
		*ret_why = memory_printf(
			"could not read the host dump: no text, it has NUL bytes; " WRITE_AGAIN);
		return -EBADMSG;
	}
	r = dump_lay_out(text, tree, &error);
	if (r < 0)
		*ret_why = memory_printf("could not read the host dump: line %u: %s; " WRITE_AGAIN,
					 error.line, error.why);
	return r;
}

static int add_configuration(const struct fleet *fleet, struct memory_tree *tree, char **ret_why)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < fleet->file_count; i++) {
		const struct conf_file *file = &fleet->files[i];
		_cleanup_free_ char *shown = text_escape(file->path);

		r = memory_tree_add_file(tree, file->path, file->text, file->size);
		if (r < 0)
			*ret_why = memory_printf(
				"could not add /%s to the host: %s; remove that path from the host dump",
				shown, memory_tree_error(r));
	}
	return r;
}

/* What is wrong with the files is said once, not for each host; as JSON each report has it. */
static void say_configuration(const struct fleet *fleet)
{
	const char *cmdline = fleet->options->cmdline;
	struct memory_tree *tree = memory_tree_new();
	const struct root root = memory_tree_root(tree);
	const struct session_input input = { .root = &root, .cmdline = cmdline ? cmdline : "" };
	struct session session = { 0 };
	_cleanup_free_ char *why = NULL;

	if (add_configuration(fleet, tree, &why) == 0 &&
	    session_read_next_boot(&session, &input, NULL) == 0)
		cli_tell_findings(&session.want.findings);
	session_free(&session);
	memory_tree_free(tree);
}

static void plan_host(const struct fleet *fleet, struct host *host)
{
	struct session *session = &host->session;
	const struct session_input input = {
		.root = &host->root,
		.cmdline = fleet->options->cmdline,
		.open_modules = open_no_modules,
	};
	int r = session_read_next_boot(session, &input, NULL);

	if (r < 0) {
		host->why = memory_printf(
			"could not read /proc/cmdline in the host dump: %s; use --cmdline",
			strerror(-r));
		return;
	}
	findings_move(&session->findings, &session->want.findings);
	if (!session->want.has_errors)
		next_boot_plan(session);
	host->status = next_boot_status(session, fleet->options->lenient);
}

/* --- as a table */

static void print_row(const struct fleet *fleet, const struct host *host, const char *rule,
		      const char *address, const char *text)
{
	_cleanup_free_ char *name = text_escape(host->name);

	printf("%-*s  %-*s  %-*s  %s\n", fleet->host_width, name, RULE_WIDTH, rule, ADDRESS_WIDTH,
	       address, text);
}

/*
 * Those that are no mere information, the first behind BEFORE, the others behind a space; not what
 * the state "absent" says itself. Returns what the next one is to be behind.
 */
static const char *put_codes(struct buffer *text, const char *before,
			     const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		enum finding_code code = findings->items[i].code;

		if (finding_severity(code) == SEVERITY_INFO || code == FINDING_ABSENT ||
		    (i && findings->items[i - 1].code == code))
			continue;
		buffer_printf(text, "%s%s", before, finding_word(code));
		before = " ";
	}
	return before;
}

static void print_decision(const struct fleet *fleet, const struct host *host,
			   const struct decision *decision)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };
	char address[ADDRESS_SIZE] = "-";

	if (decision->device)
		address_format(&decision->device->address, address);
	record_put_outcome(&text, decision);
	put_codes(&text, ": ", &decision->findings);
	print_row(fleet, host, decision->rule->name, address, text.text);
}

static bool print_set_aside(const struct fleet *fleet, const struct host *host)
{
	const struct want *want = &host->session.want;
	bool has_any = false;

	for (size_t r = 0; host->session.is_scanned && r < want->rule_count; r++) {
		if (want->rules[r].standing != STANDING_SET_ASIDE)
			continue;
		print_row(fleet, host, want->rules[r].name, "-", "not for this machine");
		has_any = true;
	}
	return has_any;
}

/* What is of no one device, in one line. */
static bool print_rest(const struct fleet *fleet, const struct host *host)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };
	const char *before = put_codes(&text, "", &host->session.findings);

	if (host->session.is_scanned)
		put_codes(&text, before, &host->session.facts.iommu_findings);
	if (host->why)
		buffer_add(&text, host->why);
	if (text.length)
		print_row(fleet, host, "-", "-", text.text);
	return text.length;
}

static void print_host(const struct fleet *fleet, const struct host *host)
{
	bool has_row = host->session.plan.count;

	for_each_decision(decision, &host->session.plan)
		print_decision(fleet, host, decision);
	has_row |= print_set_aside(fleet, host);
	has_row |= print_rest(fleet, host);
	if (!has_row)
		print_row(fleet, host, "-", "-", "no rule");
}

/* --- as JSON */

static void flush_json(struct fleet *fleet)
{
	fputs(fleet->json.buffer.text, stdout);
	buffer_cut(&fleet->json.buffer, 0);
}

static void put_host(struct fleet *fleet, const struct host *host)
{
	const struct session *session = &host->session;
	_cleanup_free_ char *iommu = session->is_scanned ? iommu_summary(&session->facts) : NULL;
	const struct record record = account_of(session, NULL, iommu);

	json_open(&fleet->json, NULL, '{');
	json_text(&fleet->json, "host", host->name);
	json_number(&fleet->json, "status", host->status);
	json_text(&fleet->json, "error", host->why);
	if (host->why)
		json_string(&fleet->json, "report", NULL);
	else
		record_put_json(&fleet->json, "report", &record);
	json_close(&fleet->json, '}');
	flush_json(fleet);
}

/* --- all of them */

static void check_host(struct fleet *fleet, const char *name)
{
	struct host host = { .name = name, .status = EXIT_ERRORS };
	struct memory_tree *tree = memory_tree_new();
	int r = read_dump(name, tree, &host.why);

	if (r == 0)
		r = add_configuration(fleet, tree, &host.why);
	host.root = memory_tree_root(tree);
	if (r == 0)
		plan_host(fleet, &host);
	fleet->counts[host.status]++;
	if (fleet->options->json)
		put_host(fleet, &host);
	else
		print_host(fleet, &host);
	session_free(&host.session);
	memory_tree_free(tree);
	free(host.why);
}

static void print_head(struct fleet *fleet)
{
	const struct host head = { .name = "HOST" };

	for (size_t i = 0; i < fleet->call->operand_count; i++) {
		int width = (int)strlen(fleet->call->operands[i]);

		if (width > fleet->host_width)
			fleet->host_width = width;
	}
	if (!fleet->options->json) {
		print_row(fleet, &head, "RULE", "DEVICE", "NEXT BOOT");
		return;
	}
	json_open(&fleet->json, NULL, '{');
	json_number(&fleet->json, "version", 1);
	json_open(&fleet->json, "hosts", '[');
}

static void print_end(struct fleet *fleet)
{
	const size_t *counts = fleet->counts;

	if (!fleet->options->json) {
		printf("%zu of %zu hosts OK, %zu with warnings, %zu with errors.\n",
		       counts[EXIT_OK], fleet->call->operand_count, counts[EXIT_NOT_OK],
		       counts[EXIT_ERRORS]);
		return;
	}
	json_close(&fleet->json, ']');
	json_close(&fleet->json, '}');
	buffer_add(&fleet->json.buffer, "\n");
	flush_json(fleet);
}

int fleet_check(struct call *call, const struct fleet_options *options)
{
	_cleanup_(fleet_free) struct fleet fleet = { .call = call, .options = options };
	int r = sources_each_file(&call->root, read_conf_file, &fleet);

	if (r < 0) {
		call->status = EXIT_ERRORS;
		return r;
	}
	if (!options->json)
		say_configuration(&fleet);
	print_head(&fleet);
	for (size_t i = 0; i < call->operand_count; i++)
		check_host(&fleet, call->operands[i]);
	print_end(&fleet);
	call->status = fleet.counts[EXIT_ERRORS]   ? EXIT_ERRORS
		       : fleet.counts[EXIT_NOT_OK] ? EXIT_NOT_OK
						   : EXIT_OK;
	return 0;
}
