/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for src/system/{child,clock,fd}.c. */
#include "model/process.h"

#include <errno.h>
#include <sanitizer/allocator_interface.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/file.h"
#include "model/node.h"
#include "system/child.h"
#include "system/clock.h"
#include "system/fd.h"
#include "system/initramfs.h"

#define FAULTS_MAX 16
#define DEPTH_MAX  8
#define CALLS_MAX  300000 /* of one process and its children: more is an endless loop */
#define CALL_US    20
#define FORK_US    400
#define BOOT_US    3000000
/* Where there are more, some are not freed. */
#define ALLOCATION_BITS 16
#define ALLOCATIONS     (1 << ALLOCATION_BITS)
#define SHARED_MAX      64

/* A process, of which all but the innermost wait for the next. */
struct frame {
	jmp_buf jump;
	int64_t deadline_us;
	int end;    /* how it was cut off: a negative errno */
	int signal; /* of what it died, or 0 */
};

static struct frame frames[DEPTH_MAX + 1]; /* the first is number 1 */
static int depth;
static int64_t now_us;
static unsigned calls, calls_before;
static bool is_open;
static struct fault faults[FAULTS_MAX];
static size_t fault_count;
static unsigned seen[FAULTS_MAX]; /* calls that a fault is about */
static const struct fault *late;  /* strikes at the end of this call */
static int tracing = -1;

/*
 * What children allocated and nobody freed yet. Slots are found by the address, whose complement
 * they have, since what is found here would be no leak; those of an older generation are empty.
 */
static struct allocation {
	uintptr_t hidden;
	unsigned generation;
	int depth;
} allocations[ALLOCATIONS];

static unsigned generation = 1;
static size_t allocation_count;
static bool is_tracking, is_models;

static size_t slot_of(const volatile void *memory)
{
	return ((uintptr_t)memory * 0x9e3779b97f4a7c15u) >> (64 - ALLOCATION_BITS);
}

static void on_allocation(const volatile void *memory, size_t size)
{
	size_t slot = slot_of(memory);

	(void)size;
	if (!is_tracking || is_models || !depth || !memory || allocation_count > ALLOCATIONS / 2)
		return;
	while (allocations[slot].generation == generation && allocations[slot].hidden)
		slot = (slot + 1) & (ALLOCATIONS - 1);
	if (allocations[slot].generation != generation)
		allocation_count++;
	allocations[slot] = (struct allocation){ ~(uintptr_t)memory, generation, depth };
}

static void on_free(const volatile void *memory)
{
	if (!is_tracking || !memory)
		return;
	for (size_t slot = slot_of(memory); allocations[slot].generation == generation;
	     slot = (slot + 1) & (ALLOCATIONS - 1)) {
		if (allocations[slot].hidden == ~(uintptr_t)memory) {
			allocations[slot].hidden = 0;
			return;
		}
	}
}

static void free_allocations(int from)
{
	for (size_t i = 0; i < ALLOCATIONS; i++) {
		struct allocation *allocation = &allocations[i];
		uintptr_t hidden = allocation->hidden;

		if (allocation->generation != generation || !hidden || allocation->depth < from)
			continue;
		allocation->hidden = 0;
		free((void *)~hidden); /* NOLINT(performance-no-int-to-ptr) */
	}
}

__attribute__((constructor)) static void install_hooks(void)
{
	__sanitizer_install_malloc_and_free_hooks(on_allocation, on_free);
}

void *model_allocate(size_t size)
{
	bool before = is_models;
	void *memory;

	is_models = true;
	memory = calloc(1, size ? size : 1);
	is_models = before;
	return memory;
}

void model_works(bool it_does)
{
	is_models = it_does;
}

void trace(const char *format, ...)
{
	va_list arguments;

	if (tracing < 0)
		tracing = getenv("FUZZ_TRACE") != NULL;
	if (!tracing || is_open)
		return;
	va_start(arguments, format);
	is_models = true;
	vdprintf(STDERR_FILENO, format, arguments);
	is_models = false;
	va_end(arguments);
}

void process_reset(void)
{
	depth = 0;
	now_us = BOOT_US;
	calls = calls_before = 0;
	is_open = false;
	process_clear_faults();
	files_reset();
}

void process_clear_faults(void)
{
	fault_count = 0;
	late = NULL;
	memset(seen, 0, sizeof(seen));
}

void process_add_fault(const struct fault *fault)
{
	if (fault_count < FAULTS_MAX)
		faults[fault_count++] = *fault;
}

unsigned process_struck(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < fault_count; i++)
		count += faults[i].has_struck;
	return count;
}

bool process_struck_name(const char *name)
{
	for (size_t i = 0; i < fault_count; i++) {
		if (faults[i].has_struck && faults[i].name && strcmp(faults[i].name, name) == 0)
			return true;
	}
	return false;
}

int64_t process_now(void)
{
	return now_us;
}

int process_depth(void)
{
	return depth;
}

unsigned process_calls(void)
{
	return calls;
}

void doors_open(void)
{
	is_open = true;
}

void doors_close(void)
{
	is_open = false;
}

/* The process TO and all that it has begun are no more. One that hangs keeps its locks. */
static void end_from(int to, int end, int signal, bool hangs)
{
	trace("# process %d ends: %s\n", to, signal ? "killed" : strerror(-end));
	late = NULL;
	frames[to].end = end;
	frames[to].signal = signal;
	files_close_from(to, hangs ? depth : 0);
	free_allocations(to);
	longjmp(frames[to].jump, 1);
}

/* The process whose time is over first, of several the outermost; 0 where none has a limit. */
static int next_due(void)
{
	int next = 0;

	for (int i = 1; i <= depth; i++) {
		if (frames[i].deadline_us != INT64_MAX &&
		    (!next || frames[i].deadline_us < frames[next].deadline_us))
			next = i;
	}
	return next;
}

/* It is NEXT_DUE, whose time is over. */
static void end_due(int next_due, bool hangs)
{
	if (frames[next_due].deadline_us > now_us)
		now_us = frames[next_due].deadline_us;
	end_from(next_due, -ETIMEDOUT, 0, hangs);
}

/* It does not last beyond the moment at which somebody loses patience. */
void process_sleep(int64_t us)
{
	int next = next_due();

	if (is_open)
		return;
	if (next && now_us + us >= frames[next].deadline_us)
		end_due(next, false);
	now_us += us;
}

/* Time goes on until somebody loses patience. */
static void hang(void)
{
	int next = next_due();

	/* What the first process does by itself is not made to hang: nobody promises anything. */
	if (next)
		end_due(next, true);
}

void process_wait(int64_t us)
{
	now_us += us;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_about(const struct fault *fault, const char *path)
{
	return !fault->name || strcmp(base_name(path), fault->name) == 0;
}

/* The fault that strikes this call, or NULL. */
static const struct fault *find_fault(const char *path)
{
	const struct fault *found = NULL;

	for (size_t i = 0; i < fault_count; i++) {
		unsigned number = seen[i];

		if (!is_about(&faults[i], path))
			continue;
		seen[i]++;
		if (number != faults[i].at && !(faults[i].goes_on && number > faults[i].at))
			continue;
		if (faults[i].effect == EFFECT_DIE_WORKER && depth < 2)
			continue;
		faults[i].has_struck = true;
		found = &faults[i];
	}
	return found;
}

static void strike_process(const struct fault *fault)
{
	if (fault->effect == EFFECT_HANG || fault->effect == EFFECT_HANG_LATE)
		hang();
	else if (fault->effect == EFFECT_DIE_ALL)
		end_from(1, -EIO, SIGKILL, false);
	else if (fault->effect == EFFECT_DIE_WORKER)
		end_from(2, -EIO, SIGKILL, false);
	else if (fault->effect == EFFECT_DIE || fault->effect == EFFECT_DIE_LATE)
		end_from(depth, -EIO, SIGKILL, false);
}

static void count_call(void)
{
	calls++;
	must(calls - calls_before < CALLS_MAX, "terminates", "more than %d calls in one run",
	     CALLS_MAX);
	process_sleep(CALL_US);
}

int door_begin(const char *path)
{
	const struct fault *fault;

	late = NULL;
	if (is_open || depth == 0)
		return 0;
	count_call();
	fault = find_fault(path);
	if (!fault)
		return 0;
	trace("# fault %d at %s\n", fault->effect, path);
	if (fault->effect == EFFECT_FAIL)
		return fault->error;
	if (fault->effect == EFFECT_NONE)
		return 1;
	if (fault->effect == EFFECT_FAIL_LATE || fault->effect == EFFECT_HANG_LATE ||
	    fault->effect == EFFECT_DIE_LATE) {
		late = fault;
		return 0;
	}
	strike_process(fault);
	return 0;
}

int door_end(int result)
{
	const struct fault *fault = late;

	late = NULL;
	if (!fault)
		return result;
	if (fault->effect == EFFECT_FAIL_LATE)
		return result < 0 ? result : fault->error;
	strike_process(fault);
	return result;
}

int door_only(const char *what)
{
	int r = door_begin(what);

	return r < 0 ? r : door_end(0);
}

/* Returns whether it came to its end, with *RET_RESULT. */
static bool enter_process(int (*function)(void *context), void *context, int64_t deadline_us,
			  int *ret_result)
{
	struct frame *frame = &frames[++depth];
	int here = depth;
	bool is_cut_off;

	must(depth < DEPTH_MAX, "terminates", "children of children");
	frame->deadline_us = deadline_us;
	frame->end = frame->signal = 0;
	is_cut_off = setjmp(frame->jump) != 0;
	if (!is_cut_off)
		*ret_result = function(context);
	depth = here - 1;
	return !is_cut_off;
}

/* Memory that ends with the first process, if nobody gives it back. */
static void *shared[SHARED_MAX];

void *child_share(size_t size)
{
	if (door_only("mmap") < 0)
		return NULL;
	for (size_t i = 0; i < SHARED_MAX; i++) {
		if (!shared[i])
			return shared[i] = model_allocate(size);
	}
	return NULL;
}

void child_unshare(void *memory, size_t size)
{
	(void)size;
	for (size_t i = 0; i < SHARED_MAX && memory; i++) {
		if (shared[i] == memory)
			shared[i] = NULL;
	}
	free(memory);
}

static void end_sharing(void)
{
	for (size_t i = 0; i < SHARED_MAX; i++)
		child_unshare(shared[i], 0);
}

int process_run(int (*function)(void *context), void *context)
{
	int result = -EIO;

	generation++;
	allocation_count = 0;
	calls_before = calls;
	is_tracking = true;
	if (enter_process(function, context, INT64_MAX, &result))
		files_check_closed();
	is_tracking = false;
	end_sharing();
	return result;
}

int child_run(int (*function)(void *context), void *context, int timeout_ms, int *ret_signal)
{
	const struct frame *frame = &frames[depth + 1];
	int result = -EIO, r = door_only("fork");

	if (r < 0)
		return r;
	trace("fork, for %d ms\n", timeout_ms);
	if (is_open || depth == 0)
		return function(context);
	process_sleep(FORK_US);
	if (enter_process(function, context, now_us + (int64_t)timeout_ms * 1000, &result))
		return result;
	if (frame->signal && ret_signal)
		*ret_signal = frame->signal;
	return frame->end;
}

/* Nothing in the model outlives its caller. */
int child_detach(int (*function)(void *context), void *context)
{
	(void)function, (void)context;
	return -EAGAIN;
}

/* One after the other: the time that each takes counts, but they share what there is. */
int child_run_all(int (*function)(void *context), void *const contexts[], size_t count,
		  int timeout_ms)
{
	int64_t end = now_us + (int64_t)timeout_ms * 1000, begin = now_us, longest = now_us;
	size_t started = 0;
	int r = door_only("pipe"), result = 0;

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		int ignored;

		if (door_only("fork") < 0)
			continue;
		started++;
		now_us = begin;
		if (!enter_process(function, contexts[i], end, &ignored) &&
		    frames[depth + 1].end == -ETIMEDOUT)
			result = -ETIMEDOUT;
		longest = now_us > longest ? now_us : longest;
	}
	now_us = longest;
	process_sleep(0);
	return started ? result : -EAGAIN;
}

void open_standard_files(void)
{
}

/* The runs at boot are in one. */
bool initramfs_is_left(void)
{
	return false;
}

int64_t clock_us(void)
{
	process_sleep(1);
	return now_us;
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}
