/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/rules.h"

#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"

/* How the keys of one rule are written. */
struct form {
	FILE *stream;
	const char *equals, *between;
	const char *list; /* between the items of a value */
	bool has_key;
};

static void begin_key(struct form *form, const char *key)
{
	fprintf(form->stream, "%s%s%s", form->has_key ? form->between : "", key, form->equals);
	form->has_key = true;
}

static void put_word(struct form *form, const char *key, const char *const words[], unsigned value)
{
	if (!value)
		return;
	begin_key(form, key);
	fputs(words[value], form->stream);
}

static void put_number(struct form *form, const char *key, unsigned value)
{
	if (!value)
		return;
	begin_key(form, key);
	fprintf(form->stream, "%u", value);
}

static void put_field(struct form *form, const char *before, uint32_t field)
{
	if (field == ID_ANY)
		fprintf(form->stream, "%s*", before);
	else
		fprintf(form->stream, "%s%x", before, field);
}

static void put_address(struct form *form, const struct address_pattern *address)
{
	const struct pci_address *its = &address->address;

	begin_key(form, "address");
	fprintf(form->stream, "%04x:%02x:%02x.", its->domain, its->bus, its->slot);
	if (address->any_function)
		fputc('*', form->stream);
	else
		fprintf(form->stream, "%x", its->function);
}

static void put_class(struct form *form, const struct class_pattern *class)
{
	int digits = class->mask == 0xff0000 ? 2 : class->mask == 0xffff00 ? 4 : 6;

	begin_key(form, "class");
	fprintf(form->stream, "%0*x", digits, class->value >> (6 - digits) * 4);
}

static void put_selector(struct form *form, const struct selector *selector)
{
	if (selector->has_address)
		put_address(form, &selector->address);
	if (selector->path) {
		begin_key(form, "path");
		fputs(selector->path, form->stream);
	}
	if (selector->has_id) {
		begin_key(form, "id");
		put_field(form, "", selector->id.vendor);
		put_field(form, ":", selector->id.device);
		put_field(form, ":", selector->id.subvendor);
		put_field(form, ":", selector->id.subdevice);
	}
	if (selector->has_class)
		put_class(form, &selector->class);
	for (size_t i = 0; i < selector->vf.count; i++) {
		if (!i)
			begin_key(form, "vf");
		fprintf(form->stream, "%s%u-%u", i ? form->list : "", selector->vf.ranges[i].first,
			selector->vf.ranges[i].last);
	}
}

static void put_allow(struct form *form, unsigned allow)
{
	static const char *const words[] = { "storage", "network", "console" };
	bool has_word = false;

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		if (!(allow & 1u << i))
			continue;
		if (!has_word)
			begin_key(form, "allow");
		fprintf(form->stream, "%s%s", has_word ? form->list : "", words[i]);
		has_word = true;
	}
}

static void put_rule(struct form *form, const struct rule *rule)
{
	static const char *const iommu[] = { "", "require", "warn" };
	static const char *const group[] = { "", "listed", "whole", "refuse" };
	static const char *const failure[] = { "", "host", "hold" };
	static const char *const hotplug[] = { "", "no", "yes" };
	static const char *const permissive[] = { "", "no", "yes" };
	const struct options *options = &rule->options;

	form->has_key = false;
	put_selector(form, &rule->selector);
	put_number(form, "count", rule->count);
	put_number(form, "vfs", rule->vfs);
	put_allow(form, rule->allow);
	put_word(form, "permissive", permissive, rule->permissive);
	put_word(form, "iommu", iommu, options->iommu);
	put_word(form, "group", group, options->group);
	put_word(form, "on-failure", failure, options->on_failure);
	put_word(form, "hotplug", hotplug, options->hotplug);
	if (options->driver != DRIVER_UNSET) {
		begin_key(form, "driver");
		fputs(options->driver == DRIVER_AUTO ? "auto" : options->stub->name, form->stream);
	}
}

char *rules_to_conf(const struct intent *intent)
{
	struct form form = { .equals = " = ", .between = "\n", .list = ", " };
	char *text = NULL;
	size_t size;

	form.stream = open_memstream(&text, &size);
	for (size_t i = 0; i < intent->rule_count; i++) {
		fprintf(form.stream, "[%s %s]\n", rule_kind_word(intent->rules[i].kind),
			intent->rules[i].name);
		put_rule(&form, &intent->rules[i]);
		fputc('\n', form.stream);
	}
	fclose(form.stream);
	return text;
}

char *rules_to_cmdline(const struct intent *intent)
{
	struct form form = { .equals = "=", .between = ",", .list = "+" };
	char *text = NULL;
	size_t size;

	form.stream = open_memstream(&text, &size);
	for (size_t i = 0; i < intent->rule_count; i++) {
		fprintf(form.stream, " passthru.%s=", rule_kind_word(intent->rules[i].kind));
		put_rule(&form, &intent->rules[i]);
	}
	fclose(form.stream);
	return text;
}
