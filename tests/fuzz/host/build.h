/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host in the model, from the statements of a script that are about what it is. */
#ifndef PASSTHRU_FUZZ_BUILD_H
#define PASSTHRU_FUZZ_BUILD_H

#include <stdbool.h>

#include "facts/needs.h"
#include "host/script.h"
#include "model/kernel.h"

/* What is known of a device besides what the kernel knows. */
struct notes {
	unsigned needed;   /* a bit for each enum need_kind that the host needs it for */
	bool is_console;   /* by what is in sysfs, and not in a record */
	unsigned allowed;  /* of enum allow, by the rules that mean it */
	bool is_meant;     /* a rule may take it */
	bool may_be_held;  /* one means its place, and says on-failure = hold */
	bool is_functions; /* it makes virtual ones, or is one: drivers of it come and go */
	bool is_used;      /* a disk of it is mounted, or an interface up */
	/* Before the process that is run: somebody else's work, or that of one before it. */
	bool was_claimed, had_stub;
	bool is_assigned; /* by a user, once it ran */
	bool is_others;   /* claimed, or given to a stub driver, by somebody else */
};

/* Make the host of SCRIPT: the model is reset, and alive when this returns. */
void build_host(const struct script *script);

/* The device that a number of a script means; NULL when there is none at all. */
struct device *build_device(unsigned number);

struct notes *notes_of(struct device *device);

/* The words by which faults name the file they are about; NULL for any. */
const char *fault_name(unsigned number);

#endif
