/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running host, as it will be at its next boot. */
#ifndef PASSTHRU_PLAN_AT_BOOT_H
#define PASSTHRU_PLAN_AT_BOOT_H

#include "facts/facts.h"

/*
 * Make of a snapshot of the running host what the agent will meet at the next boot, when no module
 * is loaded yet: drivers that are modules hold nothing, nor do stub drivers, which have devices
 * only because somebody gave them those. For `check`; needs scan_details() before.
 */
void facts_as_at_boot(struct facts *facts);

#endif
