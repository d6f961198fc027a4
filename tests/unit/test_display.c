/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the framebuffer of the firmware is released from a display that is taken. */
#include "helpers.h"

#include "forms.h"
#include "plan/plan.h"

#define REAL   "remapping\n"
#define GPU    "0000:01:00.0 1:2 0380 group=1 framebuffer=efi\n"
#define VGA    "0000:01:00.0 1:2 0300 group=1 framebuffer=efi\n"
#define SERIAL "other console\n"
#define SECOND "0000:02:00.0 1:3 0380 group=2\n"
#define CARD                                                        \
	"0000:03:00.0 1:4 0700 group=3 path=pci0000:00/03.0/00.0\n" \
	"need console pci0000:00/03.0/00.0 0001:0004:0000:0000 070000 ttyS4\n"
#define TAKE "[device a]\nid = 1:2\n"
#define BOTH TAKE "[device b]\nid = 1:3\n"
#define STUB TAKE "driver = pci-stub\n"
#define KEPT "take vfio-pci framebuffer-kept\n"

static const struct row {
	const char *name;
	const char *host, *conf;
	const char *plan;
	bool is_released; /* of the first decision */
} rows[] = {
	{ "no other console: it stays, and no guest gets the device", REAL GPU, TAKE,
	  "a 0000:01:00.0: " KEPT, false },
	{ "a serial console", REAL SERIAL GPU, TAKE, "a 0000:01:00.0: take vfio-pci viable\n",
	  true },
	{ "a console on a card", REAL GPU CARD, TAKE, "a 0000:01:00.0: take vfio-pci viable\n",
	  true },
	{ "a console on a card that is taken, too", REAL GPU CARD,
	  TAKE "[device c]\nid = 1:4\nallow = console\n",
	  "a 0000:01:00.0: " KEPT "c 0000:03:00.0: take vfio-pci viable guard-overridden\n",
	  false },
	{ "allowed", REAL GPU, TAKE "allow = console\n", "a 0000:01:00.0: take vfio-pci viable\n",
	  true },
	{ "something else is allowed", REAL GPU, TAKE "allow = storage, network\n",
	  "a 0000:01:00.0: " KEPT, false },
	{ "another display", REAL GPU SECOND, TAKE, "a 0000:01:00.0: take vfio-pci viable\n",
	  true },
	{ "another display is taken as well", REAL GPU SECOND, BOTH,
	  "a 0000:01:00.0: " KEPT "b 0000:02:00.0: take vfio-pci viable\n", false },
	{ "another display, held", REAL GPU SECOND,
	  TAKE "[device b]\naddress = 02:00.0\nid = 9:9\non-failure = hold\n",
	  "a 0000:01:00.0: " KEPT "b 0000:02:00.0: hold vfio-pci id-mismatch\n", false },
	{ "another display, refused", REAL GPU SECOND,
	  TAKE "[device b]\naddress = 02:00.0\nid = 9:9\n",
	  "a 0000:01:00.0: take vfio-pci viable\n"
	  "b 0000:02:00.0: leave to the host vfio-pci id-mismatch\n",
	  true },
	{ "another display, bound by a stub already",
	  REAL GPU "0000:02:00.0 1:3 0380 group=2 driver=pci-stub\n", TAKE, "a 0000:01:00.0: " KEPT,
	  false },
	{ "another display that is a VF",
	  REAL GPU "0000:02:00.1 1:3 0380 group=2 of=0000:02:00.0 vf=1\n", TAKE,
	  "a 0000:01:00.0: " KEPT, false },
	{ "VGA and vfio-pci: the kernel does it in any case", REAL VGA, TAKE,
	  "a 0000:01:00.0: take vfio-pci viable\n", true },
	{ "VGA and pci-stub: it does not", REAL VGA, STUB,
	  "a 0000:01:00.0: take pci-stub framebuffer-kept\n", false },
	{ "VGA and pci-stub, allowed", REAL VGA, STUB "allow = console\n",
	  "a 0000:01:00.0: take pci-stub\n", true },
	{ "Xen", "xen\n" VGA, TAKE,
	  "a 0000:01:00.0: take pciback of xen-pciback framebuffer-kept\n", false },
	{ "refused: not touched", REAL SERIAL GPU, "[device a]\naddress = 01:00.0\nid = 9:9\n",
	  "a 0000:01:00.0: leave to the host vfio-pci id-mismatch\n", false },
	{ "no framebuffer", REAL SECOND, "[device b]\nid = 1:3\n",
	  "b 0000:02:00.0: take vfio-pci viable\n", false },
	{ "unread: any display may have it", REAL SECOND "unread framebuffer\n",
	  "[device b]\nid = 1:3\n", "b 0000:02:00.0: take vfio-pci framebuffer-failed\n", false },
	{ "unread: what is no display has none",
	  REAL "0000:02:00.0 1:3 0403 group=2\nunread framebuffer\n", "[device b]\nid = 1:3\n",
	  "b 0000:02:00.0: take vfio-pci viable\n", false },
};

static void test_display(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *form = NULL;

	form_host(row->host, &facts);
	form_want(row->conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	form = form_plan(&plan);
	assert_string_equal(form, row->plan);
	assert_int_equal(plan.decisions[0].releases_framebuffer, row->is_released);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "display", test_display, rows);
	return suite_run(&suite, "display");
}
