/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/record.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

static const char *holder(const struct pci_device *device)
{
	return device->driver[0] ? device->driver : "no driver";
}

static char *group_text(const struct decision *decision)
{
	if (!decision->device || decision->device->group == GROUP_NONE)
		return memory_printf("no group");
	return memory_printf("group %d", decision->device->group);
}

static char *planned_outcome(const struct decision *decision, const char *group)
{
	if (decision->verdict == VERDICT_DIVIDE)
		return memory_printf("would get %u virtual functions", decision->rule->vfs);
	if (decision->verdict == VERDICT_HOLD)
		return memory_printf("would be held, no driver gets it");
	if (decision->verdict == VERDICT_RETURN)
		return memory_printf("would be returned to the host");
	return memory_printf("would go to %s, %s", decision->driver, group);
}

char *record_outcome(const struct decision *decision)
{
	_cleanup_free_ char *group = group_text(decision);

	switch (decision->state) {
	case STATE_PLANNED:
		return planned_outcome(decision, group);
	case STATE_BOUND:
		return memory_printf("bound to %s, %s", decision->driver, group);
	case STATE_CLAIMED:
		return memory_printf("claimed for %s, which is not here: no driver has it",
				     decision->driver);
	case STATE_HELD:
		return memory_printf("held, no driver gets it");
	case STATE_REFUSED:
		return memory_printf("not taken, left to the host (%s)", holder(decision->device));
	case STATE_ABSENT:
		return memory_printf("absent");
	case STATE_RETURNED:
		return memory_printf("returned to the host");
	case STATE_WAITING:
		return memory_printf("waits for %s, then gets %u virtual functions",
				     decision->device->driver[0] ? "udev" : "its own driver",
				     decision->rule->vfs);
	case STATE_READY:
		return memory_printf("stays with %s and has %u virtual functions", decision->driver,
				     decision->rule->vfs);
	case STATE_FAILED:
		return memory_printf("failed: %s", strerror(-decision->error));
	}
	return memory_printf("unknown");
}

char *record_subject(const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	char name[ADDRESS_SIZE];

	if (!device)
		return memory_printf("%s", decision->rule->name);
	return memory_printf("%s %s [%04x:%04x]", decision->rule->name,
			     address_format(&device->address, name), device->vendor,
			     device->device);
}

static bool is_good_state(enum state state)
{
	return state == STATE_BOUND || state == STATE_WAITING || state == STATE_READY;
}

bool record_is_good(const struct record *record)
{
	if (findings_severity(&record->findings) == SEVERITY_ERROR)
		return false;
	for (size_t i = 0; record->plan && i < record->plan->count; i++) {
		if (!is_good_state(record->plan->decisions[i].state) ||
		    record->plan->decisions[i].error)
			return false;
	}
	return true;
}

struct lines {
	void (*line)(enum severity severity, const char *text, void *context);
	void *context;
};

/* The remedy of several findings of one kind is told once, behind the last. */
static const char *remedy_at(const struct findings *findings, size_t index)
{
	enum finding_code code = findings->items[index].code;

	if (index + 1 < findings->count && findings->items[index + 1].code == code)
		return NULL;
	return finding_remedy(code);
}

static void tell_findings(const struct lines *lines, const char *subject,
			  const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		enum severity severity = finding_severity(finding->code);
		const char *remedy = remedy_at(findings, i);
		_cleanup_free_ char *text =
			memory_printf("%s%s%s: %s: %s%s%s%s", subject, *subject ? ": " : "",
				      severity_word(severity), finding_word(finding->code),
				      finding->text, remedy ? " (" : "", remedy ? remedy : "",
				      remedy ? ")" : "");

		lines->line(severity, text, lines->context);
	}
}

static void tell_decision(const struct lines *lines, const struct decision *decision)
{
	_cleanup_free_ char *subject = record_subject(decision);
	_cleanup_free_ char *outcome = record_outcome(decision);
	_cleanup_free_ char *text = memory_printf("%s %s", subject, outcome);
	bool good = is_good_state(decision->state) || decision->state == STATE_PLANNED;

	lines->line(good ? SEVERITY_INFO : SEVERITY_WARNING, text, lines->context);
	tell_findings(lines, subject, &decision->findings);
}

void record_each_line(const struct record *record,
		      void (*line)(enum severity severity, const char *text, void *context),
		      void *context)
{
	struct lines lines = { line, context };

	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		tell_decision(&lines, &record->plan->decisions[i]);
	if (record->facts)
		tell_findings(&lines, "", &record->facts->iommu_findings);
	tell_findings(&lines, "", &record->findings);
}
