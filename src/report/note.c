/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/note.h"

#include "report/json_value.h"
#include "report/record_json.h"
#include "util/cleanup.h"
#include "util/text.h"

/* The entry for the rule of DECISION, without its device. */
static struct entry *find_absent(const struct store *store, const struct decision *decision)
{
	const struct rule *rule = decision->rule;
	_cleanup_free_ char *list_entry = text_escape(rule->entry ? rule->entry : "");

	return entries_find_absent(&store->entries, rule->name, list_entry);
}

struct entry *store_find_at(const struct store *store, const struct pci_address *address)
{
	const struct entries *entries = &store->entries;
	struct entry *found = NULL, *next = entries_next_at(entries, address, NULL);

	for (; next; next = entries_next_at(entries, address, next)) {
		if (!found || found->state == STATE_REFUSED || next->state != STATE_REFUSED)
			found = next;
	}
	return found;
}

struct entry *store_find(const struct store *store, const struct decision *decision)
{
	if (!decision->device)
		return find_absent(store, decision);
	return entries_find(&store->entries, decision->rule->name, &decision->device->address);
}

void store_forget(struct store *store, const struct pci_address *address)
{
	struct entry *entry = entries_next_at(&store->entries, address, NULL), *next;

	for (; entry; entry = next) {
		next = entries_next_at(&store->entries, address, entry);
		entries_remove(&store->entries, entry);
	}
}

/* --- findings */

/* The severity and the remedy follow from these. */
static bool is_same(const struct json_value *a, const struct json_value *b)
{
	return streq(json_get_text(a, "code"), json_get_text(b, "code")) &&
	       streq(json_get_text(a, "text"), json_get_text(b, "text"));
}

static bool has_finding(const struct json_value *findings, const struct json_value *finding)
{
	const struct json_value *present = findings->first;

	while (present && !is_same(present, finding))
		present = present->next;
	return present;
}

static struct json_value *value_of(const struct store *store, const struct entry *entry)
{
	return entry ? entry->value : store->report;
}

void store_add(struct store *store, struct entry *entry, const struct findings *findings)
{
	struct json_value *owner = value_of(store, entry), *present = json_get(owner, "findings");
	struct json_value *next = findings_to_value(findings, store->document)->first;

	if (!present || present->kind != JSON_ARRAY)
		present = json_set(store->document, owner, "findings", JSON_ARRAY, "");
	for (struct json_value *finding; (finding = next);) {
		next = finding->next;
		if (!has_finding(present, finding))
			json_append(present, finding);
	}
	if (entry)
		entry_update(entry);
}

struct recorded_finding store_findings(const struct store *store)
{
	return recorded_findings(store->report);
}

struct recorded_finding store_iommu_findings(const struct store *store)
{
	return recorded_findings(json_get(store->report, "iommu"));
}

static bool has_error(struct recorded_finding first)
{
	for_each_recorded(finding, first)
	{
		if (recorded_has_severity(&finding, SEVERITY_ERROR))
			return true;
	}
	return false;
}

bool store_has_error(const struct store *store)
{
	return has_error(store_findings(store)) || has_error(store_iommu_findings(store));
}

/* --- what came of it */

/* KEY as FROM has it. */
static void replace(struct store *store, struct entry *entry, const char *key,
		    const struct json_value *from)
{
	const struct json_value *value = json_get(from, key);

	json_set(store->document, entry->value, key, value->kind, value->text);
}

static void replace_previous_driver(struct store *store, struct entry *entry,
				    const struct json_value *from)
{
	if (*json_get_text(from, "previous_driver"))
		replace(store, entry, "previous_driver", from);
}

/* Where nothing is set now, what was set before stays until the device is returned. */
static void replace_settings(struct store *store, struct entry *entry,
			     const struct decision *decision, struct json_value *from)
{
	static const char key[] = "settings";
	struct json_value *present = json_get(entry->value, key), *fresh = json_get(from, key);

	if (present && decision->state == STATE_RETURNED)
		json_set(store->document, entry->value, key, JSON_NULL, "");
	if (fresh->kind == JSON_NULL || decision->state == STATE_RETURNED)
		return;
	json_remove(from, fresh);
	if (present)
		json_replace(entry->value, present, fresh);
	else
		json_append(entry->value, fresh);
}

static void move_member(struct entry *entry, const char *key, struct json_value *from)
{
	struct json_value *old = json_get(entry->value, key), *value = json_get(from, key);

	json_remove(from, value);
	if (old)
		json_replace(entry->value, old, value);
	else
		json_append(entry->value, value);
}

/* A VF that was bound already was not changed by now, but may have been before. */
static void replace_vf_settings(struct entry *entry, const struct decision *decision,
				struct json_value *from)
{
	if (decision->verdict != VERDICT_RETURN && !decision->vf_former.has)
		return;
	move_member(entry, "vf_settings", from);
	move_member(entry, "previous_vf_settings", from);
}

/*
 * What was said of a device that was not there, or not ready, is out of date when it is; and what
 * was said of another one that was in this place.
 */
static bool is_outdated(const struct entry *entry, const struct decision *decision)
{
	return !decision->device || !*entry->address_text || entry->state == STATE_WAITING ||
	       !entry_has_id_of(entry, decision->device);
}

void store_note(struct store *store, const struct decision *decision)
{
	struct json_value *fresh = decision_to_value(decision, store->document);
	struct entry *entry = store_find(store, decision);
	struct entry *absent = find_absent(store, decision);

	/* store_intend() may have added one beside it. */
	if (entry && absent && absent != entry && decision->device)
		entries_remove(&store->entries, absent);
	if (!entry)
		entry = absent;
	if (!entry) {
		entries_append(&store->entries, fresh);
		return;
	}
	if (is_outdated(entry, decision)) {
		entries_replace(&store->entries, entry, fresh);
		return;
	}
	replace(store, entry, "driver", fresh);
	replace(store, entry, "state", fresh);
	replace(store, entry, "errno", fresh);
	replace_previous_driver(store, entry, fresh);
	replace_settings(store, entry, decision, fresh);
	replace_vf_settings(entry, decision, fresh);
	if (decision->viability != VIABILITY_UNJUDGED)
		replace(store, entry, "viable", fresh);
	store_add(store, entry, &decision->findings);
}

/* --- what is about to be done */

void store_intend(struct store *store, const struct decision *decision, const char *program)
{
	struct json_value *fresh = decision_to_value(decision, store->document);
	struct entry *entry = store_find_at(store, &decision->device->address);
	struct findings findings = { 0 };

	if (!entry || !entry_has_id_of(entry, decision->device)) {
		json_set(store->document, fresh, "state", JSON_STRING, state_word(STATE_PLANNED));
		entry = entries_append(&store->entries, fresh);
	} else {
		replace_previous_driver(store, entry, fresh);
		replace_settings(store, entry, decision, fresh);
	}
	if (decision->verdict == VERDICT_RETURN)
		findings_add(&findings, FINDING_UNFINISHED,
			     "%s did not finish returning it to the host", program);
	else
		findings_add(&findings, FINDING_UNFINISHED, "%s did not finish assigning it to %s",
			     program, decision->driver);
	store_add(store, entry, &findings);
	findings_free(&findings);
}

static void remove_unfinished(struct entry *entry)
{
	struct json_value *findings = json_get(entry->value, "findings");
	struct json_value *next = findings->first;

	for (struct json_value *finding; (finding = next);) {
		next = finding->next;
		if (streq(json_get_text(finding, "code"), finding_word(FINDING_UNFINISHED)))
			json_remove(findings, finding);
	}
	entry_update(entry);
}

void store_settle(struct store *store, const struct pci_address *address)
{
	struct entry *entry = entries_next_at(&store->entries, address, NULL), *next;

	for (; entry; entry = next) {
		next = entries_next_at(&store->entries, address, entry);
		if (!entry->is_unfinished)
			continue;
		if (entry->state == STATE_PLANNED)
			entries_remove(&store->entries, entry);
		else
			remove_unfinished(entry);
	}
}

/* --- the whole */

void store_set_flag(struct store *store, struct entry *entry, const char *key, bool flag)
{
	json_set_flag(store->document, value_of(store, entry), key, flag);
}

void store_set_text(struct store *store, struct entry *entry, const char *key, const char *text)
{
	json_set_text(store->document, value_of(store, entry), key, text);
}

void store_set_iommu_text(struct store *store, const char *key, const char *text)
{
	struct json_value *iommu = json_get(store->report, "iommu");

	if (!iommu || iommu->kind != JSON_OBJECT)
		iommu = json_set(store->document, store->report, "iommu", JSON_OBJECT, "");
	json_set_text(store->document, iommu, key, text);
}
