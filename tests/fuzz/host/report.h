/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be true of the record of the boot, and of the rules for udev. */
#ifndef PASSTHRU_FUZZ_REPORT_H
#define PASSTHRU_FUZZ_REPORT_H

#include <stdbool.h>

#include "host/check.h"

void report_reset(void);

/* TEXT is about to take the place of the record. */
void report_check(const struct run_of *run, const char *text);

/* One of its entries says that the device NAME is taken or held, or may be. */
bool report_has_claim(const char *name);

/* There is one, and not only of what was about to be done; or there is none at all. */
bool report_is_finished(void);

/* Every device in it is in the configured state. */
bool report_is_good(void);

/* The last try to write it failed: faults, or no room. */
bool report_could_not_be_written(void);

/* TEXT is rules of udev(7) that can be understood, and every GOTO leads somewhere. */
void report_check_udev(const char *text);

#endif
