/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/entry.h"

#include <string.h>

#include "report/json_value.h"
#include "util/parse.h"
#include "util/text.h"

#define VENDOR_DIGITS 4

/* "8086:10d3" */
static bool parse_id(const char *text, struct entry *entry)
{
	uint32_t vendor, device;

	if (strlen(text) != VENDOR_DIGITS + 1 + VENDOR_DIGITS || text[VENDOR_DIGITS] != ':' ||
	    parse_hex(text, VENDOR_DIGITS, &vendor) < 0 ||
	    parse_hex(text + VENDOR_DIGITS + 1, VENDOR_DIGITS, &device) < 0)
		return false;
	entry->vendor = (uint16_t)vendor;
	entry->device = (uint16_t)device;
	return true;
}

static bool has_unfinished(const struct entry *entry)
{
	for_each_recorded(finding, entry_findings(entry))
	{
		if (recorded_is(&finding, FINDING_UNFINISHED))
			return true;
	}
	return false;
}

static struct vf_values parse_vf_values(const struct json_value *value)
{
	struct vf_values values = { 0 };
	uint64_t number;

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (vf_value_parse(i, json_get_text(value, vf_setting_word(i)), &number) == 0)
			vf_values_set(&values, i, number);
	}
	return values;
}

void entry_update(struct entry *entry)
{
	const struct json_value *value = entry->value;

	entry->rule = json_get_text(value, "rule");
	entry->list_entry = json_get_text(value, "entry");
	entry->driver = json_get_text(value, "driver");
	entry->previous_driver = json_get_text(value, "previous_driver");
	entry->address_text = json_get_text(value, "address");
	entry->has_address = address_parse(entry->address_text, &entry->address) == 0;
	entry->has_id = parse_id(json_get_text(value, "id"), entry);
	entry->path = json_get_text(value, "path");
	entry->has_group =
		parse_decimal(json_get_text(value, "group"), INT32_MAX, &entry->group) == 0;
	entry->state_text = json_get_text(value, "state");
	entry->state = state_parse(entry->state_text);
	if (parse_decimal(json_get_text(value, "vfs"), UINT32_MAX, &entry->vfs) < 0)
		entry->vfs = 0;
	entry->vf_wanted = parse_vf_values(json_get(value, "vf_settings"));
	entry->vf_former = parse_vf_values(json_get(value, "previous_vf_settings"));
	entry->is_unfinished = has_unfinished(entry);
}

struct entry *entry_make(struct json_document *document, struct json_value *value)
{
	struct entry *entry = json_allocate(document, sizeof(*entry));

	value->owner = entry;
	entry->value = value;
	entry_update(entry);
	return entry;
}

bool entry_has_id_of(const struct entry *entry, const struct pci_device *device)
{
	return entry->has_id && entry->vendor == device->vendor && entry->device == device->device;
}

struct recorded entry_recorded(const struct entry *entry)
{
	return (struct recorded){ entry->state, entry->driver, entry->vfs };
}

static struct recorded_finding finding_of(const struct json_value *value)
{
	return (struct recorded_finding){
		.code = json_get_text(value, "code"),
		.severity = json_get_text(value, "severity"),
		.text = json_get_text(value, "text"),
		.remedy = json_get_text(value, "remedy"),
		.value = value,
	};
}

struct recorded_finding recorded_findings(const struct json_value *owner)
{
	return finding_of(json_first(json_get(owner, "findings")));
}

struct recorded_finding recorded_next(const struct recorded_finding *finding)
{
	return finding_of(finding->value->next);
}

struct recorded_finding entry_findings(const struct entry *entry)
{
	return recorded_findings(entry->value);
}

bool recorded_is(const struct recorded_finding *finding, enum finding_code code)
{
	return streq(finding->code, finding_word(code));
}

bool recorded_has_severity(const struct recorded_finding *finding, enum severity severity)
{
	return streq(finding->severity, severity_word(severity));
}
