/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of list for Graphviz. */
#ifndef PASSTHRU_CLI_LIST_GRAPH_H
#define PASSTHRU_CLI_LIST_GRAPH_H

#include "cli/list/inventory.h"

/*
 * Print the devices of INVENTORY that are drawn in the language of dot(1), or AS_SVG what dot makes
 * of it. -ENOENT, which is told, where there is no dot; -EIO when it failed.
 */
int graph_print(const struct inventory *inventory, bool as_svg);

#endif
