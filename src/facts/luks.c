/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/luks.h"

#include <ctype.h>
#include <string.h>

#include "facts/tables.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define UUID_CHARACTERS "0123456789abcdefABCDEF-"

static bool has_key(const char *key)
{
	return *key && !streq(key, "-") && !streq(key, "none");
}

/* A token that is plugged in or built in has the key. */
static bool has_token(const char *options)
{
	static const char *const tokens[] = { "tpm2-device", "fido2-device", "pkcs11-uri" };

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
		_cleanup_free_ char *value = table_option(options, tokens[i]);

		if (value)
			return true;
	}
	return false;
}

void luks_note_row(struct luks *luks, const char *name, const char *key, const char *options)
{
	_cleanup_free_ char *mark = memory_printf("name:%s", name);

	if (has_key(key) || has_token(options))
		names_add_once(&luks->unlocked, mark);
}

/* "uuid:" and the UUID of LENGTH bytes as device mapper has it, without '-'. */
static char *uuid_mark(const char *uuid, size_t length)
{
	char *mark = memory_printf("uuid:%.*s", (int)length, uuid), *out = mark;

	for (const char *c = mark; *c; c++) {
		if (*c != '-')
			*out++ = (char)tolower((unsigned char)*c);
	}
	*out = '\0';
	return mark;
}

/* VALUE is for one device, "UUID=...", or for all. */
static void note_value(struct luks *luks, const char *value, bool (*unlocks)(const char *value))
{
	size_t length = strspn(value, UUID_CHARACTERS);
	bool is_for_one = length && value[length] == '=';
	_cleanup_free_ char *mark = uuid_mark(value, length);

	if (!unlocks(is_for_one ? value + length + 1 : value))
		return;
	if (is_for_one)
		names_add_once(&luks->unlocked, mark);
	else
		luks->has_key = true;
}

/* "target=root_crypt,source=/dev/sda3,key=/key"; who gives no target means "cryptroot". */
static void note_cryptopts(struct luks *luks, const char *options)
{
	_cleanup_free_ char *target = table_option(options, "target");
	_cleanup_free_ char *key = table_option(options, "key");
	_cleanup_free_ char *script = table_option(options, "keyscript");
	_cleanup_free_ char *mark = memory_printf("name:%s", target ? target : "cryptroot");

	if ((key && has_key(key)) || script)
		names_add_once(&luks->unlocked, mark);
}

void luks_note_parameter(struct luks *luks, const struct parameter *parameter)
{
	const char *name = parameter->name;

	if (!parameter->value)
		return;
	if (strncmp(name, "rd.", strlen("rd.")) == 0)
		name += strlen("rd.");
	if (streq(name, "luks.key"))
		note_value(luks, parameter->value, has_key);
	else if (streq(name, "luks.options"))
		note_value(luks, parameter->value, has_token);
	else if (streq(name, "cryptkey"))
		luks->has_key |= has_key(parameter->value);
	else if (strcmp(name, "cryptopts") == 0)
		note_cryptopts(luks, parameter->value);
}

/* MET is "UUID NAME". */
static bool is_unlocked(const struct luks *luks, const char *met)
{
	size_t length = strcspn(met, " ");
	_cleanup_free_ char *by_uuid = uuid_mark(met, length);
	_cleanup_free_ char *by_name =
		memory_printf("name:%s", met + length + (met[length] == ' '));

	return names_has(&luks->unlocked, by_uuid) || names_has(&luks->unlocked, by_name);
}

bool luks_asks(const struct luks *luks)
{
	for (size_t i = 0; i < luks->met.count && !luks->has_key; i++) {
		if (!is_unlocked(luks, luks->met.items[i]))
			return true;
	}
	return false;
}

void luks_free(struct luks *luks)
{
	names_free(&luks->met);
	names_free(&luks->unlocked);
	*luks = (struct luks){ 0 };
}
