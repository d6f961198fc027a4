/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/credential.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"
#include "want/conf.h"

/* Far more than anybody has; each is compared with all. */
#define CREDENTIALS_MAX 256

/* SMBIOS 3.7, 6.1.2: a head, and strings behind it; 7.12: OEM strings. */
#define HEAD_SIZE        4
#define TYPE_OEM_STRINGS 11
#define TYPE_END         127

bool credential_is_ours(const char *name, size_t length)
{
	size_t ours = strlen(CREDENTIAL_NAME);

	return length >= ours && memcmp(name, CREDENTIAL_NAME, ours) == 0 &&
	       (length == ours || name[ours] == '.');
}

const char *credential_text(const struct credential *credential)
{
	return strlen(credential->text) == credential->size ? credential->text : "NUL byte";
}

static bool has(const struct credentials *credentials, const char *name)
{
	for (size_t i = 0; i < credentials->count; i++) {
		if (streq(credentials->items[i].name, name))
			return true;
	}
	return false;
}

static void credential_free(struct credential *credential)
{
	free(credential->name);
	free(credential->origin);
	free(credential->text);
}

/* 64 or more for what is no digit of Base64 (RFC 4648). */
static uint32_t value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* The text in place. It has padding, and may have the line ends of base64(1). Negative errno. */
static int decode(struct credential *credential)
{
	char *text = credential->text;
	size_t digits = 0, padding = 0, length = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < credential->size; i++) {
		uint32_t value = value_of(text[i]);

		if (text[i] == '\n' || text[i] == '\r')
			continue;
		if (text[i] == '=')
			padding++;
		else if (value > 63 || padding)
			return -EBADMSG;
		bits = bits << 6 | (value & 63);
		if (++digits % 4)
			continue;
		text[length++] = (char)(bits >> 16);
		text[length++] = (char)(bits >> 8);
		text[length++] = (char)bits;
	}
	if (digits % 4 || padding > 2)
		return -EBADMSG;
	credential->size = length - padding;
	text[credential->size] = '\0';
	return 0;
}

static bool has_good_name(const struct credential *credential)
{
	const char *rest = credential->name + strlen(CREDENTIAL_NAME);

	return !*rest || rule_name_is_valid(rest + 1);
}

/* See what is wrong with one that comes behind CREDENTIALS. */
static void check(const struct credentials *credentials, struct credential *credential,
		  enum credential_kind kind)
{
	const char *fault = NULL;

	if (kind == CREDENTIAL_BASE64 && decode(credential) < 0)
		fault = "expected Base64";
	if (!has_good_name(credential)) {
		free(credential->name);
		credential->name = memory_dup(CREDENTIAL_NAME ".bad");
		fault = "bad name";
	}
	if (credentials->count == CREDENTIALS_MAX - 1)
		fault = "too many credentials";
	if (!fault)
		return;
	free(credential->text);
	credential->text = memory_dup(fault);
	credential->size = strlen(fault);
	credential->fault = FINDING_CREDENTIAL_ERROR;
}

void credentials_add(struct credentials *credentials, char *origin, const char *name, size_t length,
		     enum credential_kind kind, const char *text, size_t size)
{
	struct credential credential = {
		.name = memory_copy(name, length),
		.text = memory_copy(text, size),
		.size = size,
		.fault = kind == CREDENTIAL_UNREAD ? FINDING_CREDENTIAL_UNREAD : FINDING_CREDENTIAL,
	};

	credential.origin = origin;
	if (!credential_is_ours(name, length) || has(credentials, credential.name) ||
	    credentials->count == CREDENTIALS_MAX) {
		credential_free(&credential);
		return;
	}
	check(credentials, &credential, kind);
	credentials->items =
		memory_grow(credentials->items, credentials->count, sizeof(credential));
	credentials->items[credentials->count++] = credential;
}

/* NAME and TEXT with SEPARATOR between them, from a SOURCE that is neither file nor directory. */
static void add_assignment(struct credentials *credentials, const char *source,
			   const char *assignment, char separator, bool is_base64)
{
	const char *end = strchr(assignment, separator);
	int length = end ? (int)(end - assignment) : 0;

	if (end)
		credentials_add(credentials,
				memory_printf("%s credential %.*s", source, length, assignment),
				assignment, (size_t)length,
				is_base64 ? CREDENTIAL_BASE64 : CREDENTIAL_TEXT, end + 1,
				strlen(end + 1));
}

static void add_string(struct credentials *credentials, const char *string)
{
	static const char prefix[] = "io.systemd.credential", binary[] = ".binary:";
	bool is_base64;

	if (strncmp(string, prefix, strlen(prefix)) != 0)
		return;
	string += strlen(prefix);
	is_base64 = strncmp(string, binary, strlen(binary)) == 0;
	if (is_base64 || *string == ':')
		add_assignment(credentials, "SMBIOS", string + (is_base64 ? strlen(binary) : 1),
			       '=', is_base64);
}

void credentials_add_smbios(struct credentials *credentials, const char *table, size_t size)
{
	for (size_t at = 0; at + HEAD_SIZE <= size;) {
		int type = (unsigned char)table[at];
		size_t length = (unsigned char)table[at + 1], strings = at + length, end = strings;

		while (end + 1 < size && (table[end] || table[end + 1]))
			end++;
		if (length < HEAD_SIZE || end + 1 >= size || type == TYPE_END)
			return;
		for (; type == TYPE_OEM_STRINGS && strings < end;
		     strings += strlen(table + strings) + 1)
			add_string(credentials, table + strings);
		at = end + 2;
	}
}

void credentials_add_cmdline(struct credentials *credentials, const char *cmdline)
{
	_cleanup_free_ char *copy = memory_dup(cmdline);
	struct parameter parameter;
	const char *kind;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter))) {
		if (parameter.value &&
		    text_parameter_starts(parameter.name, "systemd.set_credential", &kind) &&
		    (!*kind || text_parameter_equal(kind, "_binary")))
			add_assignment(credentials, "kernel command line", parameter.value, ':',
				       *kind);
	}
}

void credentials_cut(struct credentials *credentials, size_t count, const char *why)
{
	while (credentials->count > count) {
		struct credential *last = &credentials->items[--credentials->count];

		findings_add(&credentials->findings, FINDING_CREDENTIAL, "%s is not used: %s",
			     last->origin, why);
		credential_free(last);
	}
}

static void parse(const struct credential *credential, struct intent *intent)
{
	struct findings *findings = &intent->findings;
	size_t before = findings->count;

	if (credential->fault != FINDING_CREDENTIAL) {
		findings_add(findings, credential->fault, "%s: %s", credential->origin,
			     credential->text);
		return;
	}
	conf_parse(intent, credential->origin, credential->text, credential->size);
	if (findings->count == before)
		findings_add(findings, FINDING_CREDENTIAL, "%s is part of the configuration",
			     credential->origin);
	for (size_t i = before; i < findings->count; i++) {
		if (findings->items[i].code == FINDING_CONFIG_ERROR)
			findings->items[i].code = FINDING_CREDENTIAL_ERROR;
	}
}

static int compare(const void *a, const void *b)
{
	const struct credential *left = a, *right = b;

	return strcmp(left->name, right->name);
}

void credentials_parse(struct credentials *credentials, struct intent *intent)
{
	struct findings findings;

	if (credentials->count)
		qsort(credentials->items, credentials->count, sizeof(credentials->items[0]),
		      compare);
	for (size_t i = 0; i < credentials->count; i++)
		parse(&credentials->items[i], intent);
	if (findings_severity(&intent->findings) == SEVERITY_ERROR) {
		findings = intent->findings;
		intent->findings = (struct findings){ 0 };
		intent_free(intent);
		findings_keep_errors(&findings);
		intent->findings = findings;
	}
	findings_move(&intent->findings, &credentials->findings);
}

void credentials_free(struct credentials *credentials)
{
	for (size_t i = 0; i < credentials->count; i++)
		credential_free(&credentials->items[i]);
	free(credentials->items);
	findings_free(&credentials->findings);
	*credentials = (struct credentials){ 0 };
}
