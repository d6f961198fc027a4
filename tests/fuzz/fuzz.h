/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all fuzz targets share: how they are listed, how they say what does not hold, and input. */
#ifndef PASSTHRU_FUZZ_H
#define PASSTHRU_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/finding.h"
#include "util/cleanup.h"

struct target {
	const char *name;
	/* Do it once. Whatever it allocates it frees. */
	void (*run)(const uint8_t *data, size_t size);
	const char *const *seeds; /* texts to begin with, the last is NULL; or NULL */
	const char *const *words; /* what to put into inputs, likewise */
	size_t size_max;          /* of inputs; 0: 4096 */
	/* Other seeds than texts: call ADD for each; or NULL. */
	void (*each_seed)(void (*add)(const char *text, size_t size));
	/* In place of libFuzzer's own mutations; or NULL. */
	size_t (*mutate)(uint8_t *data, size_t size, size_t size_max, unsigned seed);
	bool prints_input;   /* what a user typed may be printed as it is */
	struct target *next; /* of the list of all */
};

void target_register(struct target *target);

/* One in a file: FUZZ_TARGET(name, .run = ..., .seeds = ...) */
#define FUZZ_TARGET(target_name, ...)                                                      \
	static struct target target_##target_name = { .name = #target_name, __VA_ARGS__ }; \
	__attribute__((constructor)) static void register_##target_name(void)              \
	{                                                                                  \
		target_register(&target_##target_name);                                    \
	}

/* Unless IT holds: say what does not, and end. WHAT names the property, for tests/fuzz/open. */
#define must(it, what, ...)                                               \
	do {                                                              \
		if (!(it) && !fuzz_is_open(what))                         \
			fuzz_fail(what, __FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

/* The property WHAT is on the list of those that are known not to hold yet. */
bool fuzz_is_open(const char *what);

void fuzz_fail(const char *what, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5), noreturn));

/* A copy of DATA as terminated text, of just the size that it needs. The caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);

/*
 * The same up to the first line that says "%%", which is taken out of *DATA and *SIZE with all that
 * is before it. So one input can be several texts.
 */
char *fuzz_part(const uint8_t **data, size_t *size);

/* Nothing in TEXT could steer a terminal or end a line. */
bool fuzz_is_plain(const char *text);

/* All texts of FINDINGS are plain, and whatever warns says what to do. */
void fuzz_check_findings(const struct findings *findings);

/* Standard error and output as the product sees them: discarded, after a look at the bytes. */
void fuzz_mute(void);
void fuzz_unmute(void);

/* What is printed on standard output from here on, and what it was: valid until the next time. */
void fuzz_capture(void);
const char *fuzz_captured(void);

#endif
