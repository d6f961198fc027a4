/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the manual says of each finding and state; made by conf/explanations.awk. */
#ifndef PASSTHRU_CLI_EXPLANATION_H
#define PASSTHRU_CLI_EXPLANATION_H

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"

struct explanation {
	const char *word;
	bool is_state;    /* of a device in the report; else the code of a finding */
	const char *text; /* one paragraph */
};

extern const struct explanation explanations[];
extern const size_t explanation_count;

#endif
