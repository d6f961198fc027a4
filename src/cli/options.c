/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"

static void set(struct cli_options *options, int flag, const char **ret_root)
{
	if (flag == OPTION_ROOT)
		*ret_root = optarg;
	else if (flag == OPTION_CMDLINE)
		options->cmdline = optarg;
	else if (flag == OPTION_LENIENT)
		options->lenient = true;
	else if (flag == OPTION_MODULES)
		options->modules = true;
}

int cli_options_read(int argc, char **argv, unsigned accepted, struct cli_options *ret)
{
	static const struct option long_options[] = {
		{ "root", required_argument, NULL, OPTION_ROOT },
		{ "cmdline", required_argument, NULL, OPTION_CMDLINE },
		{ "lenient", no_argument, NULL, OPTION_LENIENT },
		{ "modules", no_argument, NULL, OPTION_MODULES },
		{ 0 },
	};
	struct cli_options options = { .root.fd = -1 };
	const char *root = "/";
	int r;

	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
		if (c == '?' || !(accepted & (unsigned)c))
			return cli_usage_error(argv[0], "bad option '%s'", argv[optind - 1]);
		set(&options, c, &root);
	}
	if (optind < argc && accepted & OPTION_FILE)
		options.file = argv[optind++];
	if (optind < argc)
		return cli_usage_error(argv[0], "unexpected argument '%s'", argv[optind]);
	r = root_open(root, &options.root);
	if (r < 0)
		return cli_error(root, r);
	*ret = options;
	return -1;
}
