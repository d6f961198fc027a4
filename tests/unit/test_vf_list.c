/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of values for VFs, as the keys of an [sriov] section have them. */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "forms.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "want/vf_list.h"

/* The values of all VFs of "vf = 6, 0-1" in a form that can be read. */
static char *form_values(enum vf_setting setting, const struct vf_list *list)
{
	struct vf_lists lists = { 0 };
	_cleanup_(vf_set_free) struct vf_set set = { 0 };
	static const uint32_t numbers[] = { 0, 1, 2, 6 };
	struct buffer form = { 0 };

	assert_int_equal(vf_set_parse("6, 0-1", &set), 0);
	lists.of[setting] = *list;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const struct vf_values values = vf_lists_pick(&lists, &set, numbers[i]);
		char text[VF_VALUE_SIZE];

		assert_int_equal(values.has & ~(1u << setting), 0);
		if (values.has)
			buffer_printf(&form, "%u=%s ", numbers[i],
				      vf_value_format(setting, values.items[setting], text));
	}
	return form.text;
}

static const struct row {
	const char *name;
	enum vf_setting setting;
	const char *text;
	const char *values; /* NULL: an error */
} rows[] = {
	{ "addresses", VF_MAC, "52:54:00:00:00:01 52:54:00:00:00:0A,52:54:00:00:00:03",
	  "0=52:54:00:00:00:0a 1=52:54:00:00:00:03 6=52:54:00:00:00:01 " },
	{ "from one to another", VF_MAC, "52:54:00:ff:ff:fe-52:54:01:00:00:00",
	  "0=52:54:00:ff:ff:ff 1=52:54:01:00:00:00 6=52:54:00:ff:ff:fe " },
	{ "both, with plus signs", VF_MAC, "00:00:00:00:00:09+00:00:00:00:00:01-00:00:00:00:00:02",
	  "0=00:00:00:00:00:01 1=00:00:00:00:00:02 6=00:00:00:00:00:09 " },
	{ "of zeros", VF_MAC, "00:00:00:00:00:00", NULL },
	{ "from zeros", VF_MAC, "00:00:00:00:00:00-00:00:00:00:00:02", NULL },
	{ "multicast", VF_MAC, "01:00:5e:00:00:01", NULL },
	{ "broadcast", VF_MAC, "ff:ff:ff:ff:ff:ff", NULL },
	{ "up to multicast", VF_MAC, "00:ff:ff:ff:ff:ff-01:00:00:00:00:00", NULL },
	{ "downwards", VF_MAC, "52:54:00:00:00:02-52:54:00:00:00:01", NULL },
	{ "far too many", VF_MAC, "52:54:00:00:00:00-52:54:00:01:00:00", NULL },
	{ "far too many together", VF_MAC, "52:54:00:00:00:00-52:54:00:00:ff:fe 52:54:00:10:00:00",
	  NULL },
	{ "twice", VF_MAC, "52:54:00:00:00:01 52:54:00:00:00:01", NULL },
	{ "twice, in a range", VF_MAC, "52:54:00:00:00:01-52:54:00:00:00:04 52:54:00:00:00:03",
	  NULL },
	{ "five bytes", VF_MAC, "52:54:00:00:00", NULL },
	{ "seven bytes", VF_MAC, "52:54:00:00:00:01:02", NULL },
	{ "with dashes", VF_MAC, "52-54-00-00-00-01", NULL },
	{ "one digit", VF_MAC, "52:54:00:00:00:1 ", NULL },
	{ "no address", VF_MAC, " , ", NULL },
	{ "one VLAN for all", VF_VLAN, "4094", "0=4094 1=4094 6=4094 2=4094 " },
	{ "VLANs", VF_VLAN, "7 100-101", "0=100 1=101 6=7 " },
	{ "the same VLAN twice", VF_VLAN, "7 7 0", "0=7 1=0 6=7 " },
	{ "a reserved VLAN", VF_VLAN, "4095", NULL },
	{ "no number", VF_VLAN, "-1", NULL },
	{ "half a range", VF_VLAN, "1-", NULL },
	{ "trust", VF_TRUST, "yes no yes", "0=no 1=yes 6=yes " },
	{ "not so", VF_TRUST, "on", NULL },
	{ "no range of these", VF_SPOOFCHK, "no-yes", NULL },
	{ "a rate", VF_MAX_TX_RATE, "0 1000 10000000", "0=1000 1=10000000 6=0 " },
	{ "no range of rates", VF_MAX_TX_RATE, "10-20", NULL },
	{ "a rate too high", VF_MAX_TX_RATE, "10000001", NULL },
};

static void test_list(void **state)
{
	const struct row *row = *state;
	struct vf_lists lists = { 0 };
	struct vf_list *list = &lists.of[row->setting];
	int r = vf_list_parse(row->setting, row->text, list);

	if (row->values) {
		_cleanup_free_ char *form = form_values(row->setting, list);

		assert_int_equal(r, 0);
		/* Of a value for all the order of numbers is another. */
		assert_int_equal(strlen(form), strlen(row->values));
		if (list->total > 1)
			assert_string_equal(form, row->values);
	} else {
		assert_int_equal(r, -EINVAL);
		assert_int_equal(list->count, 0);
	}
	vf_lists_free(&lists);
}

#define SRIOV "[sriov nic]\naddress = 03:00.0\n"
#define M1    "52:54:00:00:00:01"
#define M2    "52:54:00:00:00:02"
#define M3    "52:54:00:00:00:03"
#define M4    "52:54:00:00:00:04"

/* Two rules, and the address that the second one gives; for machines of one kind. */
#define FIRST  SRIOV "vfs = 1\nmac = " M1 "\n"
#define SECOND "[sriov b]\naddress = 04:00.0\nvfs = 1\nmac = "
#define THIRD  "[sriov c]\naddress = 05:00.0\nvfs = 1\nmac = "
#define ARM    "match-architecture = arm64\n"

static const struct conf_row {
	const char *name;
	const char *conf;
	const char *findings;
} conf_rows[] = {
	{ "one for each", SRIOV "vfs = 2\nmac = " M1 " " M2 "\nvlan = 1\ntrust = no yes\n", NULL },
	{ "one for each of some", SRIOV "vfs = 8\nvf = 7, 1-2\nmac = " M1 "-" M3 "\n", NULL },
	{ "one address for two", SRIOV "vfs = 2\nmac = " M1 "\n",
	  "config-error: conf:1: [sriov nic] has 1 values in mac for 2 VFs: each needs its own" },
	{ "too many addresses", SRIOV "vfs = 1\nmac = " M1 " " M2 "\n",
	  "config-error: conf:1: [sriov nic] has 2 values in mac for 1 VFs" },
	{ "two for three", SRIOV "vfs = 3\nspoofchk = yes no\n",
	  "config-error: conf:1: [sriov nic] has 2 values in spoofchk for 3 VFs: give one for all, or one for each" },
	{ "of a [device] rule", "[device a]\naddress = 03:00.0\nvf = 1\nvlan = 5\n",
	  "config-error: conf:1: [device a] makes no virtual functions: vlan is for [sriov NAME]" },
	{ "pf-up of a [device] rule", "[device a]\naddress = 03:00.0\npf-up = no\n",
	  "config-error: conf:1: [device a] makes no virtual functions: pf-up is for [sriov NAME]" },
	{ "wrong, and said with its line", SRIOV "vfs = 1\nmac = 01:00:00:00:00:00\n",
	  "config-error: conf:4: mac = 01:00:00:00:00:00" },
	{ "for [passthru]", "[passthru]\npf-up = yes\n", "config-error: conf:2: " },
	{ "of two rules", FIRST "[sriov b]\naddress = 04:00.0\nvfs = 2\nmac = " M4 " " M1 "\n",
	  "config-error: conf:5: [sriov b] sets a MAC address that [sriov nic], at conf:1, sets as well" },
	{ "of two rules, the last of a range",
	  SRIOV "vfs = 4\nmac = " M1 "-" M4 "\n" SECOND M4 "\n",
	  "config-error: conf:5: [sriov b] sets a MAC address that [sriov nic], at conf:1, sets as well" },
	{ "of two rules, the later one has the lower address",
	  SRIOV "vfs = 1\nmac = " M3 "\n[sriov b]\naddress = 04:00.0\nvfs = 4\nmac = " M1 "-" M4
		"\n",
	  "config-error: conf:5: [sriov b] sets a MAC address that [sriov nic], at conf:1, sets as well" },
	{ "of two rules, beside each other", FIRST SECOND M2 "\n", NULL },
	{ "of two rules for different machines", FIRST ARM SECOND M1 "\n", NULL },
	{ "of a third rule, for the same machine as the first",
	  FIRST ARM SECOND M1 "\n" THIRD M1 "\n" ARM,
	  "config-error: conf:10: [sriov c] sets a MAC address that [sriov nic], at conf:1, sets as well" },
};

static void test_conf(void **state)
{
	const struct conf_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };

	form_want(row->conf, NULL, &want);
	assert_findings(&want.findings, row->findings);
	assert_int_equal(want.has_errors, row->findings != NULL);
}

static void test_cmdline(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };

	(void)state;
	form_want(NULL, "passthru.sriov=03:00.0,vfs=2,mac=" M1 "+" M2 ",vlan=5", &want);
	assert_findings(&want.findings, NULL);
	assert_int_equal(want.rules[0].lists.of[VF_MAC].total, 2);
	assert_int_equal(want.rules[0].lists.of[VF_VLAN].total, 1);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "list", test_list, rows);
	suite_add_rows(&suite, "conf", test_conf, conf_rows);
	suite_add(&suite, "on the kernel command line", test_cmdline);
	return suite_run(&suite, "vf_list");
}
