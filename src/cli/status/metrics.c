/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/status/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/iommu_words.h"
#include "report/trial.h"
#include "util/cleanup.h"
#include "util/memory.h"

static void print_head(const char *name, const char *help)
{
	printf("# HELP passthru_%s %s\n# TYPE passthru_%s gauge\n", name, help, name);
}

/* The record is escaped: no newline or backslash is left, but quotes may be. */
static void print_label(const char *before, const char *name, const char *value)
{
	printf("%s%s=\"", before, name);
	for (; *value; value++)
		printf(*value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	putchar('"');
}

static const char *const labels[] = { "rule", "address", "driver", "state" };

static const char *label_of(const struct device_status *device, size_t label)
{
	const struct entry *entry = device->entry;
	const char *const texts[] = { entry->rule, entry->address_text, entry->driver,
				      entry->state_text };

	return texts[label];
}

static int compare_labels(const struct device_status *a, const struct device_status *b)
{
	int order = 0;

	for (size_t i = 0; i < ARRAY_SIZE(labels) && !order; i++)
		order = strcmp(label_of(a, i), label_of(b, i));
	return order;
}

/* Of those with the same labels the first comes first. */
static int compare(const void *a, const void *b)
{
	const struct device_status *const *left = a, *const *right = b;
	int order = compare_labels(*left, *right);

	return order ? order : *left < *right ? -1 : 1;
}

/* Rules of one option have one name, and when absent no address. Nobody reads a series twice. */
static bool *find_repeated(const struct status *status)
{
	bool *is_repeated = memory_new(status->count, sizeof(*is_repeated));
	_cleanup_free_ const struct device_status **sorted =
		memory_new(status->count, sizeof(struct device_status *));

	for (size_t i = 0; i < status->count; i++)
		sorted[i] = &status->devices[i];
	qsort(sorted, status->count, sizeof(struct device_status *), compare);
	for (size_t i = 1; i < status->count; i++)
		is_repeated[sorted[i] - status->devices] =
			compare_labels(sorted[i - 1], sorted[i]) == 0;
	return is_repeated;
}

static void print_device(const struct device_status *device, const char *name, bool value)
{
	printf("passthru_%s", name);
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		print_label(i ? "," : "{", labels[i], label_of(device, i));
	printf("} %d\n", value);
}

static const enum severity severities[] = { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

static void count_findings(struct recorded_finding first, size_t counts[])
{
	for_each_recorded(finding, first)
	{
		for (size_t i = 0; i < ARRAY_SIZE(severities); i++)
			counts[i] += recorded_has_severity(&finding, severities[i]);
	}
}

static void print_findings(const struct status *status)
{
	size_t counts[ARRAY_SIZE(severities)] = { 0 };

	count_findings(store_findings(&status->store), counts);
	count_findings(store_iommu_findings(&status->store), counts);
	for (size_t i = 0; i < status->count; i++)
		count_findings(entry_findings(status->devices[i].entry), counts);
	print_head("findings", "Number of findings in the report, by severity.");
	for (size_t i = 0; i < ARRAY_SIZE(severities); i++)
		printf("passthru_findings{severity=\"%s\"} %zu\n", severity_word(severities[i]),
		       counts[i]);
}

static void print_trial(const struct status *status)
{
	static const enum trial_verdict verdicts[] = { TRIAL_PROVEN, TRIAL_TRYING, TRIAL_FAILED,
						       TRIAL_UNPROVEN };
	enum trial_verdict verdict = store_trial(&status->store).verdict;

	print_head("trial", "State of the trial of the image's configuration; all 0 without one.");
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
		printf("passthru_trial{state=\"%s\"} %d\n", trial_word(verdicts[i]),
		       verdict == verdicts[i]);
}

static void print_duration(const struct status *status)
{
	double seconds = strtod(store_head(&status->store).duration_us, NULL) / 1e6;

	print_head("agent_duration_seconds", "Run time of the agent in the initramfs.");
	printf("passthru_agent_duration_seconds %.6f\n", seconds);
}

/* Not where it is not the IOMMU's to do, or could not be read. */
static bool knows_remapping(const struct facts *facts)
{
	return facts->interrupt_remapping ||
	       (facts->iommu_state == IOMMU_STATE_ON && !facts->remapping_is_unread &&
		facts->iommu_kind != IOMMU_KIND_SMMU && facts->iommu_kind != IOMMU_KIND_XEN);
}

static void print_iommu(const struct facts *facts)
{
	static const enum iommu_state each_state[] = { IOMMU_STATE_ON, IOMMU_STATE_OFF,
						       IOMMU_STATE_ABSENT, IOMMU_STATE_UNKNOWN };

	print_head("iommu", "State of the IOMMU now.");
	for (size_t i = 0; i < ARRAY_SIZE(each_state); i++)
		printf("passthru_iommu{kind=\"%s\",state=\"%s\"} %d\n",
		       iommu_kind_word(facts->iommu_kind), iommu_state_word(each_state[i]),
		       facts->iommu_state == each_state[i]);
	if (!knows_remapping(facts))
		return;
	print_head("interrupt_remapping", "Whether interrupts are remapped now.");
	printf("passthru_interrupt_remapping %d\n", facts->interrupt_remapping);
}

void status_print_metrics(const struct status *status)
{
	_cleanup_free_ bool *is_repeated = find_repeated(status);

	print_iommu(&status->host.facts);
	print_head("record_present", "Whether there is a report of this boot.");
	printf("passthru_record_present %d\n", status->store.report != NULL);
	print_head("ok", "Whether passthru status exits with 0.");
	printf("passthru_ok %d\n", status_is_good(status));
	if (!status->store.report)
		return;
	print_head("config_stale",
		   "Whether the configuration has changed since the image was built.");
	printf("passthru_config_stale %d\n", status->is_stale);
	print_head("device_ok", "Whether the device is in the configured state now.");
	for (size_t i = 0; i < status->count; i++) {
		if (!is_repeated[i])
			print_device(&status->devices[i], "device_ok", status->devices[i].is.is_ok);
	}
	print_head("device_holds", "Whether the state of the device in the report is still true.");
	for (size_t i = 0; i < status->count; i++) {
		if (!is_repeated[i])
			print_device(&status->devices[i], "device_holds",
				     status->devices[i].is.holds);
	}
	print_findings(status);
	print_trial(status);
	print_duration(status);
}
