/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/near.h"

#include <string.h>

#include "util/address.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/hide.h"

#define NEAR_DISTANCE 2

static const char *const quotes[] = {
	"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a", "\xe2\x80\x9c", "\xe2\x80\x9d",
	"\xe2\x80\x9e", "\xe2\x80\x9f", "\xc2\xab",     "\xc2\xbb",
};

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Letters and digits alone, all of them small. The caller frees it. */
static char *plain_name(const char *name)
{
	char *plain = memory_new(strlen(name) + 1, 1), *out = plain;

	for (; *name; name++) {
		if (*name >= 'A' && *name <= 'Z')
			*out++ = (char)(*name - 'A' + 'a');
		else if ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9'))
			*out++ = *name;
	}
	return plain;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && streq(text + length - tail, end);
}

static bool names_devices(const char *plain)
{
	static const char *const ends[] = { "id", "ids", "hide", "hidden" };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (ends_in(plain, ends[i]))
			return true;
	}
	return false;
}

/* How many characters plain_name() leaves of NAME, which is one of a stub's. */
static size_t plain_length(const char *name)
{
	size_t length = 0;

	for (; *name; name++)
		length += *name != '-' && *name != '_';
	return length;
}

/* PLAIN differs from STUB's own option by two letters. Few are as long, so that is asked first. */
static bool is_near_option(const char *plain, const struct stub *stub)
{
	size_t length = strlen(plain);
	const char *module;

	for (size_t i = 0; (module = stub_module_name(stub, i)); i++) {
		size_t of_option = plain_length(module) + plain_length(stub->native_option);
		_cleanup_free_ char *option = NULL, *right = NULL;

		if (length > of_option + NEAR_DISTANCE || of_option > length + NEAR_DISTANCE)
			continue;
		option = memory_printf("%s%s", module, stub->native_option);
		right = plain_name(option);
		if (text_edit_distance(plain, right) <= NEAR_DISTANCE)
			return true;
	}
	return false;
}

static bool starts_plain(const char *plain, const char *name)
{
	for (; *name; name++) {
		if (*name != '-' && *name != '_' && *plain++ != *name)
			return false;
	}
	return true;
}

/* What plain_name() leaves of NAME, which is one of a stub's, is in PLAIN. */
static bool has_plain(const char *plain, const char *name)
{
	for (; *plain; plain++) {
		if (starts_plain(plain, name))
			return true;
	}
	return false;
}

/* PLAIN has a name of STUB's module in it, or of one that belongs to it. */
static bool names_stub(const char *plain, const struct stub *stub)
{
	const char *module;

	for (size_t i = 0; (module = stub_module_name(stub, i)); i++) {
		if (has_plain(plain, module))
			return true;
	}
	return stub->family && has_plain(plain, stub->family);
}

const struct stub *near_stub(const char *name, const char *value)
{
	_cleanup_free_ char *plain = plain_name(name);
	const struct stub *stub;

	/* Its own options are judged elsewhere. */
	if (strncmp(plain, "passthru", strlen("passthru")) == 0)
		return NULL;
	for (size_t i = 0; (stub = stub_at(i)); i++) {
		if (is_near_option(plain, stub))
			return stub;
	}
	for (size_t i = 0; (stub = stub_at(i)); i++) {
		if (names_stub(plain, stub) &&
		    (names_devices(plain) || (value && near_is_list(value))))
			return stub;
	}
	return NULL;
}

bool near_names_driver(const char *name)
{
	_cleanup_free_ char *plain = plain_name(name);
	const struct stub *stub;

	for (size_t i = 0; (stub = stub_at(i)); i++) {
		if (names_stub(plain, stub))
			return true;
	}
	return false;
}

static const char *skip_quotes(const char *word)
{
	word += strspn(word, "\"'");
	for (size_t i = 0; i < ARRAY_SIZE(quotes); i++) {
		if (strncmp(word, quotes[i], strlen(quotes[i])) == 0)
			return word + strlen(quotes[i]);
	}
	return word;
}

/* "10de", also as "0x10de". Returns what is behind it, NULL without one. */
static const char *skip_id(const char *text)
{
	if (text[0] == '0' && is_one_of(text[1], "xX"))
		text += 2;
	return strspn(text, "0123456789abcdefABCDEF") == 4 ? text + 4 : NULL;
}

bool near_is_list(const char *word)
{
	struct address_pattern address;
	const char *end;
	size_t length;

	word = skip_quotes(word);
	if (*word == '(')
		return hide_group_parse(word, &address, &length) == 0;
	end = skip_id(word);
	if (!end || *end != ':')
		return false;
	end = skip_id(end + 1);
	return end && (!*end || is_one_of(*end, ":,;") || skip_quotes(end) != end);
}

const char *near_value(const char *name, size_t *ret_length)
{
	for (size_t i = 0; name[i]; i++) {
		if (!is_one_of(name[i], ":,;(") || !near_is_list(name + i + (name[i] != '(')))
			continue;
		*ret_length = i;
		return name + i + (name[i] != '(');
	}
	return NULL;
}

bool near_has_typographic_quote(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(quotes); i++) {
		if (strstr(text, quotes[i]))
			return true;
	}
	return false;
}
