/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the drop-ins, and what the next boot would make of it: for `add` and `remove`. */
#ifndef PASSTHRU_CLI_DRAFT_H
#define PASSTHRU_CLI_DRAFT_H

#include "cli/account.h"
#include "cli/command.h"
#include "cli/dropin.h"
#include "session/session.h"

struct draft {
	struct call *call;
	bool json, dry_run, rebuild;
	struct session now; /* as it is configured */
	struct dropin *dropins;
	size_t count;
	struct sources_dropin *sources; /* of the session to come */
	bool is_read;                   /* what follows */
	struct session then;
	struct account account; /* of that, once it is printed */
};

/*
 * Read the configuration and look at the devices, for ->now. passthru=off counts for this boot, not
 * for the next. Negative errno, said, with the exit status in CALL; also where the caller could not
 * change a file. draft_free() it in any case.
 */
int draft_begin(struct draft *draft, struct call *call);

/* Append an empty drop-in; the pointer holds until the next one is appended. */
struct dropin *draft_add(struct draft *draft);

/*
 * Plan the next boot with the drop-ins written, or those without a text removed. Negative errno
 * where there is no plan, which is said or is a finding of it.
 */
int draft_plan(struct draft *draft);

/*
 * Print that plan, if there is one, or why there is none. FOR_CALL: the drop-ins will not be there,
 * so what is to be done about their rules is said for the options of the call.
 */
void draft_print(struct draft *draft, bool for_call);

/*
 * Call CHANGE for each drop-in, or with --dry-run say only that it would be DONE ("written"),
 * rebuild the image where the caller wants that, and print the sum and the next step. Negative
 * errno, said.
 */
int draft_finish(struct draft *draft,
		 int (*change)(const struct root *root, const struct dropin *dropin),
		 const char *done);

void draft_free(struct draft *draft);

#endif
