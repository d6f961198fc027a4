/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/state.h"

#include <errno.h>
#include <sha256.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define HEAD "passthru 1"

void trial_identify(const struct want *want, char ret[SHA256_TEXT_SIZE])
{
	_cleanup_free_ char *text = memory_printf("%s\n%s\n", want->sha256, want->options_sha256);

	SHA256Data((const uint8_t *)text, strlen(text), ret);
}

bool trial_is_digest(const char *text)
{
	return strlen(text) == SHA256_TEXT_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == SHA256_TEXT_SIZE - 1;
}

static int set_token(struct trial_state *state, enum trial_token token, const char *configuration,
		     const char *tries)
{
	if (state->token != TRIAL_TOKEN_NONE || !configuration || !trial_is_digest(configuration))
		return -EBADMSG;
	if (token == TRIAL_TOKEN_ARMED
		    ? tries != NULL
		    : !tries || parse_decimal(tries, TRIAL_TRIES_MAX, &state->tries) < 0 ||
			      !state->tries)
		return -EBADMSG;
	state->token = token;
	strcpy(state->configuration, configuration);
	return 0;
}

static int add_proven(struct trial_state *state, const char *configuration)
{
	if (!trial_is_digest(configuration) || state->proven_count == TRIAL_PROVEN_MAX)
		return -EBADMSG;
	strcpy(state->proven[state->proven_count++], configuration);
	return 0;
}

int trial_add_proven(struct trial_state *state, char *digests)
{
	const char *digest;
	int r = 0;

	while (r == 0 && (digest = strsep(&digests, ":")))
		r = *digest ? add_proven(state, digest) : 0;
	return r;
}

static int parse_line(struct trial_state *state, char *line)
{
	const char *word = strsep(&line, " "), *configuration = strsep(&line, " ");

	if (streq(word, "armed"))
		return set_token(state, TRIAL_TOKEN_ARMED, configuration, line);
	if (streq(word, "trying"))
		return set_token(state, TRIAL_TOKEN_TRYING, configuration, line);
	return streq(word, "proven") && configuration && !line ? add_proven(state, configuration)
							       : -EBADMSG;
}

int trial_state_parse(const char *text, size_t size, struct trial_state *ret)
{
	_cleanup_free_ char *copy = memory_copy(text, size);
	struct trial_state state = { 0 };
	char *rest = copy, *line;
	int r = strlen(copy) == size && size && copy[size - 1] == '\n' ? 0 : -EBADMSG;

	if (r == 0 && !streq(strsep(&rest, "\n"), HEAD))
		r = -EBADMSG;
	while (r == 0 && (line = strsep(&rest, "\n")) && rest)
		r = parse_line(&state, line);
	if (r == 0)
		*ret = state;
	return r;
}

char *trial_state_format(const struct trial_state *state)
{
	struct buffer text = { 0 };

	buffer_add(&text, HEAD "\n");
	if (state->token == TRIAL_TOKEN_ARMED)
		buffer_printf(&text, "armed %s\n", state->configuration);
	else if (state->token == TRIAL_TOKEN_TRYING)
		buffer_printf(&text, "trying %s %u\n", state->configuration, state->tries);
	for (size_t i = 0; i < state->proven_count; i++)
		buffer_printf(&text, "proven %s\n", state->proven[i]);
	return text.text;
}

bool trial_is_proven(const struct trial_state *state, const char *configuration)
{
	for (size_t i = 0; i < state->proven_count; i++) {
		if (streq(state->proven[i], configuration))
			return true;
	}
	return false;
}

enum trial_verdict trial_judge(const struct trial_state *state, const char *configuration,
			       uint32_t tries)
{
	if (trial_is_proven(state, configuration))
		return TRIAL_PROVEN;
	if (state->token == TRIAL_TOKEN_NONE || !streq(state->configuration, configuration))
		return TRIAL_UNPROVEN;
	return state->token == TRIAL_TOKEN_ARMED || state->tries < tries ? TRIAL_TRYING
									 : TRIAL_FAILED;
}

void trial_arm(struct trial_state *state, const char *configuration)
{
	state->token = TRIAL_TOKEN_ARMED;
	strcpy(state->configuration, configuration);
	state->tries = 0;
}

void trial_try(struct trial_state *state, const char *configuration)
{
	bool is_same =
		state->token == TRIAL_TOKEN_TRYING && streq(state->configuration, configuration);

	if (!is_same)
		state->tries = 1;
	else if (state->tries < TRIAL_TRIES_MAX)
		state->tries++;
	state->token = TRIAL_TOKEN_TRYING;
	if (!is_same)
		strcpy(state->configuration, configuration);
}

void trial_forget(struct trial_state *state)
{
	state->token = TRIAL_TOKEN_NONE;
	*state->configuration = '\0';
	state->tries = 0;
}

void trial_prove(struct trial_state *state, const char *configuration)
{
	struct trial_state old = *state;
	char proven[SHA256_TEXT_SIZE];

	strcpy(proven, configuration);
	strcpy(state->proven[0], proven);
	state->proven_count = 1;
	for (size_t i = 0; i < old.proven_count && state->proven_count < TRIAL_PROVEN_MAX; i++) {
		if (!streq(old.proven[i], proven))
			strcpy(state->proven[state->proven_count++], old.proven[i]);
	}
	if (streq(state->configuration, proven))
		trial_forget(state);
}

const char *trial_word(enum trial_verdict verdict)
{
	static const char *const words[] = {
		[TRIAL_NONE] = "none",     [TRIAL_PROVEN] = "proven",     [TRIAL_TRYING] = "trying",
		[TRIAL_FAILED] = "failed", [TRIAL_UNPROVEN] = "unproven",
	};

	return words[verdict];
}
