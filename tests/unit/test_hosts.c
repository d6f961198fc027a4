/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plans for the hosts recorded in tests/hosts/; tests/README.md has the form of the files. */
#include "forms.h"
#include "helpers.h"

#include <glob.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "plan/at_boot.h"
#include "plan/condition.h"
#include "plan/match.h"
#include "plan/plan.h"
#include "probe/machine.h"
#include "probe/needs/console.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "report/record_json.h"
#include "session/sources.h"
#include "tree.h"
#include "util/memory.h"

#define HOSTS "tests/hosts/*.host"

/* One test: a host, what the user wants of it, and what must come of that. */
struct expectation {
	char *name;
	char *host; /* as text, with what only this test adds */
	char *conf;
	char *plan;
	char *needs; /* either plan or needs may be NULL */
};

static const char *text_of(json_object *object, const char *key)
{
	return json_object_get_string(json_object_object_get(object, key));
}

static bool is_true(json_object *object, const char *key)
{
	return json_object_get_boolean(json_object_object_get(object, key));
}

/* ": CODE CODE"; whatever warns must say what to do. */
static void put_findings(FILE *stream, json_object *object)
{
	json_object *findings = json_object_object_get(object, "findings");
	const char *before = ":";

	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		json_object *finding = json_object_array_get_idx(findings, i);
		bool is_info = strcmp(text_of(finding, "severity"), "info") == 0;

		if (form_omits(text_of(finding, "code")))
			continue;
		fprintf(stream, "%s %s%s", before, text_of(finding, "code"),
			is_info || text_of(finding, "remedy") ? "" : " (no remedy)");
		before = "";
	}
	fputc('\n', stream);
}

static void put_iommu(FILE *stream, json_object *report)
{
	json_object *iommu = json_object_object_get(report, "iommu");

	fprintf(stream, "iommu %s %s%s", text_of(iommu, "kind"), text_of(iommu, "state"),
		is_true(iommu, "interrupt_remapping") ? ", remapping" : "");
	put_findings(stream, iommu);
}

static const char *const verdicts[] = {
	[VERDICT_TAKE] = "take",         [VERDICT_REFUSE] = "leave to the host",
	[VERDICT_HOLD] = "hold",         [VERDICT_ABSENT] = "absent",
	[VERDICT_DIVIDE] = "enable VFs", [VERDICT_RETURN] = "return to the host",
};

/* "RULE ADDRESS: VERDICT DRIVER, group N UNIT TYPE, viable: CODE CODE" */
static void put_device(FILE *stream, json_object *device, const struct decision *decision)
{
	const char *address = text_of(device, "address"), *group = text_of(device, "group");
	const char *unit = text_of(device, "iommu_unit"), *type = text_of(device, "group_type");

	fprintf(stream, "%s %s: %s", decision->rule->name, address ? address : "-",
		verdicts[decision->verdict]);
	if (decision->verdict == VERDICT_TAKE)
		fprintf(stream, " %s", decision->driver);
	if (group)
		fprintf(stream, ", group %s", group);
	if (unit)
		fprintf(stream, " %s", unit);
	if (type)
		fprintf(stream, " %s", type);
	if (address && !json_object_object_get(device, "translated"))
		fputs(", translated or not", stream);
	else if (address && !is_true(device, "translated"))
		fputs(", not translated", stream);
	if (is_true(device, "viable"))
		fputs(", viable", stream);
	put_findings(stream, device);
}

static char *form_record(const struct record *record)
{
	_cleanup_free_ char *text = record_to_json(record);
	json_object *report = json_tokener_parse(text);
	json_object *devices = json_object_object_get(report, "devices");
	char *form = NULL;
	size_t size;
	FILE *stream = open_memstream(&form, &size);

	put_iommu(stream, report);
	for (size_t i = 0; i < record->plan->count; i++)
		put_device(stream, json_object_array_get_idx(devices, i),
			   &record->plan->decisions[i]);
	fclose(stream);
	json_object_put(report);
	return form;
}

/* "KIND PATH: WHY" for each need, then what could not be resolved. */
static char *form_needs(const struct needs *needs, const struct findings *unresolved)
{
	char *form = NULL;
	size_t size;
	FILE *stream = open_memstream(&form, &size);

	for (size_t i = 0; i < needs->count; i++)
		fprintf(stream, "%s %s: %s\n", need_word(needs->items[i].kind),
			needs->items[i].path, needs->items[i].why);
	for (size_t i = 0; i < unresolved->count; i++)
		fprintf(stream, "%s: %s\n", finding_word(unresolved->items[i].code),
			unresolved->items[i].text);
	fclose(stream);
	return form;
}

/* As `passthru check` does it; *RET_NEEDS is what it found that the host needs. */
static char *check_host(const struct tree *tree, char **ret_needs)
{
	const struct sources_request request = { 0 };
	struct want want = { 0 };
	struct facts facts = { 0 };
	struct plan plan = { 0 };
	_cleanup_free_ char *cmdline = NULL;
	_cleanup_(matcher_free) struct matcher matcher;
	struct record record = { .program = "test", .kernel = "test" };
	_cleanup_(findings_free) struct findings unresolved = { 0 };
	char *form;

	assert_int_equal(sources_read_cmdline(&tree->root, NULL, &cmdline), 0);
	sources_read(&tree->root, &request, cmdline, &want);
	record.config_sha256 = want.sha256;
	assert_findings(&want.findings, NULL);
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	machine_survey(&tree->root, want_traits(&want), cmdline, &facts);
	conditions_judge(&want, &facts);
	functions_survey(&tree->root, &facts);
	matcher_make(&want, &matcher);
	scan_details(&tree->root, NULL, cmdline, &facts, match_is_concerned, &matcher);
	if (survey_needs(&tree->root, cmdline, &facts, &facts.needs, &unresolved) == 0)
		facts.needs_state = NEEDS_KNOWN;
	console_survey(&tree->root, &facts, &facts.needs);
	*ret_needs = form_needs(&facts.needs, &unresolved);
	facts_as_at_boot(&facts);
	plan_make(&want, &facts, &plan);
	record.facts = &facts;
	record.plan = &plan;
	form = form_record(&record);
	plan_free(&plan);
	facts_free(&facts);
	want_free(&want);
	return form;
}

static void compare(const char *expected, const char *actual)
{
	if (expected && strcmp(actual, expected) != 0)
		fail_showing(expected, actual);
}

static void test_host(void **state)
{
	const struct expectation *expectation = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *plan = NULL;
	_cleanup_free_ char *needs = NULL;

	if (!expectation->needs && (!expectation->conf || !expectation->plan))
		fail_msg("there is neither --- needs nor --- conf with --- plan");
	host_lay_out(&tree, expectation->host);
	if (expectation->conf)
		tree_write(&tree, "etc/passthru.conf", expectation->conf);
	plan = check_host(&tree, &needs);
	tree_remove(&tree);
	compare(expectation->needs, needs);
	compare(expectation->plan, plan);
}

/* All tests of all files. */
struct expectations {
	struct expectation *items;
	size_t count;
};

static void append(char **text, const char *line)
{
	_cleanup_free_ char *before = *text;

	*text = memory_printf("%s%s\n", before ? before : "", line);
}

/* The host; for each test "=== NAME", more of the host, "--- conf", "--- plan", "--- needs". */
/* A part that is there may be empty. */
static char **part_begin(char **part)
{
	free(*part);
	*part = memory_copy("", 0);
	return part;
}

static struct expectation *add_expectation(struct expectations *all, const char *path,
					   const char *title, const char *host)
{
	struct expectation *test;

	all->items = memory_grow(all->items, all->count, sizeof(*test));
	test = &all->items[all->count++];
	*test = (struct expectation){
		.name = memory_printf("%s: %s", strrchr(path, '/') + 1, title),
		.host = memory_copy(host, strlen(host)),
	};
	return test;
}

static void read_host(struct expectations *all, const char *path)
{
	_cleanup_free_ char *text = read_source(path);
	_cleanup_free_ char *host = NULL;
	char *rest = text, **into = &host;
	struct expectation *test = NULL;

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (strncmp(line, "=== ", 4) == 0) {
			test = add_expectation(all, path, line + 4, host);
			into = &test->host;
		} else if (test && strcmp(line, "--- conf") == 0) {
			into = part_begin(&test->conf);
		} else if (test && strcmp(line, "--- plan") == 0) {
			into = part_begin(&test->plan);
		} else if (test && strcmp(line, "--- needs") == 0) {
			into = part_begin(&test->needs);
		} else if (*line) {
			append(into, line);
		}
	}
}

static void expectations_free(struct expectations *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->items[i].name);
		free(all->items[i].host);
		free(all->items[i].conf);
		free(all->items[i].plan);
		free(all->items[i].needs);
	}
	free(all->items);
}

int main(int argc, char **argv)
{
	_cleanup_(expectations_free) struct expectations all = { 0 };
	struct suite suite = { 0 };
	glob_t files;

	assert_int_equal(glob(argc > 1 ? argv[1] : HOSTS, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		read_host(&all, files.gl_pathv[i]);
	globfree(&files);
	suite_add_each_row(&suite, "host", test_host, all.items, all.count, sizeof(all.items[0]));
	return suite_run(&suite, "hosts");
}
