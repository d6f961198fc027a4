/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the allocations of a program, and has one of them fail. The counters are in a file that
 * the harness shares with it, at the descriptor that FAULTS_ALLOCATION names; without that nothing
 * fails. Linked into the agent, which is static, by ld's --wrap; loaded into the command before its
 * C library. In no program that is installed.
 */
#include "allocation.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef WRAP
#define NAME(function) __wrap_##function
#define REAL(function) __real_##function
#else
#define NAME(function) function
#define REAL(function) __libc_##function
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *memory, size_t size);
void *NAME(malloc)(size_t size);
void *NAME(calloc)(size_t count, size_t size);
void *NAME(realloc)(void *memory, size_t size);

static struct allocations *allocations;

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAULTS_ALLOCATION");
	void *memory = text ? mmap(NULL, sizeof(*allocations), PROT_READ | PROT_WRITE, MAP_SHARED,
				   atoi(text), 0)
			    : MAP_FAILED;

	if (memory != MAP_FAILED)
		allocations = memory;
}

/* All processes of the program count together, so that exactly one call fails. */
static int fails(void)
{
	if (!allocations ||
	    __atomic_add_fetch(&allocations->count, 1, __ATOMIC_RELAXED) != allocations->failing)
		return 0;
	allocations->failed++;
	errno = ENOMEM;
	return 1;
}

void *NAME(malloc)(size_t size)
{
	return fails() ? NULL : REAL(malloc)(size);
}

void *NAME(calloc)(size_t count, size_t size)
{
	return fails() ? NULL : REAL(calloc)(count, size);
}

void *NAME(realloc)(void *memory, size_t size)
{
	return fails() ? NULL : REAL(realloc)(memory, size);
}
