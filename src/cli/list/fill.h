/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a host to the inventory of its devices. */
#ifndef PASSTHRU_CLI_LIST_FILL_H
#define PASSTHRU_CLI_LIST_FILL_H

#include "cli/list/inventory.h"

/*
 * Fill in the items of a session that has looked at all details of the host. What could not be read
 * is told on standard error. inventory_free() frees it.
 */
void inventory_fill(struct inventory *inventory);
void inventory_free(struct inventory *inventory);

/* Show the devices that are PICKED, one element for each, or all for NULL. */
void inventory_show(struct inventory *inventory, const bool picked[]);

#endif
