/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans on the running host, where drivers have the devices: to take some, and to give back. */
#include "helpers.h"

#include "forms.h"
#include "plan/plan.h"
#include "plan/release.h"

#define RULE "[device a]\naddress = 0000:02:00.0\n"
#define NIC  "0000:02:00.0 8086:10d3 020000 group=15 driver=e1000e module"
#define DISK "0000:02:00.0 1b36:0010 010802 group=15 driver=nvme module"

static const struct row {
	const char *name;
	const char *host, *conf;
	const char *plan;
} take_rows[] = {
	{ "a module's driver lets go", NIC, RULE, "a 0000:02:00.0: take vfio-pci\n" },
	{ "nothing to let go", "0000:02:00.0 8086:10d3 020000 group=15", RULE,
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "bound already", "0000:02:00.0 8086:10d3 020000 group=15 driver=vfio-pci module", RULE,
	  "a 0000:02:00.0: take vfio-pci already-bound\n" },
	{ "bound already, and a guest has it",
	  "0000:02:00.0 8086:10d3 020000 group=15 driver=vfio-pci module used=guest", RULE,
	  "a 0000:02:00.0: take vfio-pci already-bound\n" },
	{ "a guest has it from another stub",
	  "0000:02:00.0 8086:10d3 020000 group=15 driver=vfio-pci module used=guest",
	  RULE "driver = pci-stub\n", "a 0000:02:00.0: leave to the host pci-stub in-use\n" },
	{ "a disk in use", DISK " used=disk", RULE,
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "a disk in use, whatever is allowed", DISK " used=disk",
	  RULE "allow = storage, network\n",
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "an interface that is up", NIC " used=network", RULE,
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "in use, with hold", NIC " used=network", RULE "on-failure = hold\n",
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "an interface that is up, allowed", NIC " used=network", RULE "allow = network\n",
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "virtual functions, whatever is allowed", NIC " used=functions",
	  RULE "allow = storage, network, console\n",
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "the rest of the group is with a stub",
	  NIC "\n0000:02:00.1 8086:10d3 020000 group=15 driver=vfio-pci module",
	  RULE "group = refuse\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "the rest of the group is with the host",
	  NIC "\n0000:02:00.1 8086:10d3 020000 group=15 driver=e1000e module",
	  RULE "group = refuse\n", "a 0000:02:00.0: leave to the host vfio-pci group-refused\n" },
	{ "the rest of the group is in use",
	  NIC "\n0000:02:00.1 1b36:0010 010802 group=15 driver=nvme module used=disk",
	  RULE "group = whole\n",
	  "a 0000:02:00.0: take vfio-pci group-incomplete\n"
	  "a 0000:02:00.1: leave to the host vfio-pci group-whole in-use\n" },
	{ "the rest of the group is with a stub that leaves DMA alone",
	  "remapping\n" NIC "\n0000:02:00.1 8086:10d3 020000 group=15 driver=pci-stub", RULE,
	  "a 0000:02:00.0: take vfio-pci viable\n" },
	{ "the rest of the group is with one that does not",
	  "remapping\n" NIC "\n0000:02:00.1 8086:10d3 020000 group=15 driver=pciback", RULE,
	  "a 0000:02:00.0: take vfio-pci\n" },
};

typedef void plan_function(const struct want *want, const struct facts *facts, struct plan *ret);

static void assert_plan(const struct row *row, plan_function *make)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *actual = NULL;

	form_host(row->host, &facts);
	form_want(row->conf, NULL, &want);
	for (size_t i = 0; i < want.rule_count; i++)
		want.rules[i].at_run_time = true;
	make(&want, &facts, &plan);
	actual = form_plan(&plan);
	assert_string_equal(actual, row->plan);
}

static void test_take(void **state)
{
	assert_plan(*state, plan_make);
}

static const struct row return_rows[] = {
	{ "from its stub", "0000:02:00.0 8086:10d3 020000 group=15 driver=vfio-pci module", RULE,
	  "a 0000:02:00.0: return from vfio-pci\n" },
	{ "from another stub", "0000:02:00.0 8086:10d3 020000 group=15 driver=pci-stub",
	  RULE "driver = pci-stub\n", "a 0000:02:00.0: return from pci-stub\n" },
	{ "from a variant of its stub",
	  "0000:02:00.0 15b3:101e 020000 group=15 driver=mlx5_vfio_pci variant=mlx5_vfio_pci", RULE,
	  "a 0000:02:00.0: return from mlx5_vfio_pci\n" },
	{ "only claimed", "0000:02:00.0 8086:10d3 020000 group=15", RULE,
	  "a 0000:02:00.0: return from vfio-pci\n" },
	{ "a guest has it",
	  "0000:02:00.0 8086:10d3 020000 group=15 driver=vfio-pci module used=guest", RULE,
	  "a 0000:02:00.0: leave to the host vfio-pci in-use\n" },
	{ "the host has it", NIC, RULE,
	  "a 0000:02:00.0: leave to the host vfio-pci not-assigned\n" },
	{ "the host has and uses it", NIC " used=network", RULE,
	  "a 0000:02:00.0: leave to the host vfio-pci not-assigned\n" },
};

static void test_return(void **state)
{
	assert_plan(*state, release_plan);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "take", test_take, take_rows);
	suite_add_rows(&suite, "return", test_return, return_rows);
	return suite_run(&suite, "plan_release");
}
