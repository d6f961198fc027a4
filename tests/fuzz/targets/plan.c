/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan, from any host and any rules: never a bridge, never what the host needs unless a rule
 * allows that, never what no rule means; and the rules for udev and the record made of it.
 */
#include "fuzz.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "apply/steps.h"
#include "host/report.h"
#include "host/rules.h"
#include "model/model.h"
#include "plan/match.h"
#include "plan/plan.h"
#include "plan/rescue.h"
#include "plan/udev_rules.h"
#include "report/record_json.h"
#include "util/memory.h"
#include "want/conf.h"

#define DEVICES_MAX 12

/* A device of eight bytes. Everything about it is one of a few, so that rules meet it. */
static void add_device(struct facts *facts, const uint8_t *bytes)
{
	static const uint32_t classes[] = { 0x010802, 0x020000, 0x030000, 0x0c0330,
					    0x060400, 0x060000, 0x0c0500, 0x070002 };
	static const char *const drivers[] = { "",         "nvme",    "e1000e",   "vfio-pci",
					       "pci-stub", "pciback", "xhci_hcd", "mlx5_core" };
	static const char *const types[] = { "DMA-FQ", "identity", "" };
	uint8_t slot = (uint8_t)facts->device_count;
	struct pci_device *device;

	facts->devices = memory_grow(facts->devices, facts->device_count, sizeof(*device));
	device = &facts->devices[facts->device_count++];
	*device = (struct pci_device){
		.address = { 0, bytes[0] & 1, slot, 0 },
		.vendor = 0x8086,
		.device = 0x1000u + (bytes[1] & 3),
		.class = classes[bytes[2] & 7],
		.path = memory_printf("pci0000:00/%02x.0", slot),
		.group = bytes[3] & 7 ? bytes[3] & 7 : GROUP_NONE,
		.translated = bytes[4] & 1,
		.driver_is_module = bytes[4] & 2,
		.has_direct_region = bytes[4] & 4,
		.is_removable = bytes[4] & 8,
		.resets_alone = bytes[4] & 16,
		.reset = (enum reset)(bytes[4] >> 5 & 3),
		.is_complete = true,
		.has_topology = true,
		.vf_total = bytes[5] & 3,
		.vf_count = bytes[5] & 3 ? bytes[5] >> 2 & 1 : 0,
		.has_parent = bytes[6] & 1,
		.parent = { 0, 0, bytes[6] >> 1 & 7, 0 },
		.is_virtual = bytes[6] & 16,
		.physical = { 0, 0, bytes[6] >> 5, 0 },
		.usage = (enum usage)(bytes[7] >> 3 & 3),
	};
	if (device->usage)
		device->used_by = memory_printf("it is in use");
	strcpy(device->driver, drivers[bytes[7] & 7]);
	strcpy(device->group_type, types[bytes[1] >> 2 & 1]);
}

static void add_need(struct facts *facts, uint8_t choice)
{
	const struct pci_device *device;

	if (!facts->device_count)
		return;
	device = &facts->devices[choice % facts->device_count];
	needs_add(&facts->needs, (enum need_kind)(choice / 16 % NEED_KIND_COUNT), device, "once");
}

/* Bytes up to 'R' are the host's; the rest is a configuration. */
static void build(const uint8_t **data, size_t *size, struct facts *facts)
{
	while (*size > 8 && **data != 'R') {
		const uint8_t *bytes = *data;

		if (*bytes == 'N')
			add_need(facts, bytes[1]);
		else if (*bytes == 'X')
			*facts = (struct facts){
				.devices = facts->devices,
				.device_count = facts->device_count,
				.needs = facts->needs,
				.platform = (enum platform)(bytes[1] % 3),
				.iommu_state = (enum iommu_state)(bytes[2] & 3),
				.iommu_kind = (enum iommu_kind)(bytes[3] % 5),
				.needs_state = (enum needs_state)(bytes[4] % 3),
				.interrupt_remapping = bytes[5] & 1,
			};
		else if (facts->device_count < DEVICES_MAX)
			add_device(facts, bytes + 1);
		*data += 9;
		*size -= *size < 9 ? *size : 9;
	}
	facts_sort(facts);
}

static unsigned allow_for(enum need_kind kind)
{
	static const unsigned allow[NEED_KIND_COUNT] = {
		[NEED_STORAGE] = ALLOW_STORAGE,
		[NEED_NETWORK] = ALLOW_NETWORK,
		[NEED_CONSOLE] = ALLOW_CONSOLE,
		[NEED_PASSPHRASE] = ALLOW_CONSOLE,
	};

	return allow[kind]; /* 0: only a warning */
}

static void check_needed(const struct decision *decision, const struct facts *facts)
{
	const struct pci_device *device = decision->device;

	for (size_t i = 0; i < facts->needs.count; i++) {
		const struct need *need = &facts->needs.items[i];
		unsigned allow = allow_for(need->kind);

		if (strcmp(need->path, device->path) == 0 && allow)
			must(decision->rule->allow & allow, "plan-needed",
			     "%s is taken, and the host needs it: %s", device->path,
			     need_word(need->kind));
	}
}

/* Whether a rule means DEVICE, or takes all of a group that has one which it means. */
static bool is_meant(const struct rule *rule, const struct facts *facts,
		     const struct pci_device *device)
{
	for (size_t d = 0; d < facts->device_count; d++) {
		const struct pci_device *other = &facts->devices[d];
		bool is_same = other == device ||
			       (rule->options.group == GROUP_WHOLE && device->group != GROUP_NONE &&
				other->group == device->group);

		if (is_same && match_fit(&rule->selector, facts, other) == FIT_ALL)
			return true;
	}
	return false;
}

static void check_taken(const struct decision *decision, const struct facts *facts)
{
	const struct pci_device *device = decision->device;
	const struct rule *rule = decision->rule;

	must(device && *decision->driver && *decision->module, "plan-taken", "without a driver");
	must(!device_is_infrastructure(device) || device_is_other_bridge(device), "plan-bridge",
	     "%s, class %06x", device->path, device->class);
	must(is_meant(rule, facts, device), "plan-unasked", "%s by %s", device->path, rule->name);
	must(device->translated || rule->options.iommu == IOMMU_WARN, "plan-iommu", "%s",
	     device->path);
	must(device->usage == USAGE_NONE || strcmp(device->driver, decision->driver) == 0 ||
		     !*device->driver ||
		     (device->usage == USAGE_NETWORK && rule->allow & ALLOW_NETWORK),
	     "plan-used", "%s", device->path);
	must(!device_is_storage(device) || facts->needs_state != NEEDS_DAMAGED ||
		     rule->allow & ALLOW_STORAGE,
	     "plan-damaged", "%s", device->path);
	check_needed(decision, facts);
}

static void check_decision(const struct plan *plan, size_t index, const struct facts *facts)
{
	const struct decision *decision = &plan->decisions[index];

	fuzz_check_findings(&decision->findings);
	must(decision->device || decision->verdict == VERDICT_ABSENT, "plan-absent", "%zu", index);
	if (decision->verdict == VERDICT_TAKE)
		check_taken(decision, facts);
	if (decision->verdict == VERDICT_HOLD) {
		must(!device_is_infrastructure(decision->device) ||
			     device_is_other_bridge(decision->device),
		     "plan-bridge", "%s is held", decision->device->path);
		check_needed(decision, facts);
	}
	if (decision->verdict == VERDICT_REFUSE || decision->verdict == VERDICT_HOLD)
		must(findings_severity(&decision->findings) > SEVERITY_INFO, "plan-reason",
		     "%s is not taken, and nothing says why", decision->device->path);
}

/* No device goes to two. */
static void check_once(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		for (size_t k = 0; k < i; k++)
			must(!plan->decisions[i].device ||
				     plan->decisions[i].device != plan->decisions[k].device ||
				     plan->decisions[i].verdict != VERDICT_TAKE ||
				     plan->decisions[k].verdict != VERDICT_TAKE,
			     "plan-once", "%s", plan->decisions[i].device->path);
	}
}

/* A claim comes before all that could have another driver take the device. */
static void check_steps(struct plan *plan)
{
	struct steps steps;
	enum step_kind last = STEP_CLAIM;

	steps_make(plan, &steps);
	for (size_t i = 0; i < steps.count; i++) {
		must(steps.items[i].kind >= last, "steps", "%s behind %s",
		     step_word(steps.items[i].kind), step_word(last));
		last = steps.items[i].kind;
	}
	free(steps.items);
}

static void check_record(const struct plan *plan, const struct facts *facts)
{
	const struct record record = { .program = "p", .facts = facts, .plan = plan };
	_cleanup_free_ char *text = record_to_json(&record);
	struct json_object *report = json_tokener_parse(text), *devices;

	must(report, "record-json", "%s", text);
	devices = json_object_object_get(report, "devices");
	must(json_object_array_length(devices) == plan->count, "record-json", "%s", text);
	json_object_put(report);
}

static void run(const uint8_t *data, size_t size)
{
	struct facts facts = { 0 };
	struct intent files = { 0 }, credentials = { 0 }, options = { 0 };
	struct natives natives = { 0 };
	_cleanup_free_ char *conf = NULL;
	_cleanup_free_ char *rules = NULL;
	struct want want;
	struct plan plan;

	model_reset();
	build(&data, &size, &facts);
	conf = fuzz_part(&data, &size);
	conf_parse(&files, "f", conf + (*conf == 'R'), strlen(conf + (*conf == 'R')));
	want_merge(&files, &credentials, &options, &natives, &want);
	plan_make(&want, &facts, &plan);
	must(!(want.has_errors || want.off) || !plan.count, "plan-errors", "%zu decisions",
	     plan.count);
	for (size_t i = 0; i < plan.count; i++)
		check_decision(&plan, i, &facts);
	check_once(&plan);
	check_steps(&plan);
	check_record(&plan, &facts);
	rules = want.has_errors ? NULL : udev_rules_make(&plan, "/agent");
	if (rules)
		report_check_udev(rules);
	plan_free(&plan);
	want_free(&want);
	facts_free(&facts);
}

static const char *const seeds[] = {
	"D\001\001\001\001\001\001\001\001R[device a]\naddress = 0000:01:00.0\n",
	"X\001\003\001\002\001xxxD\002\001\010\001\001\002\001\001N\001xxxxxxx"
	"R[device a]\nclass = 01\n[device b]\nid = 8086:*\ngroup = whole\n",
	NULL
};

FUZZ_TARGET(plan, .run = run, .seeds = seeds, .words = conf_words, .size_max = 2048)
