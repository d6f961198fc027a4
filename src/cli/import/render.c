/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/render.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/text.h"

/* The part of a section below its head, and where it comes from. */
struct section {
	enum rule_kind kind;
	const struct stub *stub;
	struct buffer origins; /* comment lines */
};

struct sections {
	struct section *items;
	size_t count;
	struct names keys; /* of each section, by which it is found */
};

/* How many digits of the class MASK asks for; 0 when no whole pairs of them. */
static int class_digits(uint32_t mask)
{
	static const struct {
		uint32_t mask;
		int digits;
	} masks[] = { { 0xff0000, 2 }, { 0xffff00, 4 }, { 0xffffff, 6 } };

	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		if (masks[i].mask == mask)
			return masks[i].digits;
	}
	return 0;
}

static void append_id_field(struct buffer *keys, const char *before, uint32_t field)
{
	if (field == ID_ANY)
		buffer_printf(keys, "%s*", before);
	else
		buffer_printf(keys, "%s%04x", before, field);
}

static void append_selector(struct buffer *keys, const struct selector *selector)
{
	char name[ADDRESS_SIZE];

	if (selector->has_address) {
		address_format(&selector->address.address, name);
		if (selector->address.any_function)
			name[strlen(name) - 1] = '*';
		buffer_printf(keys, "address = %s\n", name);
	}
	if (selector->path)
		buffer_printf(keys, "path = %s\n", selector->path);
	if (selector->has_id) {
		append_id_field(keys, "id = ", selector->id.vendor);
		append_id_field(keys, ":", selector->id.device);
		if (selector->id.subvendor != ID_ANY || selector->id.subdevice != ID_ANY) {
			append_id_field(keys, ":", selector->id.subvendor);
			append_id_field(keys, ":", selector->id.subdevice);
		}
		buffer_printf(keys, "\n");
	}
	if (selector->has_class) {
		int digits = class_digits(selector->class.mask);

		buffer_printf(keys, "class = %0*x\n", digits,
			      (selector->class.value & selector->class.mask) >> (6 - digits) * 4);
	}
}

static void append_vfs(struct buffer *keys, const struct rule *rule)
{
	const struct vf_set *set = &rule->selector.vf;
	bool are_all = set->count == 1 && set->ranges[0].first == 0 &&
		       set->ranges[0].last == rule->vfs - 1;

	buffer_printf(keys, "vfs = %u\n", rule->vfs);
	for (size_t i = 0; !are_all && i < set->count; i++) {
		const struct vf_range *range = &set->ranges[i];

		buffer_printf(keys, "%s%u", i ? "," : "vf = ", range->first);
		if (range->last > range->first)
			buffer_printf(keys, "-%u", range->last);
	}
	if (!are_all)
		buffer_printf(keys, "\n");
}

/* One section for all rules that say the same. */
static void add_section(struct sections *sections, const struct import *import,
			const struct rule *rule)
{
	const struct stub *stub = rule->options.stub;
	_cleanup_free_ char *origin = text_escape(rule->origin), *name = text_escape(rule->name);
	_cleanup_(buffer_free) struct buffer keys = { 0 };
	struct section *section;
	long same;

	append_selector(&keys, &rule->selector);
	if (rule->kind == RULE_SRIOV)
		append_vfs(&keys, rule);
	buffer_printf(&keys, "driver = %s\n",
		      rule->options.driver == DRIVER_AUTO ? "auto" : stub->name);
	if (import->permissive && stub->hypervisor == HYPERVISOR_XEN)
		buffer_printf(&keys, "permissive = yes\n");
	same = names_find(&sections->keys, keys.text);
	if (same < 0) {
		same = (long)sections->count;
		sections->items = memory_grow(sections->items, sections->count++, sizeof(*section));
		sections->items[same].stub = stub;
		sections->items[same].kind = rule->kind;
		names_add(&sections->keys, keys.text);
	}
	section = &sections->items[same];
	buffer_printf(&section->origins, "# %s: %s\n", origin, name);
}

static void append_sections(struct buffer *text, const struct sections *sections)
{
	for (size_t i = 0; i < sections->count; i++) {
		const struct section *section = &sections->items[i];

		buffer_printf(text, "\n%s[%s %s-%zu]\n%s", section->origins.text,
			      rule_kind_word(section->kind),
			      section->kind == RULE_SRIOV ? "vfs" : section->stub->name, i + 1,
			      sections->keys.items[i]);
	}
}

static void append_notes(struct buffer *text, const struct import *import)
{
	static const char *const heads[NOTE_KIND_COUNT] = {
		[NOTE_OBSOLETE] =
			"No longer needed: passthru brings the stub drivers, before any other driver.",
		[NOTE_MAYBE] =
			"Needed only if there is another reason for it than passing devices through.",
		[NOTE_KEEP] = "Leave this where it is: passthru does not do it.",
		[NOTE_VOID] = "Without effect where it stands.",
		[NOTE_SOMETIMES] =
			"Only in some of the boot entries: the sections hold for all of them.",
		[NOTE_UNCLEAR] =
			"Not understood, so not in the sections above. Look at it yourself.",
	};

	for (size_t kind = 0; kind < NOTE_KIND_COUNT; kind++) {
		bool has_head = false;

		for (size_t i = 0; i < import->note_count; i++) {
			if (import->notes[i].kind != kind)
				continue;
			if (!has_head)
				buffer_printf(text, "\n# %s\n", heads[kind]);
			has_head = true;
			buffer_printf(text, "#   %s\n", import->notes[i].text);
		}
	}
}

/* Of the drivers' own options: what is overridden, and what no driver understands. */
static void add_finding_notes(struct import *import)
{
	const struct findings *findings = &import->intent.findings;

	for (size_t i = 0; i < findings->count; i++) {
		_cleanup_free_ char *said = text_unescape(findings->items[i].text);

		import_note(import,
			    findings->items[i].code == FINDING_OPTION_OVERRIDDEN ? NOTE_VOID
										 : NOTE_UNCLEAR,
			    "%s", said);
	}
}

static void sections_free(struct sections *sections)
{
	for (size_t i = 0; i < sections->count; i++)
		buffer_free(&sections->items[i].origins);
	free(sections->items);
	names_free(&sections->keys);
}

/* That there is nothing can only be said where everything was understood. */
static const char *nothing(const struct import *import, const struct import_host *host)
{
	if (!import_is_understood(import))
		return "Nothing was understood: see below";
	return host->has_own ? "There is nothing but what passthru does" : "There is nothing";
}

char *import_render(struct import *import, const struct import_host *host)
{
	_cleanup_(sections_free) struct sections sections = { 0 };
	_cleanup_(intent_free) struct intent said = { 0 };
	struct buffer text = { 0 };

	import_resolve(import, host, &said);
	for (size_t i = 0; i < said.rule_count; i++)
		add_section(&sections, import, &said.rules[i]);
	add_finding_notes(import);
	buffer_printf(
		&text,
		"# What this host passes through without passthru, for /etc/passthru.conf.\n");
	if (sections.count)
		buffer_printf(
			&text,
			"# Above each section is what it comes from. Take that away when `passthru check` is\n"
			"# as you want it. Until then the section counts where both name a device.\n");
	else
		buffer_printf(&text, "# %s.\n", nothing(import, host));
	append_sections(&text, &sections);
	append_notes(&text, import);
	return text.text;
}
