/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "report/entry.h"
#include "report/json_value.h"

#define AT "\"address\": \"0000:02:00.0\""

static const struct entry_row {
	const char *name, *text;
	bool has_address, has_id, is_unfinished;
	enum state state;
	uint32_t vfs;
	const char *address_text, *state_text;
} entry_rows[] = {
	{ "whole", "{" AT ", \"id\": \"8086:10d3\", \"state\": \"ready\", \"vfs\": 3}", true, true,
	  false, STATE_READY, 3, "0000:02:00.0", "ready" },
	{ "of a rule without a device", "{\"address\": null, \"id\": null, \"state\": \"absent\"}",
	  false, false, false, STATE_ABSENT, 0, "", "absent" },
	{ "a state of another version", "{\"state\": \"parked\"}", false, false, false,
	  STATE_UNKNOWN, 0, "", "parked" },
	{ "nothing", "{}", false, false, false, STATE_UNKNOWN, 0, "", "" },
	{ "of other kinds", "{\"state\": {}, \"address\": [], \"id\": 1, \"vfs\": true}", false,
	  false, false, STATE_UNKNOWN, 0, "", "" },
	{ "malformed",
	  "{\"address\": \"2:0.0\", \"id\": \"8086-10d3\", \"state\": \"Bound\", \"vfs\": -1}",
	  false, false, false, STATE_UNKNOWN, 0, "2:0.0", "Bound" },
	{ "too long", "{\"id\": \"8086:10d3:0\", \"state\": \"bound \", \"vfs\": 4294967296}",
	  false, false, false, STATE_UNKNOWN, 0, "", "bound " },
	{ "begun",
	  "{\"state\": \"planned\", \"findings\": [{\"code\": \"x\"}, {\"code\": \"unfinished\"}]}",
	  false, false, true, STATE_PLANNED, 0, "", "planned" },
	{ "no findings", "{\"state\": \"planned\", \"findings\": null}", false, false, false,
	  STATE_PLANNED, 0, "", "planned" },
};

static struct entry *parse(struct json_document *document, const char *text)
{
	struct json_value *value;

	assert_int_equal(json_parse(document, text, strlen(text), &value), 0);
	return entry_make(document, value);
}

static void test_entry(void **state)
{
	const struct entry_row *row = *state;
	_cleanup_(json_free) struct json_document document = { 0 };
	const struct entry *entry = parse(&document, row->text);

	assert_int_equal(entry->has_address, row->has_address);
	assert_int_equal(entry->has_id, row->has_id);
	assert_int_equal(entry->is_unfinished, row->is_unfinished);
	assert_int_equal(entry->state, row->state);
	assert_int_equal(entry->vfs, row->vfs);
	assert_string_equal(entry->address_text, row->address_text);
	assert_string_equal(entry->state_text, row->state_text);
	assert_string_equal(entry->driver, "");
}

/* What could be read of it is set back; the rest is nothing that was set. */
static void test_vf_former(void **state)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	const struct entry *entry =
		parse(&document, "{\"previous_vf_settings\": {\"mac\": \"00:00:00:00:00:00\","
				 "\"vlan\": \"4095\", \"trust\": true, \"spoofchk\": \"yes\"}}");

	(void)state;
	assert_int_equal(entry->vf_former.has, 1 << VF_MAC | 1 << VF_SPOOFCHK);
	assert_int_equal(entry->vf_former.items[VF_MAC], 0);
	assert_int_equal(entry->vf_former.items[VF_SPOOFCHK], 1);
}

/* Each state as it is written is read as itself. */
static void test_states(void **state)
{
	(void)state;
	for (int i = 0; i < STATE_UNKNOWN; i++)
		assert_int_equal(state_parse(state_word((enum state)i)), i);
	assert_int_equal(state_parse(""), STATE_UNKNOWN);
}

/* An unknown state fits nothing, whatever the device has. */
static void test_unknown_state(void **state)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	const struct entry *entry =
		parse(&document, "{\"state\": \"parked\", \"driver\": \"vfio-pci\"}");
	const struct recorded recorded = entry_recorded(entry);
	struct observed now = { .is_present = true };

	(void)state;
	assert_false(observed_fits(&now, &recorded));
	strcpy(now.driver, "vfio-pci");
	assert_false(observed_fits(&now, &recorded));
}

/* What is changed or put in its place is seen once it is read again. */
static void test_update(void **state)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	struct entry *entry = parse(&document, "{\"id\": \"8086:10d3\"}");
	struct pci_device device = { .vendor = 0x8086, .device = 0x10d3 };

	(void)state;
	assert_true(entry_has_id_of(entry, &device));
	json_set(&document, entry->value, "id", JSON_STRING, "8086:10d4");
	json_set(&document, entry->value, "state", JSON_STRING, "held");
	entry_update(entry);
	assert_false(entry_has_id_of(entry, &device));
	assert_int_equal(entry->state, STATE_HELD);
	json_set(&document, entry->value, "id", JSON_NULL, "");
	entry_update(entry);
	device.device = 0x10d4;
	assert_false(entry_has_id_of(entry, &device));
}

/* Also one that this version does not know has its words. */
static void test_findings(void **state)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	const struct entry *entry = parse(
		&document,
		"{\"findings\": [{\"code\": \"changed\", \"severity\": \"error\", \"remedy\": null},"
		" {\"code\": \"new\", \"severity\": \"fatal\", \"text\": \"t\", \"remedy\": \"r\"}, 1]}");
	struct recorded_finding finding = entry_findings(entry);

	(void)state;
	assert_true(recorded_is(&finding, FINDING_CHANGED));
	assert_true(recorded_has_severity(&finding, SEVERITY_ERROR));
	assert_string_equal(finding.remedy, "");
	finding = recorded_next(&finding);
	for (int code = 0; code < FINDING_CODE_COUNT; code++)
		assert_false(recorded_is(&finding, (enum finding_code)code));
	assert_false(recorded_has_severity(&finding, SEVERITY_ERROR));
	assert_string_equal(finding.severity, "fatal");
	assert_string_equal(finding.text, "t");
	finding = recorded_next(&finding);
	assert_non_null(finding.value);
	assert_string_equal(finding.code, "");
	assert_null(recorded_next(&finding).value);
	assert_null(recorded_findings(NULL).value);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "entry", test_entry, entry_rows);
	suite_add(&suite, "entry: what a VF was set to", test_vf_former);
	suite_add(&suite, "states", test_states);
	suite_add(&suite, "an unknown state", test_unknown_state);
	suite_add(&suite, "changed", test_update);
	suite_add(&suite, "findings", test_findings);
	return suite_run(&suite, "entry");
}
