/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/record.h"

#include "util/cleanup.h"
#include "util/memory.h"

static void put_stub_and_group(struct buffer *line, const struct decision *decision)
{
	buffer_add(line, decision->driver);
	if (!decision->device || decision->device->group == GROUP_NONE) {
		bool awaits = decision->device && decision->device->group_awaits_bind;

		buffer_add(line, awaits ? ", group not known yet" : ", no group");
		return;
	}
	buffer_add(line, ", group ");
	buffer_add_number(line, decision->device->group);
}

static void put_planned_outcome(struct buffer *line, const struct decision *decision)
{
	if (decision->verdict == VERDICT_DIVIDE) {
		buffer_printf(line, "would have %u VFs enabled", decision->rule->vfs);
	} else if (decision->verdict == VERDICT_HOLD) {
		buffer_add(line, "would be held without a driver");
	} else if (decision->verdict == VERDICT_RETURN) {
		buffer_add(line, "would be returned to the host");
	} else {
		buffer_add(line, "would be bound to ");
		put_stub_and_group(line, decision);
	}
}

void record_put_outcome(struct buffer *line, const struct decision *decision)
{
	switch (decision->state) {
	case STATE_PLANNED:
		put_planned_outcome(line, decision);
		break;
	case STATE_BOUND:
		buffer_add(line, "bound to ");
		put_stub_and_group(line, decision);
		break;
	case STATE_CLAIMED:
		buffer_printf(line, "claimed for %s, which is not loaded: no driver is bound",
			      decision->driver);
		break;
	case STATE_HELD:
		buffer_add(line, "held without a driver");
		break;
	case STATE_REFUSED:
		buffer_add(line, "left to the host");
		if (decision->device->driver[0])
			buffer_printf(line, ", bound to %s", decision->device->driver);
		break;
	case STATE_ABSENT:
		buffer_add(line, "absent");
		break;
	case STATE_RETURNED:
		buffer_add(line, decision->verdict == VERDICT_REFUSE ? "of the host already"
								     : "returned to the host");
		break;
	case STATE_WAITING:
		buffer_printf(line, "waiting for %s, then %u VFs are enabled",
			      decision->device->driver[0] ? "udev" : "its own driver",
			      decision->rule->vfs);
		break;
	case STATE_READY:
		buffer_printf(line, "bound to %s, with %u VFs enabled", decision->driver,
			      decision->rule->vfs);
		break;
	case STATE_FAILED:
	case STATE_UNKNOWN:
		buffer_add(line, "failed"); /* its findings say why */
		break;
	}
}

void record_put_subject(struct buffer *line, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	char name[ADDRESS_SIZE];

	buffer_add(line, decision->rule->name);
	if (!device)
		return;
	buffer_add(line, " ");
	buffer_add(line, address_format(&device->address, name));
	buffer_add(line, " [");
	buffer_add_hex(line, device->vendor, 4);
	buffer_add(line, ":");
	buffer_add_hex(line, device->device, 4);
	buffer_add(line, "]");
}

static bool is_good_state(enum state state)
{
	return state == STATE_BOUND || state == STATE_WAITING || state == STATE_READY;
}

bool record_is_good(const struct record *record)
{
	if (findings_severity(&record->findings) == SEVERITY_ERROR ||
	    (record->facts && findings_severity(&record->facts->iommu_findings) == SEVERITY_ERROR))
		return false;
	for (size_t i = 0; record->plan && i < record->plan->count; i++) {
		if (!is_good_state(record->plan->decisions[i].state) ||
		    record->plan->decisions[i].error)
			return false;
	}
	return true;
}

/* One line after the other is made in `text`. */
struct lines {
	void (*line)(enum severity severity, const char *text, void *context);
	void *context;
	struct buffer text;
};

static void tell(struct lines *lines, enum severity severity)
{
	lines->line(severity, lines->text.text, lines->context);
}

/* The remedy of several findings of one kind is told once, behind the last. */
static char *remedy_at(const struct findings *findings, size_t index)
{
	enum finding_code code = findings->items[index].code;

	if (index + 1 < findings->count && findings->items[index + 1].code == code)
		return NULL;
	return finding_remedy(code, REMEDY_KEY);
}

/* Behind the first SUBJECT bytes of the line. */
static void tell_findings(struct lines *lines, size_t subject, const struct findings *findings)
{
	struct buffer *text = &lines->text;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		enum severity severity = finding_severity(finding->code);
		_cleanup_free_ char *remedy = remedy_at(findings, i);

		buffer_cut(text, subject);
		buffer_add(text, subject ? ": " : "");
		buffer_add(text, severity_word(severity));
		buffer_add(text, ": ");
		buffer_add(text, finding_word(finding->code));
		buffer_add(text, ": ");
		buffer_add(text, finding->text);
		if (remedy) {
			buffer_add(text, " (");
			buffer_add(text, remedy);
			buffer_add(text, ")");
		}
		tell(lines, severity);
	}
}

/* A stub driver's own option stands in a file that passthru.conf does not name. */
static void put_origin(struct buffer *line, const struct rule *rule)
{
	if (rule->entry)
		buffer_printf(line, " (from %s)", rule->origin);
}

/* Returns how long the subject is. */
static size_t put_device(struct buffer *line, const struct decision *decision)
{
	size_t subject;

	record_put_subject(line, decision);
	subject = line->length;
	buffer_add(line, " ");
	record_put_outcome(line, decision);
	put_origin(line, decision->rule);
	return subject;
}

void record_put_device(struct buffer *line, const struct decision *decision)
{
	put_device(line, decision);
}

enum severity record_severity_of(const struct decision *decision)
{
	bool good = is_good_state(decision->state) || decision->state == STATE_PLANNED;

	return good ? SEVERITY_INFO : SEVERITY_WARNING;
}

static void tell_decision(struct lines *lines, const struct decision *decision)
{
	size_t subject;

	buffer_cut(&lines->text, 0);
	subject = put_device(&lines->text, decision);
	tell(lines, record_severity_of(decision));
	tell_findings(lines, subject, &decision->findings);
}

void record_each_line(const struct record *record,
		      void (*line)(enum severity severity, const char *text, void *context),
		      void *context)
{
	struct lines lines = { line, context, { 0 } };

	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		tell_decision(&lines, &record->plan->decisions[i]);
	if (record->facts)
		tell_findings(&lines, 0, &record->facts->iommu_findings);
	tell_findings(&lines, 0, &record->findings);
	buffer_free(&lines.text);
}
