/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/record/mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define MAC_DIGITS    12
#define VENDOR_DIGITS 6
#define BY_ID         "/by-id/"
#define WORD_ENDS     " \t,"

/* FNV-1a, 32 bits: not to be secure, only to say nothing by itself. */
static uint32_t hash(const char *text, size_t length)
{
	uint32_t value = 0x811c9dc5;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (uint8_t)text[i]) * 0x01000193;
	return value;
}

static bool is_hex(char c)
{
	return isxdigit((unsigned char)c);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c);
}

/* How long the row of at least six pairs of digits is that TEXT begins with; 0 for none. */
static size_t mac_length(const char *text)
{
	size_t length = 2, pairs = 1;

	if (!is_hex(text[0]) || !is_hex(text[1]) || (text[2] != ':' && text[2] != '-'))
		return 0;
	while (text[length] == text[2] && is_hex(text[length + 1]) && is_hex(text[length + 2])) {
		length += 3;
		pairs++;
	}
	return pairs >= MAC_DIGITS / 2 && !is_word(text[length]) ? length : 0;
}

static void mask_from(char *text, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		if (is_hex(text[i]))
			text[i] = 'x';
	}
}

static size_t hex_length(const char *text)
{
	size_t length = 0;

	while (is_hex(text[length]))
		length++;
	return is_word(text[length]) ? 0 : length;
}

/* An NAA name as scsi_id(8) gives it: its type, and 16 or 32 digits. */
static bool is_wwid(const char *text, size_t length)
{
	return (length == 17 || length == 33) && (*text == '2' || *text == '3');
}

/* Mask the number that TEXT, the beginning of a word, begins with. Returns how much that is. */
static size_t mask_number(char *text)
{
	size_t length = mac_length(text);

	if (length) {
		mask_from(text, VENDOR_DIGITS / 2 * 3, length);
		return length;
	}
	length = hex_length(text);
	if (is_wwid(text, length)) {
		mask_from(text, 1, length);
		return length;
	}
	if (strncmp(text, "enx", 3) == 0 && hex_length(text + 3) == MAC_DIGITS)
		mask_from(text + 3, VENDOR_DIGITS, MAC_DIGITS);
	return 0;
}

static void mask_numbers(char *line)
{
	for (char *c = line; *c;) {
		size_t length = c == line || !is_word(c[-1]) ? mask_number(c) : 0;

		c += length ? length : 1;
	}
}

static void mask_behind(char *line, const char *key, const char *ends)
{
	while ((line = strcasestr(line, key))) {
		line += strlen(key);
		for (; *line && !strchr(ends, *line); line++)
			*line = 'x';
	}
}

/* In "rd.iscsi.password=VALUE" the word is in the name. */
static void mask_secret(char *line, const char *word)
{
	while ((line = strcasestr(line, word))) {
		line += strcspn(line, "= \t");
		for (; *line && !strchr(WORD_ENDS, *line); line++)
			*line = *line == '=' ? '=' : 'x';
	}
}

/* Credentials and variables for other programs, systemd.set_credential= and setenv=; with quotes.
 */
static void mask_settings(char *line)
{
	static const char word[] = "systemd.set";
	bool is_quoted = false, is_setting = false;

	for (char *c = line; *c; c++) {
		if (*c == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && strchr(" \t", *c))
			is_setting = false;
		else if (is_setting)
			*c = 'x';
		else if (strncmp(c, word, strlen(word)) == 0) {
			c += strcspn(c, "= \t\"");
			is_setting = *c == '=';
			c -= !is_setting;
		}
	}
}

char *mask_id(const char *name)
{
	static const char *const made_up[] = { "md-", "dm-", "lvm-" };

	for (size_t i = 0; i < ARRAY_SIZE(made_up); i++) {
		if (strncmp(name, made_up[i], strlen(made_up[i])) == 0) {
			char *copy = memory_copy(name, strlen(name));

			mask_numbers(copy);
			return copy;
		}
	}
	return memory_printf("serial-%08x", hash(name, strlen(name)));
}

static char *mask_ids(const char *line)
{
	char *out = memory_copy("", 0);
	const char *found;

	while ((found = strstr(line, BY_ID))) {
		const char *name = found + strlen(BY_ID);
		size_t length = strcspn(name, WORD_ENDS "/");
		_cleanup_free_ char *before = out;
		_cleanup_free_ char *id = memory_copy(name, length);
		_cleanup_free_ char *masked = mask_id(id);

		out = memory_printf("%s%.*s%s", before, (int)(name - line), line, masked);
		line = name + length;
	}
	found = out;
	out = memory_printf("%s%s", found, line);
	free((char *)found);
	return out;
}

char *mask_line(const char *line)
{
	static const char *const secrets[] = { "passw", "passphrase", "secret", "token" };
	char *masked = mask_ids(line);

	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		mask_secret(masked, secrets[i]);
	mask_settings(masked);
	mask_behind(masked, "=iscsi:", " \t");
	mask_behind(masked, "serial=", WORD_ENDS);
	mask_behind(masked, "uniq=", WORD_ENDS);
	mask_numbers(masked);
	return masked;
}
