/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list: every PCI device with what a rule can say of it, and what is to be known of it. */
#include <stdint.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/iommu.h"
#include "cli/list/details.h"
#include "cli/list/fill.h"
#include "cli/list/graph.h"
#include "cli/list/inventory.h"
#include "cli/list/kind.h"
#include "cli/message.h"
#include "cli/pager.h"
#include "cli/pick.h"
#include "plan/condition.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FREE "free"

struct list_options {
	bool tree, details, dot, svg, json, no_legend, no_pager;
};

/* Rules that take nothing on this machine, which nothing in the table would show. */
static void tell_set_aside(const struct want *want)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	if (want_is_in_force(want))
		conditions_tell(want, &findings);
	cli_tell_findings(&findings);
}

/* --- words that name devices: those of kind.h, and "free" */

static bool is_of_word(const char *word, size_t device, const void *context)
{
	const struct inventory *inventory = context;
	const struct item *item = &inventory->items[device];

	return streq(word, FREE) ? item->use.kind == USE_FREE : streq(word, kind_of(item->device));
}

static void list_words(struct names *words)
{
	kind_list(words);
	names_add(words, FREE);
}

/* Which devices the operands name is known when all is known of all devices. */
static int show(struct call *call, struct inventory *inventory)
{
	_cleanup_free_ bool *picked = NULL;
	_cleanup_(names_free) struct names names = { 0 };
	const struct pick_words words = { &names, is_of_word, inventory };
	int r = 0;

	list_words(&names);
	if (call->operand_count) {
		picked = memory_new(inventory->count, sizeof(*picked));
		r = pick_devices_or_words(call, &inventory->session, &words, picked);
	}
	if (r == 0)
		inventory_show(inventory, picked);
	return r;
}

/* --- printing */

static void print_lines(const struct list_options *options, const struct inventory *inventory)
{
	const struct terminal terminal = terminal_get();
	struct pager pager = { 0 };

	if (!options->no_pager)
		pager_open(&pager, &terminal);
	if (!options->no_legend)
		iommu_print(inventory->iommu, &terminal);
	if (options->tree)
		inventory_print_tree(inventory, &terminal, !options->no_legend);
	else if (options->details)
		inventory_print_long(inventory);
	else
		inventory_print_table(inventory, &terminal, !options->no_legend);
	pager_close(&pager);
}

static int print(const struct list_options *options, struct inventory *inventory)
{
	if (options->details || options->json)
		details_read(inventory);
	if (options->json)
		inventory_print_json(inventory);
	else if (options->dot || options->svg)
		return graph_print(inventory, options->svg);
	else
		print_lines(options, inventory);
	return 0;
}

static int look(struct session *session)
{
	int r = session_scan(session);

	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	tell_set_aside(&session->want);
	session_scan_functions(session);
	session_scan_details(session);
	for (size_t i = 0; i < session->facts.findings.count; i++)
		fprintf(stderr, "passthru: left out: %s\n", session->facts.findings.items[i].text);
	return 0;
}

static int run_list(struct call *call)
{
	_cleanup_(inventory_free) struct inventory inventory = { 0 };
	struct session *session = &inventory.session;
	const struct session_input input = { .root = &call->root, .open_modules = kmod_open };
	int r = session_read_next_boot(session, &input, NULL);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	if (session->want.has_errors)
		fputs("passthru: the configuration has errors (`passthru check`): no rule counts\n",
		      stderr);
	r = look(session);
	if (r < 0)
		return r;
	inventory_fill(&inventory);
	r = show(call, &inventory);
	return r < 0 ? r : print(call->options, &inventory);
}

static const struct command_option accepted[] = {
	{ .name = "tree",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, tree),
	  .meaning = "show buses and IOMMU groups as a tree" },
	{ .name = "long",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, details),
	  .meaning = "print every field of each device" },
	{ .name = "dot",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, dot),
	  .meaning = "print the tree in the language of Graphviz" },
	{ .name = "svg",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, svg),
	  .meaning = "print the tree as an SVG picture; needs Graphviz" },
	OPTION_JSON(struct list_options),
	{ .name = "no-legend",
	  .offset = offsetof(struct list_options, no_legend),
	  .meaning = "print neither the IOMMU line nor headings" },
	{ .name = "no-pager",
	  .offset = offsetof(struct list_options, no_pager),
	  .meaning = "do not start a pager" },
};

const struct command list_command = {
	.name = "list",
	.operands = "[ADDRESS|FILTER|RULE|WORD]...",
	.operand_max = SIZE_MAX,
	.summary = "the PCI devices of this host",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct list_options),
	.list_words = list_words,
	.run = run_list,
};
