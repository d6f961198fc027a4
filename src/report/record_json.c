/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/record_json.h"

#include <string.h>

#include "facts/iommu_words.h"
#include "report/json_value.h"
#include "report/json_writer.h"
#include "report/settings.h"
#include "util/cleanup.h"
#include "util/text.h"

static void put_findings(struct json_writer *json, const char *key, const struct findings *findings)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		_cleanup_free_ char *remedy = finding_remedy(finding->code, REMEDY_KEY);

		json_open(json, NULL, '{');
		json_string(json, "code", finding_word(finding->code));
		json_string(json, "severity", severity_word(finding_severity(finding->code)));
		json_string(json, "text", finding->text);
		json_string(json, "remedy", remedy);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_group(struct json_writer *json, const struct pci_device *device)
{
	if (device->group == GROUP_NONE)
		json_string(json, "group", NULL);
	else
		json_number(json, "group", device->group);
}

static void put_viability(struct json_writer *json, const struct decision *decision)
{
	if (decision->viability == VIABILITY_UNJUDGED)
		json_string(json, "viable", NULL);
	else
		json_flag(json, "viable", decision->viability == VIABILITY_YES);
}

static void put_device(struct json_writer *json, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	char name[ADDRESS_SIZE], id[sizeof("12345678:12345678")], class[sizeof("12345678")];

	text_put_hex(stpcpy(text_put_hex(id, device->vendor, 4), ":"), device->device, 4);
	text_put_hex(class, device->class, 6);
	json_string(json, "address", address_format(&device->address, name));
	json_text(json, "path", device->path);
	json_string(json, "id", id);
	json_string(json, "class", class);
	put_group(json, device);
	if (device->group_awaits_bind)
		json_string(json, "translated", NULL);
	else
		json_flag(json, "translated", device->translated);
	json_text(json, "iommu_unit", device->iommu_unit);
	json_text(json, "group_type", device->group_type);
	put_viability(json, decision);
}

/* Without a device, all that is said of one is null. */
static void put_no_device(struct json_writer *json)
{
	static const char *const keys[] = { "address",    "path",       "id",
					    "class",      "group",      "translated",
					    "iommu_unit", "group_type", "viable" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_string(json, keys[i], NULL);
}

/* How many virtual functions the physical one of an [sriov] rule is to have. */
static void put_vfs(struct json_writer *json, const struct decision *decision)
{
	bool is_virtual = decision->device && decision->device->is_virtual;

	if (decision->rule->kind == RULE_SRIOV && !is_virtual)
		json_number(json, "vfs", decision->rule->vfs);
	else
		json_string(json, "vfs", NULL);
}

/* Of a VF: what was set, or was before; null for nothing. */
static void put_vf_values(struct json_writer *json, const char *key, const struct vf_values *values)
{
	char text[VF_VALUE_SIZE];

	if (!values->has) {
		json_string(json, key, NULL);
		return;
	}
	json_open(json, key, '{');
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (vf_values_have(values, i))
			json_string(json, vf_setting_word(i),
				    vf_value_format(i, values->items[i], text));
	}
	json_close(json, '}');
}

static void put_decision(struct json_writer *json, const struct decision *decision)
{
	json_open(json, NULL, '{');
	json_text(json, "rule", decision->rule->name);
	json_text(json, "entry", decision->rule->entry);
	if (decision->device)
		put_device(json, decision);
	else
		put_no_device(json);
	json_text(json, "driver", decision->driver);
	json_text(json, "previous_driver", decision->host_driver);
	put_vfs(json, decision);
	settings_put_json(json, decision);
	put_vf_values(json, "vf_settings", &decision->vf_wanted);
	put_vf_values(json, "previous_vf_settings", &decision->vf_former);
	json_string(json, "state", state_word(decision->state));
	json_number(json, "errno", -decision->error);
	put_findings(json, "findings", &decision->findings);
	json_close(json, '}');
}

void record_put_iommu(struct json_writer *json, const struct facts *facts, const char *summary)
{
	json_open(json, "iommu", '{');
	json_string(json, "kind", iommu_kind_word(facts->iommu_kind));
	json_string(json, "state", iommu_state_word(facts->iommu_state));
	if (summary)
		json_string(json, "summary", summary);
	json_flag(json, "interrupt_remapping", facts->interrupt_remapping);
	put_findings(json, "findings", &facts->iommu_findings);
	json_close(json, '}');
}

static void put_trial(struct json_writer *json, const struct record_trial *trial)
{
	if (!trial->state) {
		json_string(json, "trial", NULL);
		return;
	}
	json_open(json, "trial", '{');
	json_string(json, "state", trial->state);
	json_string(json, "configuration", trial->configuration);
	json_string(json, "proof", trial->proof);
	json_number(json, "confirm_within_s", trial->within_s);
	json_close(json, '}');
}

void record_put_json(struct json_writer *json, const char *key, const struct record *record)
{
	json_open(json, key, '{');
	json_number(json, "version", REPORT_VERSION);
	json_text(json, "program", record->program);
	json_text(json, "kernel", record->kernel);
	json_text(json, "config_sha256", record->config_sha256);
	json_text(json, "options_sha256", record->options_sha256);
	json_number(json, "duration_us", record->duration_us);
	put_trial(json, &record->trial);
	if (record->facts) {
		json_string(json, "platform", facts_in_dom0(record->facts) ? "xen-dom0" : "bare");
		record_put_iommu(json, record->facts, record->iommu_summary);
	}
	json_open(json, "devices", '[');
	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		put_decision(json, &record->plan->decisions[i]);
	json_close(json, ']');
	put_findings(json, "findings", &record->findings);
	json_close(json, '}');
}

char *record_to_json(const struct record *record)
{
	struct json_writer json = { 0 };

	record_put_json(&json, NULL, record);
	buffer_add(&json.buffer, "\n");
	return json.buffer.text;
}

struct json_value *record_to_value(const struct record *record, struct json_document *document)
{
	struct json_writer json = { .document = document };

	record_put_json(&json, NULL, record);
	return json.whole;
}

struct json_value *decision_to_value(const struct decision *decision,
				     struct json_document *document)
{
	struct json_writer json = { .document = document };

	put_decision(&json, decision);
	return json.whole;
}

struct json_value *findings_to_value(const struct findings *findings,
				     struct json_document *document)
{
	struct json_writer json = { .document = document };

	put_findings(&json, NULL, findings);
	return json.whole;
}
