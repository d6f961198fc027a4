/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the trials of a host: which configurations are proven, and which one is on
 * trial. A store (store.h) keeps it where it outlives a boot that hangs. No I/O.
 *
 *   passthru 1
 *   armed SHA256            it may be tried; or
 *   trying SHA256 TRIES     it was, that often, and nobody has proven it since
 *   proven SHA256           none or more, the last one first
 */
#ifndef PASSTHRU_TRIAL_STATE_H
#define PASSTHRU_TRIAL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "want/want.h"

/* Images of older kernels have older configurations, and are to go on with those. */
#define TRIAL_PROVEN_MAX 4
#define TRIAL_TRIES_MAX  9
/* Nothing longer is read: the text above has no more than 600 bytes. */
#define TRIAL_STATE_SIZE_MAX 1024

enum trial_token { TRIAL_TOKEN_NONE, TRIAL_TOKEN_ARMED, TRIAL_TOKEN_TRYING };

/* It needs no memory of its own, so that processes can share it. {0}: nothing is known. */
struct trial_state {
	enum trial_token token;
	char configuration[SHA256_TEXT_SIZE]; /* of the token; "" without one */
	uint32_t tries;                       /* of TRIAL_TOKEN_TRYING */
	char proven[TRIAL_PROVEN_MAX][SHA256_TEXT_SIZE];
	size_t proven_count;
};

/* What the agent may do with a configuration. */
enum trial_verdict {
	TRIAL_NONE,     /* there is no trial */
	TRIAL_PROVEN,   /* use it */
	TRIAL_TRYING,   /* use it, after it was recorded that it is tried */
	TRIAL_FAILED,   /* do not: it was tried, and nobody has proven it */
	TRIAL_UNPROVEN, /* do not: it was never armed */
};

/*
 * What identifies the configuration of WANT: the SHA-256 of `SHA256\nOPTIONS_SHA256\n`, its two
 * digests. The kernel command line is no part of it.
 */
void trial_identify(const struct want *want, char ret[SHA256_TEXT_SIZE]);

/* 64 lower-case hexadecimal digits. */
bool trial_is_digest(const char *text);

/* Read TEXT of SIZE bytes. -EBADMSG for what is not as trial_state_format() writes it. */
int trial_state_parse(const char *text, size_t size, struct trial_state *ret);

/* Add DIGESTS, "SHA256:SHA256...", which is changed, to those that are proven; empty ones are
 * left out. -EBADMSG. */
int trial_add_proven(struct trial_state *state, char *digests);

/* The caller frees it. */
char *trial_state_format(const struct trial_state *state);

bool trial_is_proven(const struct trial_state *state, const char *configuration);

/* What STATE says of CONFIGURATION, which may be tried TRIES times. */
enum trial_verdict trial_judge(const struct trial_state *state, const char *configuration,
			       uint32_t tries);

/* Change STATE: CONFIGURATION may be tried; is tried once more; is proven. */
void trial_arm(struct trial_state *state, const char *configuration);
void trial_try(struct trial_state *state, const char *configuration);
void trial_prove(struct trial_state *state, const char *configuration);

/* Forget the one that is armed or tried; what is proven stays. */
void trial_forget(struct trial_state *state);

/* "none", "proven", "trying", "failed", "unproven" */
const char *trial_word(enum trial_verdict verdict);

#endif
