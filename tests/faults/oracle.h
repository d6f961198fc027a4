/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold after every run, whatever went wrong in it. */
#ifndef PASSTHRU_FAULTS_ORACLE_H
#define PASSTHRU_FAULTS_ORACLE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "process.h"
#include "sysfs.h"

enum violation {
	VIOLATION_STATUS,       /* an exit status that the manual does not have, or a crash */
	VIOLATION_RECORD,       /* the report is not as passthru-report(5) says */
	VIOLATION_LOST,         /* something of the record is gone */
	VIOLATION_UNRECORDED,   /* a device is claimed, and no record names it */
	VIOLATION_GUARD,        /* a device was touched that is left alone when nothing fails */
	VIOLATION_SILENT,       /* the devices are not as they should be, and nothing says so */
	VIOLATION_FALSE,        /* something is said of the host that is not so */
	VIOLATION_AGAIN,        /* the next run neither completes it nor reports it */
	VIOLATION_LEFT_PROCESS, /* a process outlives the program */
	VIOLATION_LEFT_LOCK,    /* a lock does */
	VIOLATION_DEADLINE,     /* it was not done in time */
	VIOLATION_ESCAPE,       /* a file outside of the root was opened */
	VIOLATION_HARNESS,      /* nothing was injected: the run shows nothing */
	VIOLATION_COUNT,
};

const char *violation_word(enum violation violation);

/* A run, seen from outside. What is NULL or not there was not looked at. */
struct trace {
	const struct sysfs *sysfs;
	struct json_object *record; /* NULL when there is none */
	bool is_damaged;            /* there is one, and it is no record */
	const struct outcome *outcome;
};

struct trial {
	const char *root;
	const unsigned char *statuses; /* ends with 255 */
	const struct sysfs *before;
	struct json_object *record_before;
	struct trace good; /* the same run without a fault; no outcome: it is this one */
	struct trace now;
	bool is_killed;      /* its first process was */
	bool is_again;       /* it follows one that was killed */
	bool is_altered;     /* the tree is another one: no more is taken, but less may be */
	bool may_take_more;  /* than in the good run */
	const char *missing; /* a path at which there is nothing for the program; or NULL */
	bool may_overflow;   /* the worker's stack may be too small, which is reported */
	bool must_finish;    /* it has room for its last word */
	bool may_only_log;   /* what cannot be recorded is done all the same, and logged */
};

typedef void violation_sink(enum violation violation, const char *text, void *context);

/* Call FOUND for all that does not hold: of how the program ended, and of what it left. */
void oracle_check_end(const struct trial *trial, violation_sink found, void *context);
void oracle_check_tree(const struct trial *trial, violation_sink found, void *context);

/* What holds once nobody is at work any more: the record and the devices say the same. */
void oracle_check_rest(const struct trial *trial, violation_sink found, void *context);

/* The record in the tree ROOT. The caller puts *RET, which can be NULL. False: it is damaged. */
bool oracle_read_record(const char *root, struct json_object **ret);

#endif
