/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that a stub driver has now, though the record knows nothing of it. */
#ifndef PASSTHRU_REPORT_OTHERS_H
#define PASSTHRU_REPORT_OTHERS_H

#include "report/stored.h"
#include "session/held.h"

/*
 * Leave in HELD what passthru did not bind, by the record STORED (of which ->report may be NULL):
 * no entry says that the device was to have that driver, or it was refused or returned.
 */
void others_keep(struct held *held, struct stored *stored);

#endif
