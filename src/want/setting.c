/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define OWNER_NAME_MAX 64
#define BAR_MAX        5
#define SIZE_MAX_LOG2  29 /* 512 TiB */
#define DIGITS         "0123456789"

/* The word at WORD is in LIST only once, and a method (linux/drivers/pci/pci.c). */
static bool is_method(const char *list, const char *word)
{
	static const char methods[] = " device_specific acpi flr af_flr pm bus cxl_bus ";
	size_t length = strcspn(word, " ");
	_cleanup_free_ char *spaced = memory_printf(" %.*s ", (int)length, word);
	_cleanup_free_ char *all = memory_printf(" %s ", list);

	return length && strstr(methods, spaced) && !strstr(strstr(all, spaced) + 1, spaced);
}

/* On the kernel command line commas separate keys, and a space ends it, so there a plus does it. */
static int parse_reset_method(const char *value, char **ret)
{
	char *list = *ret = memory_dup(value), *end = list;
	const char *word = list;

	for (; *value; value++) {
		bool is_between = strchr(", +", *value);

		if (!is_between || (end > list && end[-1] != ' '))
			*end++ = is_between ? ' ' : *value;
	}
	*end = '\0';
	if (end > list && end[-1] == ' ')
		end[-1] = '\0';
	while (word && is_method(list, word)) {
		word = strchr(word, ' ');
		if (word)
			word++;
	}
	return word ? -EINVAL : 0;
}

static int parse_switch(const char *value, char **ret)
{
	*ret = memory_dup(value);
	return streq(value, "no") || streq(value, "yes") ? 0 : -EINVAL;
}

static int parse_power_control(const char *value, char **ret)
{
	*ret = memory_dup(value);
	return streq(value, "on") || streq(value, "auto") ? 0 : -EINVAL;
}

/* A number that chown(2) does not take for "leave it", or what can be a name. */
static bool is_name(const char *name)
{
	uint32_t number;

	if (name[strspn(name, DIGITS)] == '\0')
		return parse_decimal(name, UINT32_MAX - 1, &number) == 0;
	return strlen(name) <= OWNER_NAME_MAX && *name != '-' && text_is_plain(name) &&
	       !strpbrk(name, " \"':,;#\\/");
}

/* "USER", "USER:GROUP" and ":GROUP"; who is not named is root. */
static int parse_owner(const char *value, char **ret)
{
	size_t length = strcspn(value, ":");
	const char *group = value[length] ? value + length + 1 : "";
	_cleanup_free_ char *user = length ? memory_copy(value, length) : memory_dup("0");

	if (!length && !*group)
		return -EINVAL;
	if (!*group)
		group = "0";
	*ret = memory_printf("%s:%s", user, group);
	return is_name(user) && is_name(group) ? 0 : -EINVAL;
}

/* Three octal digits, with or without a zero before them. */
static int parse_mode(const char *value, char **ret)
{
	value += *value == '0' && strlen(value) == 4;
	*ret = memory_printf("0%s", value);
	return strlen(value) == 3 && strspn(value, "01234567") == 3 ? 0 : -EINVAL;
}

/* "256M", "16G", "1T": a power of two. */
static int parse_size(const char *text, unsigned *ret)
{
	size_t length = strspn(text, DIGITS);
	_cleanup_free_ char *digits = memory_copy(text, length);
	const char *unit = strchr("MGT", text[length]);
	uint32_t number;

	if (!text[length] || !unit || text[length + 1] ||
	    parse_decimal(digits, 1u << SIZE_MAX_LOG2, &number) < 0 ||
	    __builtin_popcount(number) != 1)
		return -EINVAL;
	*ret = (unsigned)__builtin_ctz(number) + (*unit == 'M' ? 0 : *unit == 'G' ? 10 : 20);
	return *ret <= SIZE_MAX_LOG2 ? 0 : -EINVAL;
}

char *rebar_format(unsigned bar, unsigned size)
{
	return memory_printf("%u:%u%c", bar, 1u << size % 10, "MGT"[size / 10 % 3]);
}

unsigned rebar_size(const char *value)
{
	unsigned size = 0;

	parse_size(value + strlen("N:"), &size);
	return size;
}

static int parse_rebar(const char *value, char **ret)
{
	unsigned bar = (unsigned)(*value - '0'), size;

	if (bar > BAR_MAX || value[1] != ':' || parse_size(value + strlen("N:"), &size) < 0)
		return -EINVAL;
	*ret = rebar_format(bar, size);
	return 0;
}

/* Without pointers, which take three times their size in a program that can be anywhere. */
static const struct setting_kind kinds[] = {
	[SETTING_RESET_METHOD] = { "reset-method", "reset_method",
				   "Linux 5.15, and a device that can be reset" },
	[SETTING_D3COLD] = { "d3cold", "d3cold_allowed", "Linux 3.6 with CONFIG_PM and CONFIG_ACPI",
			     .is_switch = true },
	[SETTING_POWER_CONTROL] = { "power-control", "power/control", "a kernel with CONFIG_PM",
				    SETTING_AFTER_BIND, .is_drivers = true },
	[SETTING_REBAR] = { "rebar", "resourceN_resize",
			    "Linux 6.1, and a BAR that can be resized" },
	[SETTING_OWNER] = { "owner", "", "", SETTING_AFTER_BIND },
	[SETTING_MODE] = { "mode", "", "", SETTING_AFTER_BIND },
};

static int (*const parsers[])(const char *value, char **ret) = {
	[SETTING_RESET_METHOD] = parse_reset_method,
	[SETTING_D3COLD] = parse_switch,
	[SETTING_POWER_CONTROL] = parse_power_control,
	[SETTING_REBAR] = parse_rebar,
	[SETTING_OWNER] = parse_owner,
	[SETTING_MODE] = parse_mode,
};

const struct setting_kind *setting_kind(enum setting setting)
{
	return &kinds[setting];
}

bool setting_is_of_node(enum setting setting)
{
	return !*kinds[setting].file;
}

int setting_parse(const char *key, const char *value, struct device_settings *settings)
{
	enum setting i = 0;

	while (!streq(kinds[i].key, key))
		i++;
	return parsers[i](value, &settings->values[i]);
}

bool device_settings_given(const struct device_settings *settings)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (settings->values[i])
			return true;
	}
	return false;
}

void device_settings_inherit(struct device_settings *settings, const struct device_settings *parent)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (!settings->values[i] && parent->values[i])
			settings->values[i] = memory_dup(parent->values[i]);
	}
}

void device_settings_free(struct device_settings *settings)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++)
		free(settings->values[i]);
	*settings = (struct device_settings){ 0 };
}

bool owner_is_numeric(const char *value)
{
	return value[strspn(value, DIGITS ":")] == '\0';
}
