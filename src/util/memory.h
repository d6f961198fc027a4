/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation for programs that run once. Without memory there is nothing left to decide with: these
 * functions end the process instead of returning NULL, with the exit status MEMORY_EXIT. In the
 * agent that ends the worker only; its guardian records the death and the boot goes on.
 */
#ifndef PASSTHRU_UTIL_MEMORY_H
#define PASSTHRU_UTIL_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#define MEMORY_EXIT 71 /* sysexits.h EX_OSERR; passthru(8) and passthru-init(8), EXIT STATUS */

/* A zeroed array of COUNT elements of SIZE bytes; the caller frees it. */
void *memory_new(size_t count, size_t size);

/*
 * Make room for one more element behind the COUNT that ARRAY (or NULL) holds, the new one zeroed.
 * Returns the array, which may have moved.
 */
void *memory_grow(void *array, size_t count, size_t size);

/* ARRAY (or NULL) with room for SIZE bytes; it may have moved. */
void *memory_resize(void *array, size_t size);

/* A copy of the first LENGTH bytes of TEXT, terminated; the caller frees it. */
char *memory_copy(const char *text, size_t length);

/* The same of all of TEXT. */
char *memory_dup(const char *text);

/* printf into new memory; the caller frees it. */
char *memory_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *memory_vprintf(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

#endif
