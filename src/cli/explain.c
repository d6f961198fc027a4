/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru explain: what a finding or a state means, as the manual says it. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/explanation.h"
#include "cli/terminal.h"
#include "finding/catalogue.h"
#include "report/exit_status.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/text.h"

#define COLUMNS_MAX 80

/* The number of the finding WORD, which is in the catalogue: the manual is not made without it. */
static enum finding_code code_of(const char *word)
{
	enum finding_code code = 0;

	while (code < FINDING_CODE_COUNT - 1 && !streq(finding_word(code), word))
		code++;
	return code;
}

static const char *kind_of(const struct explanation *explanation)
{
	return explanation->is_state ? "state"
				     : severity_word(finding_severity(code_of(explanation->word)));
}

/* TEXT between spaces, in lines of at most COLUMNS characters that begin with two spaces. */
static void print_wrapped(const char *text, size_t columns)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " ");
		bool begins = column == 0 || column + 1 + length > columns;

		if (begins && column)
			putchar('\n');
		printf("%s%.*s", begins ? "  " : " ", (int)length, text);
		column = (begins ? 2 : column + 1) + length;
		text += length + strspn(text + length, " ");
	}
	putchar('\n');
}

static void print_explanation(const struct explanation *explanation)
{
	int columns = terminal_get().columns;
	size_t width = (size_t)(columns < COLUMNS_MAX ? columns : COLUMNS_MAX);
	_cleanup_free_ char *remedy =
		explanation->is_state ? NULL
				      : finding_remedy(code_of(explanation->word), REMEDY_KEY);

	printf("%s (%s)\n", explanation->word, kind_of(explanation));
	print_wrapped(explanation->text, width);
	if (remedy) {
		_cleanup_free_ char *text = memory_printf("What to do: %s.", remedy);

		print_wrapped(text, width);
	}
}

static int unknown(struct call *call, const char *word)
{
	struct nearest nearest = { .text = word };
	_cleanup_free_ char *hint = NULL;

	for (size_t i = 0; i < explanation_count; i++)
		nearest_try(&nearest, explanations[i].word);
	hint = nearest_hint(&nearest);
	fprintf(stderr,
		"passthru explain: no finding or state '%s'%s\n"
		"`passthru explain` lists them\n",
		word, hint);
	call->status = EXIT_NO_INPUT;
	return -ENOENT;
}

/* Some words are both. WORD may have been copied with the colon behind it. */
static int explain(struct call *call, const char *word)
{
	size_t length = strlen(word), colon = length && word[length - 1] == ':';
	_cleanup_free_ char *bare = memory_copy(word, length - colon);
	bool found = false;

	for (size_t i = 0; i < explanation_count; i++) {
		if (!streq(explanations[i].word, bare))
			continue;
		print_explanation(&explanations[i]);
		found = true;
	}
	return found ? 0 : unknown(call, bare);
}

static int run_explain(struct call *call)
{
	int r = 0;

	for (size_t i = 0; !call->operand_count && i < explanation_count; i++)
		printf("%-24s %s\n", explanations[i].word, kind_of(&explanations[i]));
	for (size_t i = 0; i < call->operand_count && r == 0; i++)
		r = explain(call, call->operands[i]);
	return r;
}

const struct command explain_command = {
	.name = "explain",
	.operands = "[CODE|STATE]...",
	.operand_max = SIZE_MAX,
	.summary = "what a finding or a state means",
	.run = run_explain,
};
