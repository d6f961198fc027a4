/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command of passthru is. Each is defined in a file of its own, with the options that it
 * accepts, and is a row in main.c. Usage, help and completion are made from these tables.
 */
#ifndef PASSTHRU_CLI_COMMAND_H
#define PASSTHRU_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "system/root.h"
#include "util/names.h"

/* What the member is that an option is put into. */
enum option_kind {
	OPTION_FLAG,   /* a bool */
	OPTION_OUTPUT, /* a bool; says all that is printed, so a call has one at most */
	OPTION_TEXT,   /* a const char *, NULL when not given */
	OPTION_KEY,    /* the same; a key of a rule, called as in passthru.conf(5) */
};

struct command_option {
	const char *name;
	char letter;          /* for short; or 0 */
	const char *argument; /* of OPTION_TEXT and OPTION_KEY: what help calls it */
	enum option_kind kind;
	size_t offset; /* of the member, in the command's own struct */
	bool of_call;  /* in struct call instead */
	const char *meaning;
	const char *usage; /* in the usage, in place of "[--NAME ARGUMENT]"; "" to leave it out */
	void (*list_values)(struct names *names); /* which follow the meaning; or NULL */
};

struct call;

struct command {
	const char *name;
	const char *operands; /* in the usage line; "" without */
	size_t operand_min, operand_max;
	const char *summary;
	const struct command_option *options; /* besides --root and --help; in the order of help */
	size_t option_count;
	size_t options_size;                     /* of the command's own struct */
	void (*list_words)(struct names *names); /* that an operand WORD can be; or NULL */
	/* Negative errno on failure, which is said on standard error. */
	int (*run)(struct call *call);
};

/* One call of a command. */
struct call {
	const struct command *command;
	const char *root_path;
	bool wants_help;
	struct root root; /* opened */
	void *options;    /* the command's own */
	char **operands;  /* ends with NULL */
	size_t operand_count;
	int status; /* its exit status; of a failure that sets none it is EXIT_NOT_OK */
};

/* Of several commands, for the member `json` of their struct TYPE. */
#define OPTION_JSON(type)                                                              \
	{                                                                              \
		.name = "json", .kind = OPTION_OUTPUT, .offset = offsetof(type, json), \
		.meaning = "print a JSON object",                                      \
	}

/* The options that COMMAND accepts, by number in the order of help; NULL behind the last one. */
const struct command_option *command_option(const struct command *command, size_t number);

/* "usage: " and how COMMAND is called, wrapped; and that with one line for each option. */
void command_print_usage(const struct command *command, FILE *stream);
void command_print_help(const struct command *command, FILE *stream);

/* The member that OPTION is put into, of CALL or of its command's own struct. */
void *call_member(const struct call *call, const struct command_option *option);

/*
 * Call FUNCTION with each option of CALL that is a key of a rule and was given. Returns 0, or the
 * first negative value that FUNCTION returned.
 */
int call_each_key(const struct call *call,
		  int (*function)(const char *key, const char *value, void *context),
		  void *context);

/* COMMAND has the key KEY of a rule as an option. */
bool command_has_key(const struct command *command, const char *key);

void call_free(struct call *call);

#endif
