/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <string.h>

#include "cli/cli.h"
#include "util/cleanup.h"

/* Each says all that is printed, so one at most. */
#define OUTPUTS (OPTION_MODULES | OPTION_TREE | OPTION_LONG | OPTION_JSON | OPTION_METRICS)

/* A letter may be any char, which is signed or not. */
#define FIRST_VALUE 256

/* Where there is an argument, the member at OFFSET is a text, else it is a switch. */
static const struct option_row {
	unsigned flag; /* 0: every command has it */
	const char *name, *argument;
	size_t offset;
	const char *meaning;
} rows[] = {
	{ OPTION_ROOT, "root", "DIR", offsetof(struct cli_options, root_path),
	  "look at the host, or at the copy of one, below DIR instead of /" },
	{ OPTION_CMDLINE, "cmdline", "TEXT", offsetof(struct cli_options, cmdline),
	  "take TEXT for the kernel command line" },
	{ OPTION_LENIENT, "lenient", NULL, offsetof(struct cli_options, lenient),
	  "only errors of the configuration itself count" },
	{ OPTION_MODULES, "modules", NULL, offsetof(struct cli_options, modules),
	  "print the modules that the plan needs, and nothing else" },
	{ OPTION_TREE, "tree", NULL, offsetof(struct cli_options, tree),
	  "draw buses and IOMMU groups" },
	{ OPTION_LONG, "long", NULL, offsetof(struct cli_options, details),
	  "print all that is known of each device" },
	{ OPTION_JSON, "json", NULL, offsetof(struct cli_options, json),
	  "print one JSON object, for programs" },
	{ OPTION_FORMAT, "format", "NAME", offsetof(struct cli_options, format),
	  "whose configuration: xl, libvirt, qemu, proxmox, opennebula or kubevirt" },
	{ OPTION_SLOT, "slot", "NUMBER", offsetof(struct cli_options, slot),
	  "give the first device this slot in the guest, the others the next ones" },
	{ OPTION_METRICS, "metrics", NULL, offsetof(struct cli_options, metrics),
	  "print metrics for Prometheus" },
	{ OPTION_DRY_RUN, "dry-run", NULL, offsetof(struct cli_options, dry_run),
	  "say what would be done, but touch nothing" },
	{ OPTION_PERSIST, "persist", NULL, offsetof(struct cli_options, persist),
	  "for the next boots as well: a rule in /etc/passthru.conf.d" },
	{ OPTION_NAME, "name", "NAME", offsetof(struct cli_options, name), "call the rule so" },
	{ OPTION_RULE, "driver", "DRIVER", offsetof(struct cli_options, driver),
	  "which driver: auto, vfio-pci, xen-pciback or pci-stub" },
	{ OPTION_RULE, "group", "POLICY", offsetof(struct cli_options, group),
	  "what to do about the rest of the IOMMU group: listed, whole or refuse" },
	{ OPTION_RULE, "iommu", "POLICY", offsetof(struct cli_options, iommu),
	  "what to do where no IOMMU translates for the device: require or warn" },
	{ OPTION_RULE, "allow", "WORDS", offsetof(struct cli_options, allow),
	  "take it although the host seems to need it: storage, network, console" },
	{ OPTION_RULE, "permissive", "WORD", offsetof(struct cli_options, permissive),
	  "for xen-pciback: yes or no" },
	{ OPTION_IMAGE, "image", "FILE", offsetof(struct cli_options, image),
	  "look into a finished initramfs, too" },
	{ OPTION_OUTPUT, "output", "FILE", offsetof(struct cli_options, output),
	  "where the image goes; or -o FILE" },
	{ OPTION_KERNEL, "kernel", "RELEASE", offsetof(struct cli_options, kernel),
	  "put in the stub modules of this kernel instead of the running one" },
	{ OPTION_NO_STUBS, "no-stubs", NULL, offsetof(struct cli_options, no_stubs),
	  "put in no modules" },
	{ 0, "help", NULL, offsetof(struct cli_options, help), "print this help" },
};

static bool accepts(const struct command *command, const struct option_row *row)
{
	return !row->flag || command->accepted & row->flag;
}

/* The table for getopt_long(), which returns a row's index behind all letters. */
static void list_accepted(const struct command *command, struct option options[])
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (accepts(command, &rows[i]))
			*options++ = (struct option){
				.name = rows[i].name,
				.has_arg = rows[i].argument ? required_argument : no_argument,
				.val = FIRST_VALUE + (int)i,
			};
	}
}

/* What getopt_long() returned: an index behind all letters, or the one letter that there is. */
static const struct option_row *row_of(int c)
{
	const struct option_row *row = rows;

	if (c != 'o')
		return &rows[c - FIRST_VALUE];
	while (row->flag != OPTION_OUTPUT)
		row++;
	return row;
}

/*
 * getopt_long() has returned C, '?' or ':'. Its optopt is the letter, or the value of the long
 * option that it knows; 0 for one that it does not know.
 */
static int bad_option(const struct command *command, int c, const char *argument)
{
	if (optopt == 0)
		return cli_usage_error(command, "unknown option '%s'", argument);
	if (c == '?' && optopt < FIRST_VALUE)
		return cli_usage_error(command, "unknown option '-%c'", optopt);
	return cli_usage_error(command, "option '--%s' %s", row_of(optopt)->name,
			       c == ':' ? "needs an argument" : "takes no argument");
}

static void set(struct cli_options *options, const struct option_row *row)
{
	char *member = (char *)options + row->offset;

	if (row->argument)
		*(const char **)member = optarg;
	else
		*(bool *)member = true;
}

static int check_outputs(const struct command *command, const struct cli_options *options)
{
	const struct option_row *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].flag & OUTPUTS) ||
		    !*(const bool *)((const char *)options + rows[i].offset))
			continue;
		if (first)
			return cli_usage_error(command, "--%s and --%s exclude each other",
					       first->name, rows[i].name);
		first = &rows[i];
	}
	return -1;
}

static int check_operands(const struct command *command, const struct cli_options *options)
{
	if (options->operand_count > command->operand_max)
		return cli_usage_error(command, "unexpected argument '%s'",
				       options->operands[command->operand_max]);
	if (options->operand_count < command->operand_min)
		return cli_usage_error(command, "missing argument: %s", command->operands);
	return -1;
}

int cli_options_read(const struct command *command, int argc, char **argv, struct cli_options *ret)
{
	struct option accepted[ARRAY_SIZE(rows) + 1] = { 0 };
	struct cli_options options = {
		.command = command,
		.root.fd = -1,
		.root_path = "/",
	};
	const char *letters;
	int r;

	list_accepted(command, accepted);
	letters = command->accepted & OPTION_OUTPUT ? ":o:" : ":";
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, letters, accepted, NULL)) >= 0;) {
		if (c == '?' || c == ':')
			return bad_option(command, c, argv[optind - 1]);
		set(&options, row_of(c));
	}
	if (options.help) {
		cli_options_print_help(command, stdout);
		return EXIT_OK;
	}
	options.operands = argv + optind;
	options.operand_count = (size_t)(argc - optind);
	r = check_outputs(command, &options);
	if (r < 0)
		r = check_operands(command, &options);
	if (r >= 0)
		return r;
	r = root_open(options.root_path, &options.root);
	if (r < 0) {
		fprintf(stderr, "passthru %s: --root: %s: %s\n", command->name, options.root_path,
			strerror(-r));
		return EXIT_NOT_OK;
	}
	*ret = options;
	return -1;
}

int cli_options_each_key(const struct cli_options *options,
			 int (*function)(const char *key, const char *value, void *context),
			 void *context)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && r >= 0; i++) {
		const char *const *value;

		if (rows[i].flag != OPTION_RULE)
			continue;
		value = (const char *const *)((const char *)options + rows[i].offset);
		if (*value)
			r = function(rows[i].name, *value, context);
	}
	return r;
}

void cli_options_print_usage(const struct command *command, FILE *stream)
{
	fprintf(stream, "passthru %s", command->name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].flag && accepts(command, &rows[i]))
			fprintf(stream, " [--%s%s%s]", rows[i].name, rows[i].argument ? " " : "",
				rows[i].argument ? rows[i].argument : "");
	}
	fprintf(stream, "%s%s\n", *command->operands ? " " : "", command->operands);
}

void cli_options_print_help(const struct command *command, FILE *stream)
{
	fputs("usage: ", stream);
	cli_options_print_usage(command, stream);
	fprintf(stream, "%s\n\n", command->summary);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *argument = rows[i].argument ? rows[i].argument : "";

		if (accepts(command, &rows[i]))
			fprintf(stream, "  --%s %-*s  %s\n", rows[i].name,
				14 - (int)strlen(rows[i].name), argument, rows[i].meaning);
	}
}
