/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as text, as `passthru record` prints it (tests/README.md, Hosts). No I/O. */
#ifndef PASSTHRU_CLI_FLEET_DUMP_H
#define PASSTHRU_CLI_FLEET_DUMP_H

#include "system/memory_tree.h"

struct dump_error {
	unsigned line; /* from 1 */
	const char *why;
};

/*
 * Put the host of TEXT, up to a line that begins with "===", into TREE, with what follows from it:
 * the links of sysfs to all devices, and the members of IOMMU groups. TEXT, which may be anybody's,
 * is taken apart. 0; or a negative errno with *RET_ERROR, the line that is none or says what cannot
 * be, and why.
 */
int dump_lay_out(char *text, struct memory_tree *tree, struct dump_error *ret_error);

#endif
