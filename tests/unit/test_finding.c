/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "util/memory.h"
#include "want/keys.h"

#define WORD_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

static void test_table_is_complete(void **state)
{
	(void)state;
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		_cleanup_free_ char *remedy = finding_remedy(code, REMEDY_KEY);
		const char *word = finding_word(code);

		assert_non_null(word);
		assert_int_equal(strspn(word, WORD_CHARACTERS), strlen(word));
		assert_in_range(strlen(word), 2, 30);
		/* Who is told of something wrong is told what to do about it. */
		if (finding_severity(code) != SEVERITY_INFO)
			assert_non_null(remedy);
	}
}

static void test_words_are_unique(void **state)
{
	(void)state;
	for (enum finding_code a = 0; a < FINDING_CODE_COUNT; a++) {
		for (enum finding_code b = 0; b < a; b++)
			assert_string_not_equal(finding_word(a), finding_word(b));
	}
}

/* Remedies go to log lines as they are. */
static void test_remedies_are_plain(void **state)
{
	(void)state;
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		_cleanup_free_ char *remedy = finding_remedy(code, REMEDY_KEY);

		for (const char *c = remedy; c && *c; c++)
			assert_in_range(*c, 0x20, 0x7e);
	}
}

static int set_nothing(const char *key)
{
	struct rule rule = rule_make(RULE_SRIOV, "x", "");
	_cleanup_free_ char *expected = NULL;
	int r = rule_set(&rule, key, "", &expected);

	rule_free(&rule);
	return r;
}

/* A key is said as a file or as a command has it, and is one of a rule; the rest is the same. */
static void test_remedies_name_keys(void **state)
{
	_cleanup_free_ char *key = finding_remedy(FINDING_PF_DOWN, REMEDY_KEY);
	_cleanup_free_ char *option = finding_remedy(FINDING_PF_DOWN, REMEDY_OPTION);
	_cleanup_free_ char *none = finding_remedy(FINDING_BRIDGE, REMEDY_OPTION);

	(void)state;
	assert_memory_equal(key, "set pf-up = yes for the rule; or bring", 38);
	assert_memory_equal(option, "use --pf-up yes; or bring", 25);
	assert_string_equal(none, "select the devices behind it instead");
	assert_null(finding_remedy(FINDING_SKIPPED, REMEDY_OPTION));
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		if (finding_key(code))
			assert_int_equal(set_nothing(finding_key(code)), -EINVAL);
	}
	assert_null(finding_key(FINDING_BRIDGE));
	assert_int_equal(set_nothing("speed"), -ENOENT);
}

static void test_manual_explains_them_all(void **state)
{
	_cleanup_free_ char *manual = read_source("conf/passthru-findings.7.scd");

	(void)state;
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		_cleanup_free_ char *entry = memory_printf("\n\n@%s@\n\t", finding_word(code));

		if (!strstr(manual, entry))
			fail_msg("'%s' is not in passthru-findings(7)", finding_word(code));
	}
}

static void test_escapes_when_added(void **state)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	(void)state;
	findings_add(&findings, FINDING_ABSENT, "%s and %d", "\033[2J\n<0>forged", 7);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0].code, FINDING_ABSENT);
	assert_string_equal(findings.items[0].text, "\\x1b[2J\\x0a<0>forged and 7");
}

static void test_move(void **state)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	struct findings source = { 0 };

	(void)state;
	findings_add(&findings, FINDING_ABSENT, "one");
	findings_add(&source, FINDING_OFF, "two");
	findings_add(&source, FINDING_BRIDGE, "three");
	findings_move(&findings, &source);
	assert_findings(&findings, "absent: one\noff: two\nbridge: three");
	assert_int_equal(source.count, 0);
	assert_null(source.items);
	findings_move(&findings, &source);
	assert_int_equal(findings.count, 3);
}

static void test_severity(void **state)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	(void)state;
	assert_int_equal(findings_severity(&findings), SEVERITY_INFO);
	findings_add(&findings, FINDING_OFF, "info");
	assert_int_equal(findings_severity(&findings), SEVERITY_INFO);
	findings_add(&findings, FINDING_CONFIG_ERROR, "error");
	findings_add(&findings, FINDING_ABSENT, "warning");
	assert_int_equal(findings_severity(&findings), SEVERITY_ERROR);
	assert_string_equal(severity_word(SEVERITY_INFO), "info");
	assert_string_equal(severity_word(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_word(SEVERITY_ERROR), "error");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "every code has word, severity and remedy", test_table_is_complete);
	suite_add(&suite, "words are unique", test_words_are_unique);
	suite_add(&suite, "remedies are plain text", test_remedies_are_plain);
	suite_add(&suite, "remedies name keys as files or commands do", test_remedies_name_keys);
	suite_add(&suite, "the manual explains every word", test_manual_explains_them_all);
	suite_add(&suite, "text is escaped when it is added", test_escapes_when_added);
	suite_add(&suite, "moving keeps the order", test_move);
	suite_add(&suite, "the gravest severity", test_severity);
	return suite_run(&suite, "finding");
}
