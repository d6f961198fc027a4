/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that a stub driver had before the agent came. */
#include "helpers.h"

#include <string.h>

#include "forms.h"
#include "plan/others.h"

#define DISK   "0000:03:00.0 1b36:0010 0108 group=3 path=pci0000:00/03.0"
#define NIC    "0000:02:00.0 8086:10d3 0200 group=2 path=pci0000:00/02.0"
#define USB    "0000:04:00.0 1b36:000d 0c03 group=4 driver=vfio-pci\n"
#define NEED   "need storage pci0000:00/03.0 1b36:0010:0000:0000 010802 /\n"
#define BOUND  " driver=vfio-pci module\n"
#define RETURN "return from vfio-pci guard-storage bound-by-other\n"

static const struct row {
	const char *name;
	const char *conf, *host;
	const char *plan;
	const char *findings;
} rows[] = {
	{ "nothing", "", DISK "\n" NIC "\n", "", NULL },
	{ "no rule: told", "", NIC BOUND, "",
	  "bound-by-other: 0000:02:00.0 [8086:10d3] is bound to vfio-pci, but no rule matches it" },
	{ "no rule, a variant: told", "", NIC " driver=mlx5_vfio_pci module\n", "",
	  "bound-by-other: 0000:02:00.0 [8086:10d3] is bound to mlx5_vfio_pci" },
	{ "no rule, pciback: told", "", "xen\n" NIC " driver=pciback\n", "",
	  "bound-by-other: 0000:02:00.0 [8086:10d3] is bound to pciback" },
	{ "no rule, and the host needs it: returned", "", NEED DISK BOUND,
	  "- 0000:03:00.0: " RETURN, NULL },
	{ "no rule, by a driver that is built in: returned", "", NEED DISK " driver=pci-stub\n",
	  "- 0000:03:00.0: return from pci-stub of vfio-pci guard-storage bound-by-other\n", NULL },
	{ "no rule, no record, a disk: told", "", DISK BOUND, "", "bound-by-other: 0000:03:00.0" },
	{ "no rule, a damaged record, a disk: returned", "", "damaged record\n" DISK BOUND,
	  "- 0000:03:00.0: " RETURN, NULL },
	{ "a rule, and the host needs it: returned", "[device a]\nid = 1b36:0010\n",
	  NEED DISK BOUND, "a 0000:03:00.0: " RETURN, NULL },
	{ "held it would be lost as well", "[device a]\nid = 1b36:0010\non-failure = hold\n",
	  NEED DISK BOUND, "a 0000:03:00.0: " RETURN, NULL },
	{ "a rule, and another stub has it", "[device a]\nid = 1b36:0010\n",
	  NEED DISK " driver=pci-stub module\n",
	  "a 0000:03:00.0: return from pci-stub of vfio-pci driver-in-use guard-storage bound-by-other\n",
	  NULL },
	{ "a rule that allows it: taken", "[device a]\nid = 1b36:0010\nallow = storage\n",
	  NEED DISK BOUND, "a 0000:03:00.0: take vfio-pci guard-overridden already-bound\n", NULL },
	{ "a rule takes it", "[device a]\nid = 8086:10d3\n", NIC BOUND,
	  "a 0000:02:00.0: take vfio-pci already-bound\n", NULL },
	{ "a rule does not take it: told", "[device a]\nid = 8086:10d3\ncount = 2\n", NIC BOUND,
	  "a 0000:02:00.0: leave to the host vfio-pci count-mismatch bound-by-other\n", NULL },
	{ "what could not be read is no reason to take it away: told", "",
	  NIC " driver=vfio-pci unread=guard\nunread consoles\n", "",
	  "bound-by-other: 0000:02:00.0" },
	{ "among others", "[device a]\nclass = 0c03\n", NEED DISK BOUND NIC BOUND USB,
	  "a 0000:04:00.0: take vfio-pci already-bound\n- 0000:03:00.0: " RETURN,
	  "bound-by-other: 0000:02:00.0" },
};

static void test_decide(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_free_ char *form = NULL;

	form_want(row->conf, NULL, &want);
	form_host(row->host, &facts);
	plan_make(&want, &facts, &plan);
	others_decide(&plan, &findings);
	form = form_plan(&plan);
	if (strcmp(form, row->plan) != 0)
		fail_showing(row->plan, form);
	assert_findings(&findings, row->findings);
	for (size_t i = 0; i < plan.count; i++) {
		assert_ptr_equal(plan_find(&plan, plan.decisions[i].device), &plan.decisions[i]);
		if (plan.decisions[i].verdict == VERDICT_RETURN)
			assert_string_equal(plan.decisions[i].host_driver, "");
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "decide", test_decide, rows);
	return suite_run(&suite, "plan_others");
}
