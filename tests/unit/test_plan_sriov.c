/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans for physical and virtual functions (forms.h says how the texts read). */
#include "helpers.h"

#include "forms.h"
#include "plan/plan.h"

#define PF     "0000:03:00.0 8086:1572 020000 group=1 can=8"
#define DRIVEN " driver=i40e module"
#define VF0    "\n0000:03:00.2 8086:154c 020000 group=2 vf=0 of=0000:03:00.0"
#define VF1    "\n0000:03:00.3 8086:154c 020000 group=2 vf=1 of=0000:03:00.0"
#define IAVF   " driver=iavf module"

#define TWIN "0000:04:00.0 8086:1572 020000 group=3 can=8"
#define MACS "mac = 52:54:00:00:00:00-52:54:00:00:00:01\n"

#define RULE "[sriov nic]\naddress = 0000:03:00.0\nvfs = 2\n"

static const struct row {
	const char *name;
	const char *host;
	const char *conf;
	const char *plan;
} rows[] = {
	{ "no driver yet", PF, RULE, "nic 0000:03:00.0: divide  waiting sriov-waiting\n" },
	{ "its driver is there", PF DRIVEN, RULE, "nic 0000:03:00.0: divide i40e planned\n" },
	{ "it has them, and they are free", PF DRIVEN " has=2" VF0 VF1, RULE,
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.2: take vfio-pci\nnic 0000:03:00.3: take vfio-pci\n" },
	{ "some of them", PF DRIVEN " has=2" VF0 VF1, RULE "vf = 1\n",
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.3: take vfio-pci group-incomplete\n" },
	{ "more than it can have", PF DRIVEN, "[sriov nic]\nid = 8086:1572\nvfs = 9\n",
	  "nic 0000:03:00.0: leave to the host i40e sriov-too-many\n" },
	{ "more, with hold: it is the host's all the same", PF DRIVEN,
	  "[sriov nic]\nid = 8086:1572\nvfs = 9\non-failure = hold\n",
	  "nic 0000:03:00.0: leave to the host i40e sriov-too-many\n" },
	{ "none possible", "0000:03:00.0 8086:1572 02 group=1" DRIVEN, RULE,
	  "nic 0000:03:00.0: leave to the host i40e sriov-missing\n" },
	{ "another number, all free", PF DRIVEN " has=1" VF0, RULE,
	  "nic 0000:03:00.0: divide i40e planned\nnic 0000:03:00.2: take vfio-pci\n" },
	{ "another number, one with a driver", PF DRIVEN " has=1" VF0 IAVF, RULE,
	  "nic 0000:03:00.0: leave to the host i40e sriov-in-use\n"
	  "nic 0000:03:00.2: leave to the host vfio-pci driver-in-use\n" },
	{ "as many, one with a driver", PF DRIVEN " has=2" VF0 IAVF VF1, RULE,
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.2: leave to the host vfio-pci driver-in-use\n"
	  "nic 0000:03:00.3: take vfio-pci group-incomplete\n" },
	{ "another id at the address, with hold", PF DRIVEN, RULE "id = 1:2\non-failure = hold\n",
	  "nic 0000:03:00.0: leave to the host i40e id-mismatch\n" },
	{ "MAC addresses for one card", PF DRIVEN " has=2" VF0 VF1, RULE MACS,
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.2: take vfio-pci\nnic 0000:03:00.3: take vfio-pci\n" },
	{ "MAC addresses for two cards", PF DRIVEN " has=2" VF0 VF1 "\n" TWIN DRIVEN,
	  "[sriov nic]\nid = 8086:1572\nvfs = 2\n" MACS,
	  "nic 0000:03:00.0: leave to the host i40e several-match vf-mac-shared\n"
	  "nic 0000:04:00.0: leave to the host i40e several-match vf-mac-shared\n"
	  "nic 0000:03:00.2: leave to the host vfio-pci vf-mac-shared\n"
	  "nic 0000:03:00.3: leave to the host vfio-pci vf-mac-shared\n" },
	{ "two cards, other settings", PF DRIVEN "\n" TWIN DRIVEN,
	  "[sriov nic]\nid = 8086:1572\nvfs = 2\nvlan = 5 6\n",
	  "nic 0000:03:00.0: divide i40e planned several-match\n"
	  "nic 0000:04:00.0: divide i40e planned several-match\n" },
	{ "MAC addresses of two rules, for different conditions that both hold",
	  PF DRIVEN "\n" TWIN DRIVEN,
	  RULE MACS "match-device = 8086:1572\n"
		    "[sriov more]\naddress = 0000:04:00.0\nvfs = 2\n"
		    "mac = 52:54:00:00:00:01 52:54:00:00:00:02\n",
	  "nic 0000:03:00.0: leave to the host i40e vf-mac-shared\n"
	  "more 0000:04:00.0: leave to the host i40e vf-mac-shared\n" },
	{ "absent", PF DRIVEN, "[sriov nic]\nid = 1:2\nvfs = 2\n",
	  "nic -: absent vfio-pci absent\n" },
	{ "a virtual function is none that could be divided", PF DRIVEN " has=1" VF0,
	  "[sriov nic]\nid = 8086:154c\nvfs = 1\n", "nic -: absent vfio-pci absent\n" },
	{ "another rule takes it", PF, "[device a]\nclass = 02\n" RULE,
	  "a 0000:03:00.0: take vfio-pci\n"
	  "nic 0000:03:00.0: leave to the host  sriov-taken\n" },
	{ "another rule divides it, by another selector", PF DRIVEN,
	  RULE "[sriov more]\nid = 8086:1572\nvfs = 4\n",
	  "nic 0000:03:00.0: divide i40e planned\n"
	  "more 0000:03:00.0: leave to the host i40e sriov-taken\n" },
	{ "in a dom0", "xen\n" PF DRIVEN " has=2" VF0 VF1, RULE,
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.2: take pciback of xen-pciback\n"
	  "nic 0000:03:00.3: take pciback of xen-pciback\n" },
	{ "two cards by id", PF DRIVEN "\n0000:04:00.0 8086:1572 02 group=3 can=8" DRIVEN,
	  "[sriov nic]\nid = 8086:1572\nvfs = 2\ncount = 2\n",
	  "nic 0000:03:00.0: divide i40e planned\nnic 0000:04:00.0: divide i40e planned\n" },
	{ "one too many of them", PF DRIVEN "\n0000:04:00.0 8086:1572 02 group=3 can=8" DRIVEN,
	  "[sriov nic]\nid = 8086:1572\nvfs = 2\ncount = 1\n",
	  "nic 0000:03:00.0: leave to the host i40e count-mismatch\n"
	  "nic 0000:04:00.0: leave to the host i40e count-mismatch\n" },

	/* Virtual functions in [device] */
	{ "by the place of the physical one, and number", PF DRIVEN " has=2" VF0 VF1,
	  "[device one]\naddress = 0000:03:00.0\nid = 8086:1572\nvf = 1\n",
	  "one 0000:03:00.3: take vfio-pci group-incomplete\n" },
	{ "by their own id", PF DRIVEN " has=2" VF0 VF1,
	  "[device all]\nid = 8086:154c\ncount = 2\n",
	  "all 0000:03:00.2: take vfio-pci\nall 0000:03:00.3: take vfio-pci\n" },
	{ "not there yet", PF DRIVEN, "[device one]\naddress = 0000:03:00.0\nvf = 1\n",
	  "one -: absent vfio-pci absent\n" },
	{ "beside an [sriov] section", PF DRIVEN " has=2" VF0 VF1,
	  RULE "vf = 0\n[device one]\naddress = 0000:03:00.0\nvf = 1\ndriver = pci-stub\n",
	  "nic 0000:03:00.0: divide i40e ready\n"
	  "nic 0000:03:00.2: take vfio-pci group-drivers-differ\n"
	  "one 0000:03:00.3: take pci-stub group-drivers-differ\n" },
};

static void test_plan(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *text = NULL;

	form_host(row->host, &facts);
	form_want(row->conf, NULL, &want);
	assert_findings(&want.findings, NULL);
	plan_make(&want, &facts, &plan);
	text = form_plan(&plan);
	assert_string_equal(text, row->plan);
}

#define DEVICE "[device a]\nclass = 02\n"

static const struct found_row {
	const char *name;
	const char *conf;
	const char *rule; /* whose decision is the device's */
} found_rows[] = {
	{ "taken, then divided", DEVICE RULE, "a" },
	{ "divided, then taken", RULE DEVICE, "a" },
	{ "divided twice", RULE "[sriov more]\nid = 8086:1572\nvfs = 4\n", "nic" },
};

static bool is_any(const struct decision *decision, const void *context)
{
	(void)decision, (void)context;
	return true;
}

/* Of several decisions on one device that one is found that counts. */
static void test_found(void **state)
{
	const struct found_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };

	form_host(PF, &facts);
	form_want(row->conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan_find(&plan, &facts.devices[0])->rule->name, row->rule);
	plan_keep(&plan, is_any, NULL);
	assert_string_equal(plan_find(&plan, &facts.devices[0])->rule->name, row->rule);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "plan", test_plan, rows);
	suite_add_rows(&suite, "found", test_found, found_rows);
	return suite_run(&suite, "plan_sriov");
}
