/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

#include "report/json_text.h"
#include "report/record.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

void json_put_text(struct json_text *json, const char *key, const char *text)
{
	_cleanup_free_ char *escaped = NULL;

	if (text && !text_is_plain(text))
		escaped = text_escape(text);
	json_text_string(json, key, escaped ? escaped : text && *text ? text : NULL);
}

static void put_findings(struct json_text *json, const char *key, const struct findings *findings)
{
	json_text_open(json, key, '[');
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		json_text_open(json, NULL, '{');
		json_text_string(json, "code", finding_word(finding->code));
		json_text_string(json, "severity", severity_word(finding_severity(finding->code)));
		json_text_string(json, "text", finding->text);
		json_text_string(json, "remedy", finding_remedy(finding->code));
		json_text_close(json, '}');
	}
	json_text_close(json, ']');
}

static void put_group(struct json_text *json, const struct pci_device *device)
{
	if (device->group == GROUP_NONE)
		json_text_string(json, "group", NULL);
	else
		json_text_number(json, "group", device->group);
}

static void put_viability(struct json_text *json, const struct decision *decision)
{
	if (decision->viability == VIABILITY_UNJUDGED)
		json_text_string(json, "viable", NULL);
	else
		json_text_flag(json, "viable", decision->viability == VIABILITY_YES);
}

static void put_device(struct json_text *json, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	char name[ADDRESS_SIZE], id[sizeof("12345678:12345678")], class[sizeof("12345678")];

	text_put_hex(stpcpy(text_put_hex(id, device->vendor, 4), ":"), device->device, 4);
	text_put_hex(class, device->class, 6);
	json_text_string(json, "address", address_format(&device->address, name));
	json_put_text(json, "path", device->path);
	json_text_string(json, "id", id);
	json_text_string(json, "class", class);
	put_group(json, device);
	json_text_flag(json, "translated", device->translated);
	json_put_text(json, "iommu_unit", device->iommu_unit);
	json_put_text(json, "group_type", device->group_type);
	put_viability(json, decision);
}

/* Without a device, all that is said of one is null. */
static void put_no_device(struct json_text *json)
{
	static const char *const keys[] = { "address",    "path",       "id",
					    "class",      "group",      "translated",
					    "iommu_unit", "group_type", "viable" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_text_string(json, keys[i], NULL);
}

/* How many virtual functions the physical one of an [sriov] rule is to have. */
static void put_vfs(struct json_text *json, const struct decision *decision)
{
	bool is_virtual = decision->device && decision->device->is_virtual;

	if (decision->rule->kind == RULE_SRIOV && !is_virtual)
		json_text_number(json, "vfs", decision->rule->vfs);
	else
		json_text_string(json, "vfs", NULL);
}

static void put_decision(struct json_text *json, const struct decision *decision)
{
	json_text_open(json, NULL, '{');
	json_put_text(json, "rule", decision->rule->name);
	if (decision->device)
		put_device(json, decision);
	else
		put_no_device(json);
	json_put_text(json, "driver", decision->driver);
	json_put_text(json, "previous_driver", decision->host_driver);
	put_vfs(json, decision);
	json_text_string(json, "state", state_word(decision->state));
	json_text_number(json, "errno", -decision->error);
	put_findings(json, "findings", &decision->findings);
	json_text_close(json, '}');
}

static void put_iommu(struct json_text *json, const struct facts *facts)
{
	static const char *const kinds[] = {
		[IOMMU_KIND_NONE] = "none", [IOMMU_KIND_INTEL] = "intel", [IOMMU_KIND_AMD] = "amd",
		[IOMMU_KIND_SMMU] = "smmu", [IOMMU_KIND_XEN] = "xen",
	};
	static const char *const states[] = {
		[IOMMU_STATE_UNKNOWN] = "unknown",
		[IOMMU_STATE_ABSENT] = "absent",
		[IOMMU_STATE_OFF] = "off",
		[IOMMU_STATE_ON] = "on",
	};

	json_text_open(json, "iommu", '{');
	json_text_string(json, "kind", kinds[facts->iommu_kind]);
	json_text_string(json, "state", states[facts->iommu_state]);
	json_text_flag(json, "interrupt_remapping", facts->interrupt_remapping);
	put_findings(json, "findings", &facts->iommu_findings);
	json_text_close(json, '}');
}

char *record_to_json(const struct record *record)
{
	struct json_text json = { 0 };

	json_text_open(&json, NULL, '{');
	json_text_number(&json, "version", REPORT_VERSION);
	json_put_text(&json, "program", record->program);
	json_put_text(&json, "kernel", record->kernel);
	json_put_text(&json, "config_sha256", record->config_sha256);
	json_put_text(&json, "options_sha256", record->options_sha256);
	json_text_number(&json, "duration_us", record->duration_us);
	if (record->facts) {
		json_text_string(&json, "platform",
				 facts_in_dom0(record->facts) ? "xen-dom0" : "bare");
		put_iommu(&json, record->facts);
	}
	json_text_open(&json, "devices", '[');
	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		put_decision(&json, &record->plan->decisions[i]);
	json_text_close(&json, ']');
	put_findings(&json, "findings", &record->findings);
	json_text_close(&json, '}');
	buffer_add(&json.buffer, "\n");
	return json.buffer.text;
}

/* What we write can be read. */
static struct json_value *read_back(struct json_text *json, struct json_document *document)
{
	struct json_value *value = NULL;

	if (json_parse(document, json->buffer.text, json->buffer.length, &value) < 0)
		abort();
	buffer_free(&json->buffer);
	return value;
}

struct json_value *json_of_decision(const struct decision *decision, struct json_document *document)
{
	struct json_text json = { 0 };

	put_decision(&json, decision);
	return read_back(&json, document);
}

struct json_value *json_of_findings(const struct findings *findings, struct json_document *document)
{
	struct json_text json = { 0 };

	put_findings(&json, NULL, findings);
	return read_back(&json, document);
}
