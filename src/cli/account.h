/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command has to tell of devices, as lines for a reader: a line for each device, its
 * findings indented under it, what to do on a line of its own. `check`, `status`, `assign` and all
 * others that print a plan or a report print it so; a terminal gets colours, and lines that fit.
 */
#ifndef PASSTHRU_CLI_ACCOUNT_H
#define PASSTHRU_CLI_ACCOUNT_H

#include "cli/command.h"
#include "report/entry.h"
#include "report/record.h"
#include "session/session.h"
#include "util/names.h"

struct account_finding {
	enum severity severity;
	char *text;   /* "warning: reset-weak: no FLR ..." */
	char *remedy; /* or NULL */
};

/* One device and its findings; or the findings of none. */
struct account_part {
	char *line;             /* NULL: of no device */
	enum severity of_line;  /* how grave that is, whatever the findings are */
	enum severity severity; /* of the line or the gravest finding */
	struct account_finding *findings;
	size_t count;
};

/* {0} is an empty one. */
struct account {
	struct account_part *devices;
	size_t count;
	struct account_part rest;
	size_t severities[SEVERITY_ERROR + 1]; /* how many findings */
	struct names codes;                    /* of the findings that are no mere information */
};

/* Append a device with LINE, which is freed with the account. Holds until the next one. */
struct account_part *account_add(struct account *account, char *line, enum severity of_line);

/*
 * Append FINDINGS to PART, of ACCOUNT. A remedy that sets a key is one for COMMAND, if that has an
 * option for the key, else (also for NULL) for passthru.conf(5).
 */
void account_add_findings(struct account *account, struct account_part *part,
			  const struct findings *findings, const struct command *command);

/* The same with those of a report, as they stand there: FIRST and all after it. */
void account_add_recorded(struct account *account, struct account_part *part,
			  struct recorded_finding first);

/* The device of DECISION, how it ended or what is planned, and its findings. */
void account_add_decision(struct account *account, const struct decision *decision,
			  const struct command *command);

/* What RECORD has that is of no device. */
void account_add_rest(struct account *account, const struct record *record);

/* All of RECORD. */
void account_add_record(struct account *account, const struct record *record,
			const struct command *command);

/*
 * Print the devices with errors, those with warnings, and the others, each in the order in which
 * they were added; then what is of no device, and which command explains warnings and errors.
 */
void account_print(const struct account *account);

/* The last line: "WHAT, 1 error, 2 warnings. Next: NEXT." NEXT is NULL where nothing is to do. */
void account_print_sum(const struct account *account, const char *what, const char *next);

void account_free(struct account *account);

/*
 * "2 devices would be assigned, 1 absent": what became of the devices of PLAN, or would. The caller
 * frees it.
 */
char *account_outcome(const struct plan *plan);

/*
 * What SESSION has found and planned, after next_boot_plan(), on a host with this KERNEL. IOMMU is
 * its iommu_summary(), or NULL.
 */
struct record account_of(const struct session *session, const char *kernel, const char *iommu);

#endif
