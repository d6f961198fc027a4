/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an administrator wants to know of a device first: may it go to a guest? No I/O. */
#ifndef PASSTHRU_CLI_LIST_USE_H
#define PASSTHRU_CLI_LIST_USE_H

#include "cli/list/inventory.h"

/*
 * Set ->use of ITEM, when rules, needs and others are known of all items. Only of what was read
 * without fault it is USE_FREE.
 */
void use_find(const struct inventory *inventory, struct item *item);

#endif
