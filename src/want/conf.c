/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/conf.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/text.h"
#include "want/keys.h"

enum conf_section {
	SECTION_NONE,   /* before the first */
	SECTION_BROKEN, /* reported already: its keys are read for their errors only */
	SECTION_PASSTHRU,
	SECTION_RULE, /* [device] or [sriov] */
};

struct conf_parser {
	struct intent *intent;
	const char *name;
	const char *next, *end; /* what is still to be read */
	unsigned line;
	enum conf_section section;
	unsigned section_line;
	struct rule discarded;  /* what a broken section sets */
	struct options options; /* of [passthru] in this file: they win over earlier files' */
	bool expects_key;       /* inih got a line that must come back as a key */
	unsigned errors;
};

/* A file of garbage is no reason to fill memory and log with its lines. */
#define ERRORS_MAX 100
/* Far above any host, far below what would use up memory and time before the boot. */
#define RULES_MAX 4096

static void error_at(struct conf_parser *parser, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void error_at(struct conf_parser *parser, unsigned line, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	findings_add(&parser->intent->findings, FINDING_CONFIG_ERROR, "%s:%u: %s", parser->name,
		     line, text);
	if (++parser->errors == ERRORS_MAX) {
		findings_add(&parser->intent->findings, FINDING_CONFIG_ERROR,
			     "%s:%u: too many errors, the rest is not read", parser->name, line);
		parser->end = parser->next;
	}
}

static void check_rule_is_complete(struct conf_parser *parser)
{
	_cleanup_free_ char *fault = NULL;
	struct rule *rule;

	if (parser->section != SECTION_RULE)
		return;
	rule = &parser->intent->rules[parser->intent->rule_count - 1];
	fault = rule_complete(rule);
	if (fault)
		error_at(parser, parser->section_line, "[%s %s] %s", rule_kind_word(rule->kind),
			 rule->name, fault);
}

static void begin_rule(struct conf_parser *parser, enum rule_kind kind, const char *name)
{
	_cleanup_free_ char *origin = memory_printf("%s:%u", parser->name, parser->line);
	const struct rule *same = intent_find_rule(parser->intent, name);

	if (!rule_name_is_valid(name)) {
		error_at(
			parser, parser->line,
			"bad name '%s': 1 to 64 letters, digits, dots, dashes and underscores, as in [device gpu]",
			name);
		return;
	}
	if (same) {
		error_at(parser, parser->line, "[%s %s] is there already, at %s",
			 rule_kind_word(same->kind), name, same->origin);
		return;
	}
	if (parser->intent->rule_count == RULES_MAX) {
		error_at(parser, parser->line, "more than %d [device] and [sriov] sections",
			 RULES_MAX);
		return;
	}
	intent_add_rule(parser->intent, kind, name, origin);
	parser->section = SECTION_RULE;
}

static void begin_discarded(struct conf_parser *parser)
{
	rule_free(&parser->discarded);
	parser->discarded = (struct rule){ 0 };
	parser->section = SECTION_BROKEN;
}

/* Cut LINE at a comment and take the blanks off its ends. */
static char *strip(char *line)
{
	char *end;

	line += strspn(line, " \t");
	for (end = line; *end; end++) {
		bool begins_word = end == line || end[-1] == ' ' || end[-1] == '\t';

		if ((*end == '#' || *end == ';') && begins_word)
			break;
	}
	while (end > line && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return line;
}

static void tell_unknown_section(struct conf_parser *parser, const char *kind)
{
	_cleanup_free_ char *hint = nearest_hint_of_list(kind, "passthru, device, sriov");

	error_at(parser, parser->line,
		 "unknown section [%s]: there are [passthru], [device NAME] and [sriov NAME]%s",
		 kind, hint);
}

/* HEADER is a whole line that begins with '['. inih says nothing of empty and repeated sections. */
static void begin_section(struct conf_parser *parser, char *header)
{
	char *close = strchr(header, ']');
	char *kind = header + 1, *name;

	check_rule_is_complete(parser);
	begin_discarded(parser);
	parser->section_line = parser->line;
	if (!close || close[1]) {
		error_at(parser, parser->line,
			 "a section is written [passthru], [device NAME] or [sriov NAME]");
		return;
	}
	*close = '\0';
	name = kind + strcspn(kind, " \t");
	if (*name)
		*name++ = '\0';
	name = strip(name);
	if (streq(kind, "passthru") && !*name)
		parser->section = SECTION_PASSTHRU;
	else if (streq(kind, "device"))
		begin_rule(parser, RULE_DEVICE, name);
	else if (streq(kind, "sriov"))
		begin_rule(parser, RULE_SRIOV, name);
	else
		tell_unknown_section(parser, kind);
}

/* It may have been meant as any kind of section. */
static int set_discarded(struct conf_parser *parser, const char *key, const char *value,
			 char **ret_expected)
{
	struct rule *rule = &parser->discarded;
	_cleanup_free_ char *of_rule = NULL, *of_settings = NULL;
	int r = rule_set(rule, key, value, &of_rule);
	bool is_setting = r == -ENOENT;

	if (is_setting) {
		r = settings_set(&rule->options, key, value, &of_settings);
		is_setting = r != -ENOENT;
	}
	*ret_expected = is_setting ? of_settings : of_rule;
	if (is_setting)
		of_settings = NULL;
	else
		of_rule = NULL;
	return r;
}

/* Where a name in it is found to be none is only known later. */
static int set_of_rule(struct conf_parser *parser, const char *key, const char *value,
		       char **ret_expected)
{
	struct rule *rule = &parser->intent->rules[parser->intent->rule_count - 1];
	int r = rule_set(rule, key, value, ret_expected);

	if (r == 0 && rule->settings.values[SETTING_OWNER] && !rule->owner_origin)
		rule->owner_origin = memory_printf("%s:%u", parser->name, parser->line);
	return r;
}

/* What inih makes of a line. The return value only says that we saw it. */
static int on_key(void *user, const char *section, const char *key, const char *value)
{
	struct conf_parser *parser = user;
	_cleanup_free_ char *expected = NULL;
	int r = 0;

	(void)section;
	parser->expects_key = false;
	if (parser->section == SECTION_NONE)
		error_at(parser, parser->line, "'%s' stands before any section", key);
	else if (parser->section == SECTION_PASSTHRU)
		r = settings_set(&parser->options, key, value, &expected);
	else if (parser->section == SECTION_RULE)
		r = set_of_rule(parser, key, value, &expected);
	else
		r = set_discarded(parser, key, value, &expected);
	if (r == -ENOENT)
		error_at(parser, parser->line, "unknown key '%s'%s", key, expected);
	else if (r == -EEXIST)
		error_at(parser, parser->line, "'%s' is given twice", key);
	else if (r < 0)
		error_at(parser, parser->line, "%s = %s: expected %s", key, value, expected);
	return 1;
}

/* The next line, counted, without its newline; a hostile one comes back empty. NULL at the end. */
static char *next_line(struct conf_parser *parser)
{
	const char *start = parser->next;
	const char *newline = memchr(start, '\n', (size_t)(parser->end - start));
	size_t length = (size_t)((newline ? newline : parser->end) - start);

	if (start == parser->end)
		return NULL;
	parser->next = newline ? newline + 1 : parser->end;
	parser->line++;
	if (length > CONF_LINE_MAX) {
		error_at(parser, parser->line, "line over %d bytes", CONF_LINE_MAX);
		length = 0;
	} else if (memchr(start, '\0', length)) {
		error_at(parser, parser->line, "NUL byte in the line: this is no text file");
		length = 0;
	}
	return memory_copy(start, length);
}

static void report_line_without_key(struct conf_parser *parser)
{
	if (parser->expects_key)
		error_at(parser, parser->line, "expected KEY = VALUE");
	parser->expects_key = false;
}

/*
 * inih's fgets. It gets key lines only, stripped, so that its continuation lines (a leading blank)
 * cannot arise; one that it does not give back to on_key() was none.
 */
static char *read_line(char *buffer, int size, void *user)
{
	struct conf_parser *parser = user;
	_cleanup_free_ char *line = NULL;
	char *text;

	report_line_without_key(parser);
	line = next_line(parser);
	if (!line)
		return NULL;
	text = strip(line);
	if (*text == '[') {
		begin_section(parser, text);
		*text = '\0';
	} else if (*text && text[strcspn(text, "=:")] != '=') {
		/* inih takes a colon too; one way to write it is enough */
		error_at(parser, parser->line, "expected KEY = VALUE");
		*text = '\0';
	} else if (strlen(text) >= (size_t)size - 1) {
		error_at(parser, parser->line, "KEY = VALUE over %d bytes", size - 2);
		*text = '\0';
	}
	parser->expects_key = *text;
	strcpy(buffer, text);
	return buffer;
}

void conf_parse(struct intent *intent, const char *name, const char *text, size_t size)
{
	static const char byte_order_mark[] = { '\xef', '\xbb', '\xbf' };
	struct conf_parser parser = {
		.intent = intent, .name = name, .next = text, .end = text + size
	};

	if (size > CONF_SIZE_MAX) {
		error_at(&parser, 1, "file over %d bytes", CONF_SIZE_MAX);
		return;
	}
	if (size >= sizeof(byte_order_mark) &&
	    memcmp(text, byte_order_mark, sizeof(byte_order_mark)) == 0)
		parser.next += sizeof(byte_order_mark);
	/* Its result names the first bad line only; all of them were reported on the way. */
	ini_parse_stream(read_line, &parser, on_key, &parser);
	settings_inherit(&parser.options, &intent->options);
	intent->options = parser.options;
	check_rule_is_complete(&parser);
	rule_free(&parser.discarded);
}
