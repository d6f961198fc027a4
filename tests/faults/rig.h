/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One program on one tree, run again and again from the same beginning, each time with a fault. */
#ifndef PASSTHRU_FAULTS_RIG_H
#define PASSTHRU_FAULTS_RIG_H

#include "files.h"
#include "oracle.h"

#define EXAMPLES_MAX 12

struct rig {
	struct host host;
	char *const *argv;
	const char *name;
	const char *only;           /* of all faults the one that is called so */
	char *undo;                 /* where the kernel answers: a program that puts all back */
	const char *preload;        /* a library that counts allocations, for a dynamic program */
	unsigned char statuses[32]; /* that are documented; ends with 255 */
	int64_t deadline_ms;
	size_t sample;        /* about so many runs, evenly chosen; 0: all */
	size_t shard, shards; /* of N parts, this one */
	bool may_only_log;    /* what cannot be recorded is done all the same, and logged */
	bool begins_record;   /* it writes a new one, whatever is there */

	/* The beginning of each run. */
	struct files files;
	struct sysfs before;
	struct json_object *record_before;
	/* What comes of it without a fault. */
	struct sysfs good_sysfs;
	struct json_object *good_record;
	struct outcome good;

	size_t runs, missed, violations[VIOLATION_COUNT], slowest_ms;
	struct {
		enum violation violation;
		char *text;
	} examples[EXAMPLES_MAX];
	size_t example_count;
};

/* What is different in a run. */
struct variation {
	struct program program;
	bool is_altered;     /* the tree is */
	bool may_overflow;   /* the stack is that small: what dies of it is reported, no more */
	bool must_finish;    /* its last word must reach the record */
	bool has_no_record;  /* the record of before is what was altered */
	bool may_take_more;  /* what was altered is not there for a guard, or says something else */
	const char *missing; /* the path of what is not there for the program; or NULL */
};

/* Note the beginning. */
void rig_begin(struct rig *rig);

/* And what comes of it without a fault. Ends the harness when that does not work. */
void rig_learn(struct rig *rig);

/* A program as it is run in the tree of RIG. */
struct program rig_program(const struct rig *rig);

/* Run it, LABEL being what is printed of it, look at what came of it, and put everything back. */
void rig_try(struct rig *rig, const struct variation *variation, const char *label);

/* The same, but what is to be put back, and how, is the caller's. */
void rig_try_here(struct rig *rig, const struct variation *variation, const char *label);
void rig_restore(struct rig *rig);

/* Whether a run with this label is asked for. */
bool rig_selects(const struct rig *rig, const char *label);

/* Call FUNCTION for each of TOTAL runs that belongs to this shard and sample. */
void rig_each(struct rig *rig, size_t total,
	      void (*function)(struct rig *rig, size_t index, void *context), void *context);

void rig_complain(struct rig *rig, const char *label, enum violation violation, const char *text);

/* Look at what is there when all have ended, OUTCOME for one of them. */
void rig_check_rest(struct rig *rig, const struct outcome *outcome, const char *label);

/* Look at how one of them ended. */
void rig_check_end(struct rig *rig, const struct outcome *outcome, const char *label);

/* A line of TAP on all that was run. Returns whether all of it held. */
bool rig_report(struct rig *rig, const char *campaign);

void rig_free(struct rig *rig);

#endif
