/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `assign` and `release` share: the flow of the agent, on the running host. */
#ifndef PASSTHRU_CLI_REBIND_RUNTIME_H
#define PASSTHRU_CLI_REBIND_RUNTIME_H

#include "cli/account.h"
#include "cli/command.h"
#include "cli/rule_keys.h"
#include "report/note.h"
#include "report/record.h"
#include "session/session.h"

struct rebind_options {
	bool json, dry_run, persist;
	/* Of assign alone: how the rule is to be called, and what it is to say. */
	const char *name;
	struct device_keys keys;
};

/* Of both commands. */
#define OPTION_DRY_RUN                                                                 \
	{                                                                              \
		.name = "dry-run", .offset = offsetof(struct rebind_options, dry_run), \
		.meaning = "print what would be done, change nothing",                 \
	}
#define OPTION_PERSIST                                                                               \
	{                                                                                            \
		.name = "persist", .offset = offsetof(struct rebind_options, persist),               \
		.meaning =                                                                           \
			"also write or remove the rule in /etc/passthru.conf.d, for the next boots", \
	}

struct runtime {
	struct call *call;
	const struct rebind_options *options;
	struct session session; /* ->want is what is configured; ->plan is what is done now */
	struct want want;       /* one rule, made now, for each device that the user named */
	struct store store;
	char kernel[65];
	struct account account; /* of all that, once it is printed */
};

/*
 * Read the configuration and look at the host and at the devices that the user names. For each of
 * them a rule is made that means it and says nothing else yet; it has the name of the rule in the
 * configuration, if there is one. Negative errno, with the exit status in CALL: not root, no such
 * device, ... runtime_free() it in any case.
 */
int runtime_begin(struct runtime *runtime, struct call *call);

/* The device that RULE of ->want was made for. */
const struct pci_device *runtime_device(const struct runtime *runtime, const struct rule *rule);

/* The rule of the configuration for DEVICE, or NULL. */
const struct rule *runtime_configured(const struct runtime *runtime,
				      const struct pci_device *device);

/* Decide on what ->want takes, and see what its settings are now. */
void runtime_plan(struct runtime *runtime);

/*
 * Carry out ->session.plan, if there is anything to do. The record is locked from before the first
 * write to a device until NOTE has been called for each decision and it is written. What is about
 * to be done is on record, as unfinished, before it begins, and there is room for what comes of it:
 * what cannot be recorded is not done. Negative errno on failure; all there is to tell is printed
 * then.
 */
int runtime_apply(struct runtime *runtime,
		  void (*note)(struct runtime *runtime, struct decision *decision));

/* All that there is to tell by now. It points to what RUNTIME has; it is not to be freed. */
struct record runtime_record(const struct runtime *runtime);

/* Print what there is to tell, as lines or as JSON. Once. */
void runtime_print(struct runtime *runtime);

/*
 * Then, at the very end, the sum and what comes next: NEXT or NULL where all has gone well and the
 * options say nothing else.
 */
void runtime_print_sum(const struct runtime *runtime, const char *next);

void runtime_free(struct runtime *runtime);

#endif
