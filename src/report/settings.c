/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/settings.h"

#include <stdlib.h>
#include <string.h>

#include "apply/node.h"
#include "probe/settings.h"
#include "report/json_value.h"
#include "report/json_writer.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

void settings_put_json(struct json_writer *json, const struct decision *decision)
{
	if (!decision->settings) {
		json_string(json, "settings", NULL);
		return;
	}
	json_open(json, "settings", '[');
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		const struct decision_setting *its = &decision->settings[i];

		if (!its->value && !its->former)
			continue;
		json_open(json, NULL, '{');
		json_string(json, "key", setting_kind(i)->key);
		json_text(json, "value", its->value);
		json_text(json, "former", its->former);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* A kernel can have reset methods that are not known here; nothing else is as unknown. */
static char *parse_former(enum setting setting, const struct json_value *value)
{
	_cleanup_free_ char *text = text_unescape(json_get_text(value, "former"));
	_cleanup_(device_settings_free) struct device_settings settings = { 0 };
	const char *key = setting_kind(setting)->key;

	if (!*text || (setting_parse(key, text, &settings) < 0 && setting != SETTING_RESET_METHOD))
		return NULL;
	return memory_dup(text);
}

static void recall(struct decision *decision, const struct json_value *value)
{
	const char *key = json_get_text(value, "key");

	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		char *former = streq(key, setting_kind(i)->key) ? parse_former(i, value) : NULL;

		if (!former)
			continue;
		free(decision->settings[i].former);
		decision->settings[i].former = former;
	}
}

void settings_recall_former(struct decision *decision, const struct entry *entry)
{
	const struct json_value *value =
		entry && decision->settings ? json_first(json_get(entry->value, "settings")) : NULL;

	for (; value; value = value->next)
		recall(decision, value);
}

void settings_recall(struct decision *decision, const struct entry *entry)
{
	decision_free_settings(decision);
	if (!entry || !json_first(json_get(entry->value, "settings")))
		return;
	decision->settings = memory_new(SETTING_COUNT, sizeof(*decision->settings));
	settings_recall_former(decision, entry);
}

/* The setting that VALUE is about, with what was set in *RET; SETTING_COUNT for none. */
static enum setting parse_value(const struct json_value *value, struct device_settings *ret)
{
	const char *key = json_get_text(value, "key");
	_cleanup_free_ char *text = text_unescape(json_get_text(value, "value"));
	enum setting i = 0;

	while (i < SETTING_COUNT && !streq(key, setting_kind(i)->key))
		i++;
	return i < SETTING_COUNT && setting_parse(key, text, ret) == 0 ? i : SETTING_COUNT;
}

static void add_difference(struct buffer *buffer, const struct root *root,
			   const struct pci_device *device, const struct json_value *value)
{
	_cleanup_(device_settings_free) struct device_settings settings = { 0 };
	_cleanup_free_ char *now = NULL, *escaped = NULL;
	enum setting setting = parse_value(value, &settings);
	const char *wanted = setting < SETTING_COUNT ? settings.values[setting] : NULL;
	int r;

	if (!wanted)
		return;
	if (setting_is_of_node(setting))
		r = node_read_owner(root, device, setting, wanted, &now);
	else
		r = setting_read(root, device, setting, wanted, &now);
	if (r == 0 && streq(now, wanted))
		return;
	escaped = now ? text_escape(now) : memory_printf("unknown (%s)", strerror(-r));
	buffer_printf(buffer, "%s%s is %s, not %s", buffer->length ? "; " : "",
		      setting_kind(setting)->key, escaped, wanted);
}

char *settings_difference(const struct root *root, const struct entry *entry)
{
	struct pci_device device = { .address = entry->address, .group = GROUP_NONE };
	const struct json_value *value = json_first(json_get(entry->value, "settings"));
	struct buffer buffer = { 0 };

	if (entry->has_group)
		device.group = entry->group;
	for (; value; value = value->next)
		add_difference(&buffer, root, &device, value);
	return buffer.text;
}

bool settings_await_udev(const struct entry *entry)
{
	const struct json_value *value = json_first(json_get(entry->value, "settings"));
	bool is_of_node = false;

	for (; value && !is_of_node; value = value->next) {
		_cleanup_(device_settings_free) struct device_settings settings = { 0 };
		enum setting setting = parse_value(value, &settings);

		is_of_node = setting < SETTING_COUNT && setting_is_of_node(setting);
	}
	return is_of_node;
}
