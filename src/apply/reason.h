/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno means for what was being done to a device. No I/O. */
#ifndef PASSTHRU_APPLY_REASON_H
#define PASSTHRU_APPLY_REASON_H

#include "finding/finding.h"

/*
 * Why something failed with ERROR, a negative errno, as the end of a finding with CODE: "the driver
 * rejected the device" for -ENODEV of a bind. The errno's own text where that is the reason.
 */
const char *reason_text(enum finding_code code, int error);

#endif
