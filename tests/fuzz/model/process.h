/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes, time and what goes wrong. A child is run in the same process, and is cut off by a
 * longjmp(3) when it hangs or dies: what it allocated is freed then, what it had open is closed. A
 * clock of the model's own goes on with every call of a door, so that time limits cost no time.
 */
#ifndef PASSTHRU_FUZZ_PROCESS_H
#define PASSTHRU_FUZZ_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum effect {
	EFFECT_FAIL,       /* an error, and nothing was done */
	EFFECT_FAIL_LATE,  /* an error, though it was done */
	EFFECT_NONE,       /* success, though nothing was done */
	EFFECT_HANG,       /* it never comes back */
	EFFECT_HANG_LATE,  /* the same, though it was done */
	EFFECT_DIE,        /* SIGKILL for the innermost child */
	EFFECT_DIE_LATE,   /* the same, once it was done */
	EFFECT_DIE_ALL,    /* SIGKILL for all of them, the first process too */
	EFFECT_DIE_WORKER, /* for the outermost child and all that it has */
	EFFECT_COUNT,
};

/* What a fault is about: the calls with this number, or those on files of this name. */
struct fault {
	unsigned at;      /* which call, from 0; of NAME where that is given */
	const char *name; /* the last part of the path; NULL: of any */
	bool goes_on;     /* all calls from there on */
	enum effect effect;
	int error; /* negative errno */
	bool has_struck;
};

/* Nothing is running, no time has passed, nothing goes wrong. */
void process_reset(void);

/* Let FAULT happen in the processes from now on; it is copied. */
void process_add_fault(const struct fault *fault);
void process_clear_faults(void);

/* How many faults have struck since process_clear_faults(), and whether one struck NAME. */
unsigned process_struck(void);
bool process_struck_name(const char *name);

/*
 * Run FUNCTION as a process of its own. Returns what it returned, or -EIO when it was killed; that
 * it cannot hang is a property: "terminates".
 */
int process_run(int (*function)(void *context), void *context);

/*
 * A door is called for the file PATH. 0 to go on; a negative errno to return; 1 to return success,
 * with nothing done. May not return at all.
 */
int door_begin(const char *path);

/* It was done, with RESULT: what to return. May not return either. */
int door_end(int result);

/* A call with no file, of which WHAT is the name. */
int door_only(const char *what);

/* Doors are open to all from here on: nothing fails and nothing is counted. For the model's own. */
void doors_open(void);
void doors_close(void);

/* Time goes by: in a process, where that may end it, and between two. */
void process_sleep(int64_t us);
void process_wait(int64_t us);
int64_t process_now(void);

/* The number of the innermost process: 1 for the first, 0 for none. */
int process_depth(void);

/* Zeroed memory that outlives the process in which the model needs it. */
void *model_allocate(size_t size);

/* What is allocated from here on is not the product's; and is again. */
void model_works(bool it_does);

/* The calls since process_reset(). */
unsigned process_calls(void);

/* Print what is done, for FUZZ_TRACE=1. */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
