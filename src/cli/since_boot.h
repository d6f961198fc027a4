/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of the report, compared with those that the host has now. */
#ifndef PASSTHRU_CLI_SINCE_BOOT_H
#define PASSTHRU_CLI_SINCE_BOOT_H

#include "report/store.h"
#include "session/session.h"

/*
 * In the findings of SESSION, which has planned or at least looked at the host: one for each device
 * of STORE, the report of the last boot, that is gone, was absent then and is there now, is at
 * another address or behind another bridge, or has another IOMMU group: the next boot may number
 * devices anew, and a rule that goes by an address would take another one.
 */
void since_boot_tell(const struct store *store, struct session *session);

#endif
