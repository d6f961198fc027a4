/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user wants: files, credentials and kernel command line merged and validated. */
#ifndef PASSTHRU_WANT_WANT_H
#define PASSTHRU_WANT_WANT_H

#include <stdbool.h>
#include <stddef.h>

#include "want/native.h"

#define SHA256_TEXT_SIZE 65

struct want {
	struct rule *rules; /* in the order of matching; every option of them is set */
	size_t rule_count;
	struct options options; /* of [passthru], every one set */
	bool off;
	bool has_errors; /* then nothing is to be bound */
	/* Bit N: the stub driver of stub_at(N) is given an option of its own that names devices. */
	unsigned natives;
	/*
	 * SHA-256 of the files that it is from, those of modprobe.d excepted, in their order, as
	 * `cat FILES | sha256sum` prints it; "" without a file. And of what modprobe.d gives the
	 * stub drivers as options of their own, natives_text(); "" when that is nothing.
	 */
	char sha256[SHA256_TEXT_SIZE], options_sha256[SHA256_TEXT_SIZE];
	struct findings findings;
};

/*
 * Merge what the FILES, CREDENTIALS (of credentials_parse()), the command line (CMDLINE) and the
 * stub drivers' own options (NATIVES) ask for. The command line wins, then come credentials: their
 * options override those of [passthru] in files, their rules match first, and a rule of theirs
 * replaces one of the same name in files. The command line's skip list removes rules of all. Rules
 * of the drivers' own options match last. What is wrong with credentials alone is no error of the
 * want. All are emptied; the caller frees the want.
 */
void want_merge(struct intent *files, struct intent *credentials, struct intent *cmdline,
		struct natives *natives, struct want *ret);

/* Neither switched off nor with errors: its rules count. */
bool want_is_in_force(const struct want *want);

/* Some stub driver is given an option of its own that names devices. */
bool want_has_natives(const struct want *want);

/* stub_at(NUMBER) is. */
bool want_has_native(const struct want *want, size_t number);

/* Leave WANT without rules; the natives stay. */
void want_drop_rules(struct want *want);

/* A rule of WANT is about virtual functions, so that functions_survey() is needed. */
bool want_has_functions(const struct want *want);

/* The traits of the machine that conditions of its rules ask for: bit N is enum trait N. */
unsigned want_traits(const struct want *want);

void want_free(struct want *want);

#endif
