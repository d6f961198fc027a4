/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be true of a host, whatever happens to it and whatever goes wrong. */
#ifndef PASSTHRU_FUZZ_CHECK_H
#define PASSTHRU_FUZZ_CHECK_H

#include <stdbool.h>

#include "model/kernel.h"

/* What is run. */
enum mode {
	MODE_BOOT,
	MODE_DRY,
	MODE_VERIFY,
	MODE_HOTPLUG,
	MODE_RESCUE,
	MODE_ASSIGN,
	MODE_RELEASE,
	MODE_COMMAND, /* one that only looks */
};

struct run_of {
	enum mode mode;
	struct device *target; /* of hotplug, assign and release; or NULL */
	unsigned allowed;      /* of assign: enum allow */
};

/* The host was built; nothing has run yet. */
void check_begin(void);

/* Something has happened to the host between two processes. */
void check_host_changes(void);

/* Before and after a process; RESULT is its exit status, or negative when it was killed. */
void check_before(const struct run_of *run);
void check_after(const struct run_of *run, int result);

/* Of the whole host, at the end. */
void check_end(void);

#endif
