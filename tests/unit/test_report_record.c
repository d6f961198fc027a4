/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "report/json_value.h"
#include "report/json_writer.h"
#include "report/record_json.h"
#include "util/memory.h"

/* A record of what came of HOST and CONF, and what it is made of. */
struct sample {
	struct want want;
	struct facts facts;
	struct plan plan;
	struct record record;
};

static void sample_make(struct sample *sample, const char *host, const char *conf)
{
	*sample = (struct sample){ 0 };
	form_host(host, &sample->facts);
	form_want(conf, NULL, &sample->want);
	plan_make(&sample->want, &sample->facts, &sample->plan);
	sample->record = (struct record){
		.program = "passthru-init 1.2.3",
		.kernel = "6.1.0-test",
		.config_sha256 = "0123abcd",
		.duration_us = 5000000000,
		.trial = { "trying", "0123abcd", "confirm", 600 },
		.facts = &sample->facts,
		.plan = &sample->plan,
	};
}

static void sample_free(struct sample *sample)
{
	plan_free(&sample->plan);
	facts_free(&sample->facts);
	want_free(&sample->want);
	findings_free(&sample->record.findings);
}

/* As values of a document it is the same. */
static void assert_same_values(const struct record *record, const char *text)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	_cleanup_(json_writer_free) struct json_writer json = { 0 };

	json_write(&json, NULL, record_to_value(record, &document));
	buffer_add(&json.buffer, "\n");
	assert_string_equal(json.buffer.text, text);
}

static void assert_json(const struct record *record, const char *expected_text)
{
	_cleanup_free_ char *text = record_to_json(record);
	struct json_object *expected = json_tokener_parse(expected_text);
	struct json_object *actual = json_tokener_parse(text);

	assert_non_null(expected);
	assert_non_null(actual);
	if (!json_object_equal(expected, actual))
		fail_showing(expected_text, text);
	json_object_put(expected);
	json_object_put(actual);
	assert_same_values(record, text);
}

#define HEAD                                                                               \
	"'version': 1, 'program': 'passthru-init 1.2.3', 'kernel': '6.1.0-test',"          \
	"'config_sha256': '0123abcd', 'options_sha256': null, 'duration_us': 5000000000, " \
	"'trial': {'state': 'trying', 'configuration': '0123abcd', 'proof': 'confirm', 'confirm_within_s': 600}, "

/* JSON in C, with ' for " */
static char *json(const char *text)
{
	char *copy = memory_copy(text, strlen(text));

	for (char *c = copy; (c = strchr(c, '\''));)
		*c = '"';
	return copy;
}

/* The shape that passthru-report(5) gives, with every member of it. */
static void test_shape(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	struct decision *decisions;
	_cleanup_free_ char *expected = json(
		"{" HEAD "'platform': 'bare',"
		"'iommu': {'kind': 'intel', 'state': 'on', 'interrupt_remapping': true, "
		"          'findings': []},"
		"'devices': ["
		" {'rule': 'gpu', 'entry': null, 'address': '0000:01:00.0', 'path': 'pci0000:00/01.0/00.0',"
		"  'id': '10de:2684', 'class': '030000', 'group': 14, 'translated': true,"
		"  'iommu_unit': 'dmar0', 'group_type': 'DMA-FQ', 'viable': false,"
		"  'driver': 'vfio-pci',"
		"  'previous_driver': null, 'vfs': null, 'settings': null, 'vf_settings': null,"
		"  'previous_vf_settings': null, 'state': 'bound', 'errno': 0, 'findings': []},"
		" {'rule': 'uart', 'entry': null, 'address': '0000:04:00.0', 'path': null,"
		"  'id': '1b36:0002', 'class': '070002', 'group': null, 'translated': false,"
		"  'iommu_unit': null, 'group_type': null, 'viable': null,"
		"  'driver': 'pci-stub',"
		"  'previous_driver': 'serial', 'vfs': null, 'settings': null, 'vf_settings': null,"
		"  'previous_vf_settings': null, 'state': 'failed', 'errno': 19,"
		"  'findings': [{'code': 'already-bound', 'severity': 'info', 'text': 'hm',"
		"                'remedy': null}]}],"
		"'findings': []}");

	(void)state;
	sample_make(&sample,
		    "0000:01:00.0 10de:2684 0300 group=14 path=pci0000:00/01.0/00.0 "
		    "unit=dmar0 type=DMA-FQ\n"
		    "0000:04:00.0 1b36:0002 070002 driver=serial\n",
		    "[device gpu]\nclass = 03\n"
		    "[device uart]\nclass = 07\ndriver = pci-stub\niommu = warn\n");
	sample.facts.iommu_kind = IOMMU_KIND_INTEL;
	sample.facts.iommu_state = IOMMU_STATE_ON;
	sample.facts.interrupt_remapping = true;
	decisions = sample.plan.decisions;
	decisions[0].state = STATE_BOUND;
	decisions[1].state = STATE_FAILED;
	decisions[1].error = -ENODEV;
	findings_free(&decisions[1].findings);
	findings_add(&decisions[1].findings, FINDING_ALREADY_BOUND, "hm");
	assert_json(&sample.record, expected);
}

/* Before there is anything: off, a bad configuration, no sysfs. */
static void test_without_facts(void **state)
{
	struct record record = { .program = "p", .kernel = "k" };
	_cleanup_free_ char *expected = json(
		"{'version': 1, 'program': 'p', 'kernel': 'k', 'config_sha256': null, 'options_sha256': null,"
		"'duration_us': 0, 'trial': null, 'devices': [], 'findings': ["
		" {'code': 'nothing-configured', 'severity': 'info', 'text': 'x',"
		"  'remedy': null}]}");

	(void)state;
	findings_add(&record.findings, FINDING_NOTHING_CONFIGURED, "x");
	assert_json(&record, expected);
	findings_free(&record.findings);
}

static struct json_object *parse(const struct record *record)
{
	_cleanup_free_ char *text = record_to_json(record);
	struct json_object *object = json_tokener_parse(text);

	assert_non_null(object);
	return object;
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("there is no '%s'", key);
	return value;
}

static const char *text_member(struct json_object *object, const char *key)
{
	return json_object_get_string(member(object, key));
}

/* The stub that had it before is no driver of the host. */
static void test_previous_driver_is_the_hosts(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	struct json_object *object, *device;

	(void)state;
	sample_make(&sample, "0000:01:00.0 1:2 02 group=1 driver=vfio-pci module\n",
		    "[device a]\nid = 1:2\n");
	object = parse(&sample.record);
	device = json_object_array_get_idx(member(object, "devices"), 0);
	assert_null(member(device, "previous_driver"));
	assert_string_equal(text_member(device, "driver"), "vfio-pci");
	json_object_put(object);
}

static void test_absent_device(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	struct json_object *object, *device;

	(void)state;
	sample_make(&sample, "", "[device a]\nid = 1:2\n");
	object = parse(&sample.record);
	device = json_object_array_get_idx(member(object, "devices"), 0);
	assert_string_equal(text_member(device, "rule"), "a");
	assert_string_equal(text_member(device, "state"), "absent");
	assert_int_equal(json_object_array_length(member(device, "findings")), 1);
	json_object_put(object);
}

static void test_xen(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	struct json_object *object;

	(void)state;
	sample_make(&sample, "xen\n", "");
	object = parse(&sample.record);
	assert_string_equal(text_member(object, "platform"), "xen-dom0");
	json_object_put(object);
}

/* Nothing that comes from outside may steer a terminal that shows the report. */
static void test_hostile_strings(void **state)
{
	static const char hostile[] = "\033[2J\n\"}\\\xff";
	static const char escaped[] = "\\x1b[2J\\x0a\"}\\x5c\\xff";
	_cleanup_(sample_free) struct sample sample;
	_cleanup_free_ char *text = NULL;
	struct json_object *object, *device;

	(void)state;
	sample_make(&sample, "0000:01:00.0 1:2 02 group=1 driver=serial\n",
		    "[device a]\nid = 1:2\n");
	sample.record.kernel = hostile;
	strcpy(sample.plan.decisions[0].host_driver, hostile);
	sample.facts.devices[0].path = memory_copy(hostile, strlen(hostile));
	findings_add(&sample.record.findings, FINDING_OFF, "%s", hostile);
	text = record_to_json(&sample.record);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7e));
	object = parse(&sample.record);
	device = json_object_array_get_idx(member(object, "devices"), 0);
	assert_string_equal(text_member(object, "kernel"), escaped);
	assert_string_equal(text_member(device, "path"), escaped);
	assert_string_equal(text_member(device, "previous_driver"), escaped);
	assert_string_equal(text_member(json_object_array_get_idx(member(object, "findings"), 0),
					"text"),
			    escaped);
	json_object_put(object);
}

/* How each state is told; the device has driver "serial" and group 3. */
static const struct outcome_row {
	const char *name;
	enum state state;
	enum verdict verdict;
	int error;
	const char *outcome;
	bool good;
} outcome_rows[] = {
	{ "planned", STATE_PLANNED, VERDICT_TAKE, 0, "would be bound to vfio-pci, group 3", false },
	{ "planned to hold", STATE_PLANNED, VERDICT_HOLD, 0, "would be held without a driver",
	  false },
	{ "bound", STATE_BOUND, VERDICT_TAKE, 0, "bound to vfio-pci, group 3", true },
	{ "claimed", STATE_CLAIMED, VERDICT_TAKE, -ENOENT,
	  "claimed for vfio-pci, which is not loaded: no driver is bound", false },
	{ "held", STATE_HELD, VERDICT_HOLD, 0, "held without a driver", false },
	{ "refused", STATE_REFUSED, VERDICT_REFUSE, 0, "left to the host, bound to serial", false },
	{ "failed", STATE_FAILED, VERDICT_TAKE, -EINVAL, "failed", false },
};

static void test_outcome(void **state)
{
	const struct outcome_row *row = *state;
	_cleanup_(sample_free) struct sample sample;
	_cleanup_(buffer_free) struct buffer outcome = { 0 }, subject = { 0 };
	struct decision *decision;

	sample_make(&sample, "0000:04:00.0 1b36:2 07 group=3 driver=serial\n",
		    "[device uart]\nclass = 07\n");
	decision = &sample.plan.decisions[0];
	decision->state = row->state;
	decision->verdict = row->verdict;
	decision->error = row->error;
	record_put_outcome(&outcome, decision);
	record_put_subject(&subject, decision);
	assert_string_equal(outcome.text, row->outcome);
	assert_string_equal(subject.text, "uart 0000:04:00.0 [1b36:0002]");
	assert_int_equal(record_is_good(&sample.record), row->good);
}

static void test_outcome_without_group(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	_cleanup_(buffer_free) struct buffer outcome = { 0 };

	(void)state;
	sample_make(&sample, "0000:04:00.0 1b36:2 07\n",
		    "[device uart]\nclass = 07\niommu = warn\n");
	sample.plan.decisions[0].state = STATE_BOUND;
	record_put_outcome(&outcome, &sample.plan.decisions[0]);
	assert_string_equal(outcome.text, "bound to vfio-pci, no group");
}

static void test_good(void **state)
{
	struct record record = { 0 };

	(void)state;
	assert_true(record_is_good(&record));
	findings_add(&record.findings, FINDING_BAD_OPTION, "a warning");
	assert_true(record_is_good(&record));
	findings_add(&record.findings, FINDING_CONFIG_ERROR, "an error");
	assert_false(record_is_good(&record));
	findings_free(&record.findings);
}

/* An error is one whatever part of the record it is in. */
static void test_good_iommu(void **state)
{
	struct facts facts = { 0 };
	const struct record record = { .facts = &facts };

	(void)state;
	findings_add(&facts.iommu_findings, FINDING_IOMMU_NO_TABLE, "a warning");
	assert_true(record_is_good(&record));
	findings_add(&facts.iommu_findings, FINDING_IOMMU_OFF, "an error");
	assert_false(record_is_good(&record));
	findings_free(&facts.iommu_findings);
}

struct written {
	char *text;
};

static void write_down(enum severity severity, const char *text, void *context)
{
	struct written *account = context;
	_cleanup_free_ char *before = account->text;

	account->text =
		memory_printf("%s%s| %s\n", before ? before : "", severity_word(severity), text);
}

/* The whole account: each device, its findings behind it, those of no device last. */
static void test_lines(void **state)
{
	_cleanup_(sample_free) struct sample sample;
	struct written account = { 0 };
	_cleanup_free_ char *remedy = finding_remedy(FINDING_ABSENT, REMEDY_KEY);
	_cleanup_free_ char *expected =
		memory_printf("info| gpu 0000:01:00.0 [10de:2684] bound to vfio-pci, group 14\n"
			      "warning| nic absent\n"
			      "warning| nic: warning: absent: y (%s)\n"
			      "info| info: skipped: x\n",
			      remedy);

	(void)state;
	sample_make(&sample, "0000:01:00.0 10de:2684 0300 group=14\n",
		    "[device gpu]\nclass = 03\n[device nic]\nclass = 02\n");
	sample.plan.decisions[0].state = STATE_BOUND;
	findings_add(&sample.record.findings, FINDING_SKIPPED, "x");
	findings_free(&sample.plan.decisions[1].findings);
	findings_add(&sample.plan.decisions[1].findings, FINDING_ABSENT, "y");
	record_each_line(&sample.record, write_down, &account);
	assert_string_equal(account.text, expected);
	free(account.text);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "json: the whole shape", test_shape);
	suite_add(&suite, "json: without facts", test_without_facts);
	suite_add(&suite, "json: previous driver", test_previous_driver_is_the_hosts);
	suite_add(&suite, "json: absent device", test_absent_device);
	suite_add(&suite, "json: Xen", test_xen);
	suite_add(&suite, "json: hostile strings", test_hostile_strings);
	suite_add_rows(&suite, "outcome", test_outcome, outcome_rows);
	suite_add(&suite, "outcome: without a group", test_outcome_without_group);
	suite_add(&suite, "good is what has no error", test_good);
	suite_add(&suite, "good or not, by the IOMMU", test_good_iommu);
	suite_add(&suite, "lines", test_lines);
	return suite_run(&suite, "report_record");
}
