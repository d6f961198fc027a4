/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"

#include <string.h>

#include "report/record.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* KEY is a literal, and not in OBJECT yet. */
static void add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add_ex(object, key, value,
				  JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT);
}

/* TEXT may come from outside; NULL and "" become null. */
static void add_text(struct json_object *object, const char *key, const char *text)
{
	_cleanup_free_ char *escaped = NULL;

	if (!text || !*text) {
		add(object, key, NULL);
		return;
	}
	if (!text_is_plain(text))
		escaped = text_escape(text);
	add(object, key, json_object_new_string(escaped ? escaped : text));
}

struct json_object *json_of_findings(const struct findings *findings)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct json_object *object = json_object_new_object();

		add_text(object, "code", finding_word(finding->code));
		add_text(object, "severity", severity_word(finding_severity(finding->code)));
		add(object, "text", json_object_new_string(finding->text));
		add_text(object, "remedy", finding_remedy(finding->code));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *group_json(const struct pci_device *device)
{
	return device->group == GROUP_NONE ? NULL : json_object_new_int(device->group);
}

static struct json_object *viability_json(const struct decision *decision)
{
	return decision->viability == VIABILITY_UNJUDGED
		       ? NULL
		       : json_object_new_boolean(decision->viability == VIABILITY_YES);
}

static void add_device(struct json_object *object, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	char name[ADDRESS_SIZE];
	_cleanup_free_ char *id = memory_printf("%04x:%04x", device->vendor, device->device);
	_cleanup_free_ char *class = memory_printf("%06x", device->class);

	add_text(object, "address", address_format(&device->address, name));
	add_text(object, "path", device->path);
	add_text(object, "id", id);
	add_text(object, "class", class);
	add(object, "group", group_json(device));
	add(object, "translated", json_object_new_boolean(device->translated));
	add_text(object, "iommu_unit", device->iommu_unit);
	add_text(object, "group_type", device->group_type);
	add(object, "viable", viability_json(decision));
}

/* Without a device, all that is said of one is null. */
static void add_no_device(struct json_object *object)
{
	static const char *const keys[] = { "address",    "path",       "id",
					    "class",      "group",      "translated",
					    "iommu_unit", "group_type", "viable" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		add(object, keys[i], NULL);
}

struct json_object *json_of_decision(const struct decision *decision)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "rule", decision->rule->name);
	if (decision->device)
		add_device(object, decision);
	else
		add_no_device(object);
	add_text(object, "driver", decision->driver);
	add_text(object, "previous_driver", decision->host_driver);
	add_text(object, "state", state_word(decision->state));
	add(object, "errno", json_object_new_int(-decision->error));
	add(object, "findings", json_of_findings(&decision->findings));
	return object;
}

static struct json_object *iommu_json(const struct facts *facts)
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
	struct json_object *object = json_object_new_object();

	add_text(object, "kind", kinds[facts->iommu_kind]);
	add_text(object, "state", states[facts->iommu_state]);
	add(object, "interrupt_remapping", json_object_new_boolean(facts->interrupt_remapping));
	add(object, "findings", json_of_findings(&facts->iommu_findings));
	return object;
}

char *record_to_json(const struct record *record)
{
	struct json_object *object = json_object_new_object();
	struct json_object *devices = json_object_new_array();
	const char *text;
	char *copy;

	add(object, "version", json_object_new_int(REPORT_VERSION));
	add_text(object, "program", record->program);
	add_text(object, "kernel", record->kernel);
	add_text(object, "config_sha256", record->config_sha256);
	add(object, "duration_us", json_object_new_int64(record->duration_us));
	if (record->facts) {
		add_text(object, "platform", facts_in_dom0(record->facts) ? "xen-dom0" : "bare");
		add(object, "iommu", iommu_json(record->facts));
	}
	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		json_object_array_add(devices, json_of_decision(&record->plan->decisions[i]));
	add(object, "devices", devices);
	add(object, "findings", json_of_findings(&record->findings));
	text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							      JSON_C_TO_STRING_NOSLASHESCAPE);
	copy = memory_printf("%s\n", text);
	json_object_put(object);
	return copy;
}
