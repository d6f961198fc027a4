/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conf/passthru.conf, which is installed as /etc/passthru.conf: takes nothing, teaches the rest. */
#include "helpers.h"

#include <ctype.h>
#include <string.h>

#include "want/conf.h"

#define SAMPLE "conf/passthru.conf"

static void test_as_it_is(void **state)
{
	_cleanup_free_ char *text = read_source(SAMPLE);
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	conf_parse(&intent, SAMPLE, text, strlen(text));
	assert_findings(&intent.findings, NULL);
	assert_int_equal(intent.rule_count, 0);
	assert_int_equal(intent.options.driver, DRIVER_UNSET);
	assert_int_equal(intent.options.iommu, IOMMU_UNSET);
	assert_int_equal(intent.options.group, GROUP_UNSET);
	assert_int_equal(intent.options.on_failure, FAILURE_UNSET);
}

/* An example is "#[section]" or "#key = value"; prose has a blank behind the '#'. */
static void uncomment(char *text)
{
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (line[0] == '#' && (line[1] == '[' || islower((unsigned char)line[1])))
			line[0] = ' ';
	}
}

static void test_uncommented(void **state)
{
	static const char *const keys[] = { "driver",
					    "iommu",
					    "group",
					    "on-failure",
					    "address",
					    "path",
					    "id",
					    "class",
					    "count",
					    "hotplug",
					    "vfs",
					    "vf",
					    "mac",
					    "vlan",
					    "trust",
					    "spoofchk",
					    "max-tx-rate",
					    "pf-up",
					    "match-firmware",
					    "match-kernel-command-line",
					    "match-architecture",
					    "match-virtualization",
					    "match-platform",
					    "match-device" };
	_cleanup_free_ char *text = read_source(SAMPLE);
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	uncomment(text);
	conf_parse(&intent, SAMPLE, text, strlen(text));
	assert_findings(&intent.findings, NULL);
	assert_true(intent.rule_count > 0);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strstr(text, keys[i]))
			fail_msg("the sample does not show '%s'", keys[i]);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "as it is, it asks for nothing", test_as_it_is);
	suite_add(&suite, "uncommented, all its examples are good", test_uncommented);
	return suite_run(&suite, "sample");
}
