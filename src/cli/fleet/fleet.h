/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One configuration on many recorded hosts. */
#ifndef PASSTHRU_CLI_FLEET_FLEET_H
#define PASSTHRU_CLI_FLEET_FLEET_H

#include "cli/command.h"

struct fleet_options {
	const char *cmdline; /* in place of the hosts' own; or NULL */
	bool lenient, json;
};

/*
 * Plan the configuration below the root of CALL for the host in each file of its operands, and
 * print a line for each rule, or JSON. What is wrong with the configuration goes to standard error,
 * once; with JSON it is in each report. The status of CALL becomes the worst of all; a file that is
 * no host counts as an error of that host. Negative errno when the configuration cannot be read.
 */
int fleet_check(struct call *call, const struct fleet_options *options);

#endif
