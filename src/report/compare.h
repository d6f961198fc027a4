/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device of a report, compared with what the kernel says of it now. */
#ifndef PASSTHRU_REPORT_COMPARE_H
#define PASSTHRU_REPORT_COMPARE_H

#include "report/entry.h"

struct comparison {
	struct observed now;
	bool holds;     /* what the report says of its state still does */
	bool is_ok;     /* and it is the configured state, with all settings */
	char *settings; /* of a bound device: settings_difference(), or NULL */
};

/*
 * Look at the device of ENTRY; without an address there is nothing to look at. comparison_free()
 * ends it.
 */
struct comparison entry_compare(const struct root *root, const struct entry *entry);

void comparison_free(struct comparison *comparison);

#endif
