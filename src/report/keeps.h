/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What replaces a report has all that was in it, but for what was removed on purpose. */
#ifndef PASSTHRU_REPORT_KEEPS_H
#define PASSTHRU_REPORT_KEEPS_H

#include <stdbool.h>

struct json_value;

/* FATES are those of the devices of BEFORE, of enum fate. */
bool report_keeps(const struct json_value *before, const struct json_value *after,
		  const unsigned char *fates);

#endif
