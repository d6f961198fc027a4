/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs whose system calls pass through the harness, by a seccomp listener: it can have one of
 * them fail, kill the process that is about to make it, and answer writes to sysfs as the kernel
 * would (sysfs.h). That costs a tenth of what strace does, and needs neither ptrace nor root.
 */
#ifndef PASSTHRU_FAULTS_PROCESS_H
#define PASSTHRU_FAULTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "sysfs.h"

#define PROCESSES_MAX 64

/*
 * A call: the process, in the order in which they begin, from 0; the number of the system call, and
 * how many of these that process has made before.
 */
struct point {
	unsigned process, number, before;
};

enum effect {
	EFFECT_NONE,
	EFFECT_ERROR, /* it fails with `error`, and does nothing */
	EFFECT_LOST,  /* a write says that it was done, and was not */
	EFFECT_LATE,  /* a write is done, and says `error` */
	EFFECT_KILL,  /* the process gets SIGKILL before it makes the call */
};

struct fault {
	enum effect effect;
	struct point point;
	int error;
};

/* How a program is started. Of what is 0 or NULL nothing is changed. */
struct program {
	char *const *argv;
	bool traces;  /* note all calls from the beginning of main() on */
	uid_t uid;    /* run by this user */
	int resource; /* with this RLIMIT_, if `has_limit` */
	bool has_limit;
	rlim_t limit;
	char *const *environment; /* instead of the harness's */
	int inherited_fd;         /* kept open for the program, if `has_inherited_fd` */
	bool has_inherited_fd;
	int64_t deadline_ms; /* it is killed a second after that */
	struct fault fault;
};

/* What became of it. */
struct outcome {
	int status;        /* as from waitpid(2) */
	bool has_begun;    /* it came as far as main() */
	bool is_late;      /* it was not done at its deadline */
	bool left_process; /* something of it was still there when it had ended */
	bool was_injected;
	char *where;  /* what the call was about, or NULL */
	char *output; /* standard output and error */
	int64_t duration_ms;
	struct point *points; /* if `traces` */
	size_t point_count;
};

/* Whether this can work here; the reason why not as *RET_REASON. */
bool process_can_trace(const char **ret_reason);

/* Run all of PROGRAMS at once, to their end. The caller frees the OUTCOMES. */
void process_run(struct host *host, const struct program *programs, struct outcome *outcomes,
		 size_t count);

void outcome_free(struct outcome *outcome);

/* "openat2", or "call 999". The caller frees it. */
char *process_call_name(unsigned number);

#endif
