/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that a stub driver has now, though the record knows nothing of it. */
#ifndef PASSTHRU_REPORT_OTHERS_H
#define PASSTHRU_REPORT_OTHERS_H

#include "report/store.h"
#include "session/held.h"

/* To say behind why the report could not be read; there being none is no such reason. */
#define OTHERS_UNKNOWN "which devices other programs bound to stub drivers is unknown"

/*
 * Leave in HELD what passthru did not bind, by the report in STORE, if there is one: no entry says
 * that the device was to have that driver, or it was refused or returned, or the state is unknown.
 */
void others_keep(struct held *held, const struct store *store);

/* Set the report's `bound_by_other` to what is in HELD. */
void others_record(const struct held *held, struct store *store);

#endif
