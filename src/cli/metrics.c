/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status --metrics */
#include <stdio.h>
#include <string.h>

#include "cli/status.h"
#include "report/stored.h"
#include "util/cleanup.h"

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

static bool has_same_labels(struct json_object *a, struct json_object *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		if (strcmp(stored_text(a, labels[i]), stored_text(b, labels[i])) != 0)
			return false;
	}
	return true;
}

/* Rules of one option have one name, and when absent no address. Nobody reads a series twice. */
static bool is_repeated(const struct status *status, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (has_same_labels(status->devices[i].recorded, status->devices[index].recorded))
			return true;
	}
	return false;
}

static void print_device(const struct device_status *device, const char *name, bool value)
{
	printf("passthru_%s", name);
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		print_label(i ? "," : "{", labels[i], stored_text(device->recorded, labels[i]));
	printf("} %d\n", value);
}

/* Of OWNER: the report, its IOMMU, or one of its devices. */
static size_t count_of(struct json_object *owner, const char *severity)
{
	struct json_object *findings;
	size_t count = stored_array(owner, "findings", &findings), found = 0;

	for (size_t i = 0; i < count; i++)
		found += strcmp(stored_text(json_object_array_get_idx(findings, i), "severity"),
				severity) == 0;
	return found;
}

static size_t count_findings(const struct status *status, const char *severity)
{
	struct json_object *iommu = json_object_object_get(status->report, "iommu");
	size_t found = count_of(status->report, severity) + count_of(iommu, severity);

	for (size_t i = 0; i < status->count; i++)
		found += count_of(status->devices[i].recorded, severity);
	return found;
}

static void print_findings(const struct status *status)
{
	static const char *const severities[] = { "info", "warning", "error" };

	print_head("findings", "What the agent had to say, by severity.");
	for (size_t i = 0; i < ARRAY_SIZE(severities); i++)
		printf("passthru_findings{severity=\"%s\"} %zu\n", severities[i],
		       count_findings(status, severities[i]));
}

static void print_duration(const struct status *status)
{
	double seconds = (double)json_object_get_int64(
				 json_object_object_get(status->report, "duration_us")) /
			 1e6;

	print_head("agent_duration_seconds", "How long the agent took in the initramfs.");
	printf("passthru_agent_duration_seconds %.6f\n", seconds);
}

void status_print_metrics(const struct status *status)
{
	print_head("record_present", "Whether the agent left a record of this boot.");
	printf("passthru_record_present %d\n", status->report != NULL);
	print_head("as_wanted", "Whether everything is as it was asked for, now as well.");
	printf("passthru_as_wanted %d\n", status_is_good(status));
	if (!status->report)
		return;
	print_head("config_stale", "Whether the configuration is another one than in the image.");
	printf("passthru_config_stale %d\n", status->is_stale);
	print_head("device_as_wanted", "Whether the device has the driver that was asked for.");
	for (size_t i = 0; i < status->count; i++) {
		if (!is_repeated(status, i))
			print_device(&status->devices[i], "device_as_wanted",
				     status->devices[i].is_as_wanted);
	}
	print_head("device_holds", "Whether what the record says of the device still holds.");
	for (size_t i = 0; i < status->count; i++) {
		if (!is_repeated(status, i))
			print_device(&status->devices[i], "device_holds", status->devices[i].holds);
	}
	print_findings(status);
	print_duration(status);
}
