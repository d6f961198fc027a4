/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a plain directory can prove: how errors are handled, and that the success of a write proves
 * nothing. That devices are bound is proven on real kernels only (tests/vm).
 */
#include "helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "apply/apply.h"
#include "forms.h"
#include "plan/release.h"
#include "system/clock.h"
#include "tree.h"
#include "util/memory.h"

#define DEVICE "sys/bus/pci/devices/0000:02:00.0/"
#define STUB   "sys/bus/pci/drivers/vfio-pci/"
#define HOST   "0000:02:00.0 1:2 12 group=1\n"
#define TAKE   "[device a]\nid = 1:2\n"
#define HOLD   "on-failure = hold\n"

static bool share_fails;

void *__real_child_share(size_t size);
void *__wrap_child_share(size_t size);

/* Memory that the children of apply share, unless there is none. */
void *__wrap_child_share(size_t size)
{
	return share_fails ? NULL : __real_child_share(size);
}

/* What there is of one device and one rule, and what apply makes of it. */
struct run {
	struct want want;
	struct facts facts;
	struct plan plan;
	struct progress progress;
};

static void run_make(struct run *run, const struct tree *tree, const char *host, const char *conf,
		     int64_t time_ms)
{
	const struct apply apply = {
		.root = &tree->root,
		.deadline_ms = clock_ms() + time_ms,
		.return_by_ms = clock_ms() + 60000,
		.patience_ms = 1000,
		.progress = &run->progress,
	};

	form_host(host, &run->facts);
	form_want(conf, NULL, &run->want);
	plan_make(&run->want, &run->facts, &run->plan);
	apply_plan(&apply, &run->plan);
}

static void run_free(struct run *run)
{
	plan_free(&run->plan);
	facts_free(&run->facts);
	want_free(&run->want);
}

static const struct row {
	const char *name;
	const char *host, *conf;
	const char *files[4]; /* what there is, empty */
	int64_t time_ms;
	const char *state;
	int error;
	const char *override; /* what driver_override says then, NULL: not looked at */
	const char *findings;
} rows[] = {
	{ "the stub is missing: the claim stands",
	  HOST,
	  TAKE,
	  { DEVICE "driver_override" },
	  60000,
	  "claimed",
	  -ENOENT,
	  "vfio-pci",
	  "stub-missing: could not load module vfio-pci: module not found" },
	{ "hold: no driver is called so",
	  HOST,
	  "[device a]\naddress = 02:00.0\nid = 1:3\n" HOLD,
	  { DEVICE "driver_override" },
	  60000,
	  "held",
	  0,
	  "none",
	  "id-mismatch: " },
	{ "the device is gone: no claim, nothing to give back",
	  HOST,
	  TAKE,
	  { STUB "bind" },
	  60000,
	  "failed",
	  -ENOENT,
	  NULL,
	  "claim-failed: could not set driver_override: the device is gone\n"
	  "return-failed: could not return the device to the host: the device is gone" },
	{ "a bind that reports success is none",
	  HOST,
	  TAKE HOLD,
	  { DEVICE "driver_override", STUB "bind" },
	  60000,
	  "failed",
	  -ENODEV,
	  NULL,
	  "bind-failed: could not bind to vfio-pci: the driver rejected the device\n"
	  "claim-failed: could not hold the device: the kernel holds another value" },
	{ "a bind that fails says why",
	  HOST,
	  TAKE HOLD,
	  { DEVICE "driver_override", STUB "module" },
	  60000,
	  "failed",
	  -ENOENT,
	  NULL,
	  "bind-failed: could not bind to vfio-pci: there is no such driver\n"
	  "claim-failed: could not hold the device" },
	{ "an unbind that reports success is none",
	  "0000:02:00.0 1:2 12 group=1 driver=serial\n",
	  TAKE,
	  { DEVICE "driver_override", "sys/bus/pci/drivers/serial/unbind", STUB "bind" },
	  60000,
	  "failed",
	  -EBUSY,
	  NULL,
	  "release-failed: could not unbind from serial: the driver is still bound to the device\n"
	  "return-failed: could not return the device to the host: " },
	{ "refused: not touched",
	  HOST,
	  "[device a]\naddress = 02:00.0\nid = 1:3\n",
	  { DEVICE "driver_override" },
	  60000,
	  "refused",
	  0,
	  "",
	  "id-mismatch: " },
};

static void test_outcome(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_free_ char *override = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i]; i++)
		tree_write(&tree, row->files[i], "");
	if (strstr(row->host, "driver=serial"))
		tree_link(&tree, DEVICE "driver", "../../drivers/serial");
	run_make(&run, &tree, row->host, row->conf, row->time_ms);
	override = row->override ? tree_read(&tree, DEVICE "driver_override") : NULL;
	tree_remove(&tree);
	assert_int_equal(run.plan.count, 1);
	assert_findings(&run.plan.decisions[0].findings, row->findings);
	assert_string_equal(state_word(run.plan.decisions[0].state), row->state);
	assert_int_equal(run.plan.decisions[0].error, row->error);
	if (row->override)
		assert_string_equal(override, row->override);
}

/* Bound already: the link says so, and nothing is written to bind, which is not even there. */
static void test_bound_already(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };

	tree_write(tree, DEVICE "driver_override", "");
	tree_link(tree, DEVICE "driver", "../../../../bus/pci/drivers/vfio-pci");
	tree_directory(tree, STUB);
	run_make(&run, tree, "0000:02:00.0 1:2 12 group=1 driver=vfio-pci module\n", TAKE, 60000);
	assert_int_equal(run.plan.decisions[0].state, STATE_BOUND);
	assert_int_equal(run.plan.decisions[0].error, 0);
}

/* Something else was faster: that is no driver which rejected the device. */
static void test_bound_by_other(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };

	tree_write(tree, DEVICE "driver_override", "");
	tree_link(tree, DEVICE "driver", "../../../../bus/pci/drivers/serial");
	tree_write(tree, STUB "bind", "");
	run_make(&run, tree, HOST, TAKE HOLD, 60000);
	assert_findings(&run.plan.decisions[0].findings,
			"bind-failed: could not bind to vfio-pci: another driver is bound to it\n"
			"claim-failed: ");
}

/* Behind the deadline nothing begins that could block, but the claim is made and settled. */
static void test_deadline(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };
	const struct decision *decision;

	tree_write(tree, DEVICE "driver_override", "");
	tree_write(tree, STUB "bind", "");
	run_make(&run, tree, HOST, TAKE HOLD, -1);
	decision = &run.plan.decisions[0];
	assert_int_equal(decision->error, -ETIMEDOUT);
	assert_string_equal(decision->findings.items[0].text,
			    "could not load the module: no time left");
	assert_int_equal(decision->findings.items[0].code, FINDING_DEADLINE);
	assert_int_not_equal(decision->state, STATE_BOUND);
}

/* One device that fails does not keep the next from what it is due. */
static void test_failure_of_one(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_free_ char *override = NULL;

	tree_write(tree, "sys/bus/pci/devices/0000:03:00.0/driver_override", "");
	run_make(&run, tree, HOST "0000:03:00.0 1:3 12 group=2\n", TAKE "[device b]\nid = 1:3\n",
		 60000);
	override = tree_read(tree, "sys/bus/pci/devices/0000:03:00.0/driver_override");
	assert_int_equal(run.plan.decisions[0].state, STATE_FAILED);
	assert_int_equal(run.plan.decisions[1].state, STATE_CLAIMED);
	assert_string_equal(override, "vfio-pci");
}

/* A FIFO that nobody reads stands for a device at which the kernel hangs. */
static void test_hanging_device(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_free_ char *override = NULL;

	tree_write(tree, DEVICE "driver_override", "");
	tree_write(tree, "sys/bus/pci/devices/0000:03:00.0/driver_override", "");
	tree_directory(tree, STUB);
	assert_int_equal(mkfifoat(tree->root.fd, STUB "bind", 0600), 0);
	tree_write(tree, "sys/bus/pci/drivers/pci-stub/bind", "");
	run_make(&run, tree, HOST "0000:03:00.0 1:3 12 group=2\n",
		 TAKE HOLD "[device b]\nid = 1:3\ndriver = pci-stub\n", 60000);
	override = tree_read(tree, "sys/bus/pci/drivers/pci-stub/bind");
	assert_int_equal(run.plan.decisions[0].error, -ETIMEDOUT);
	assert_findings(&run.plan.decisions[0].findings,
			"bind-failed: could not bind to vfio-pci: timed out; the driver is still "
			"busy\nclaim-failed: could not hold the device: the kernel holds another");
	assert_int_equal(run.plan.decisions[1].error, -ENODEV);
	assert_string_equal(override, "0000:03:00.0");
}

/* What the guardian could tell of a worker that hangs here. */
static void test_progress(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };

	tree_write(tree, DEVICE "driver_override", "");
	run_make(&run, tree, HOST, TAKE, 60000);
	assert_string_equal(run.progress.step, "settle of 0000:02:00.0 for vfio-pci");
}

/*
 * Bound when the module was loaded. What a plain file takes stands in it: so it lists the device,
 * as the kernel's attribute does.
 */
static const struct permissive_row {
	const char *name, *file, *directory, *findings;
	const char *conf;
} permissive_rows[] = {
	{ "set", "permissive", NULL, NULL, "permissive = yes\n" },
	{ "no such attribute", NULL, NULL,
	  "permissive-failed: could not set permissive in pciback: the driver has no such attribute",
	  "permissive = yes\n" },
	{ "refused", NULL, "permissive",
	  "permissive-failed: could not set permissive in pciback: Is a directory",
	  "permissive = yes\n" },
	{ "not asked for", NULL, NULL, NULL, "" },
};

static void test_permissive(void **state)
{
	const struct permissive_row *row = *state;
	const char driver[] = "sys/bus/pci/drivers/pciback/";
	struct tree tree = tree_make();
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_free_ char *conf = memory_printf(TAKE "%s", row->conf);
	_cleanup_free_ char *path =
		memory_printf("%s%s", driver, row->file ? row->file : row->directory);

	tree_write(&tree, DEVICE "driver_override", "");
	tree_link(&tree, DEVICE "driver", "../../../../bus/pci/drivers/pciback");
	tree_directory(&tree, driver);
	if (row->file)
		tree_write(&tree, path, "");
	else if (row->directory)
		tree_directory(&tree, path);
	run_make(&run, &tree, "xen\n" HOST, conf, 60000);
	tree_remove(&tree);
	assert_findings(&run.plan.decisions[0].findings, row->findings);
	assert_int_equal(run.plan.decisions[0].state, STATE_BOUND);
}

#define PLATFORM "sys/bus/platform/"
#define FB       PLATFORM "devices/efi-framebuffer.0/driver"
#define UNBIND   PLATFORM "drivers/efi-framebuffer/unbind"
#define DISPLAY  "0000:02:00.0 1:2 0380 group=1 framebuffer=efi\n"
#define EFIFB    "c0000000-c0ffffff : 0000:02:00.0\n  c0000000-c03e7fff : efifb\n"
#define FAILED   "framebuffer-failed: could not unbind the firmware framebuffer efi-framebuffer.0: "

/* A plain file takes the write, and nothing happens. */
static const struct framebuffer_row {
	const char *name;
	const char *conf;
	bool is_bound, can_unbind;
	const char *iomem;
	const char *written, *findings;
} framebuffer_rows[] = {
	{ "gone", "", false, true, "", "efi-framebuffer.0", NULL },
	{ "an unbind that reports success is none", "", true, true, EFIFB, "efi-framebuffer.0",
	  FAILED "its driver is still bound" },
	{ "an unbind that fails says why", "", true, false, EFIFB, NULL,
	  FAILED "its driver has no unbind attribute" },
	{ "unbound, but the kernel keeps the memory", "", false, true, EFIFB, "efi-framebuffer.0",
	  FAILED "the kernel still reserves its memory" },
	{ "unbound, but the memory is not known", "", false, true, NULL, "efi-framebuffer.0",
	  "framebuffer-failed: could not tell whether the firmware framebuffer efi-framebuffer.0 is gone: No such file" },
	{ "not to be released", "[device b]\nid = 9:9\n", true, true, EFIFB, "",
	  "framebuffer-kept: " },
};

static void lay_out_framebuffer(const struct tree *tree, const struct framebuffer_row *row)
{
	tree_write(tree, DEVICE "driver_override", "");
	tree_link(tree, DEVICE "driver", "../../../../bus/pci/drivers/vfio-pci");
	tree_directory(tree, STUB);
	if (row->is_bound)
		tree_link(tree, FB, "/" PLATFORM "drivers/efi-framebuffer");
	tree_directory(tree, PLATFORM "drivers/efi-framebuffer");
	if (row->can_unbind)
		tree_write(tree, UNBIND, "");
	if (row->iomem)
		tree_write(tree, "proc/iomem", row->iomem);
}

static void test_framebuffer(void **state)
{
	const struct framebuffer_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_free_ char *host =
		memory_printf("remapping\n%s" DISPLAY, *row->conf ? "" : "other console\n");
	_cleanup_free_ char *conf = memory_printf(TAKE "%s", row->conf);
	_cleanup_free_ char *written = NULL;

	lay_out_framebuffer(&tree, row);
	run_make(&run, &tree, host, conf, 60000);
	written = row->written ? tree_read(&tree, UNBIND) : NULL;
	tree_remove(&tree);
	assert_findings(&run.plan.decisions[0].findings, row->findings);
	assert_int_equal(run.plan.decisions[0].state, STATE_BOUND);
	assert_int_equal(run.plan.decisions[0].error, 0);
	assert_int_equal(run.plan.decisions[0].viability,
			 row->findings ? VIABILITY_NO : VIABILITY_YES);
	if (row->written)
		assert_string_equal(written, row->written);
}

/* A framebuffer at which the kernel hangs does not keep its device from what it is due. */
static void test_framebuffer_hangs(void **state)
{
	const struct tree *tree = *state;
	const struct framebuffer_row row = { .is_bound = true, .iomem = EFIFB };
	_cleanup_(run_free) struct run run = { 0 };

	lay_out_framebuffer(tree, &row);
	assert_int_equal(mkfifoat(tree->root.fd, UNBIND, 0600), 0);
	run_make(&run, tree, "remapping\nother console\n" DISPLAY, TAKE, 1000);
	assert_int_equal(run.plan.decisions[0].state, STATE_BOUND);
	assert_findings(&run.plan.decisions[0].findings,
			FAILED "timed out; the driver is still busy");
}

/* A file does not clear an override, so the device is not the host's. */
static void test_return(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };
	const struct apply apply = { .root = &tree->root,
				     .deadline_ms = clock_ms() + 60000,
				     .return_by_ms = clock_ms() + 60000,
				     .patience_ms = 1000,
				     .progress = &run.progress };

	tree_write(tree, DEVICE "driver_override", "vfio-pci\n");
	form_host("0000:02:00.0 1:2 12 group=1 driver=vfio-pci module\n", &run.facts);
	form_want(TAKE, NULL, &run.want);
	release_plan(&run.want, &run.facts, &run.plan);
	apply_plan(&apply, &run.plan);
	assert_int_equal(run.plan.decisions[0].state, STATE_FAILED);
	assert_findings(&run.plan.decisions[0].findings,
			"return-failed: could not return the device to the host: ");
	assert_string_equal(run.progress.step, "return of 0000:02:00.0 for vfio-pci");
}

/* One module that is missing is not the other's failure. */
static void test_two_modules(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(run_free) struct run run = { 0 };

	tree_write(tree, DEVICE "driver_override", "");
	tree_write(tree, "sys/bus/pci/devices/0000:03:00.0/driver_override", "");
	tree_link(tree, "sys/bus/pci/devices/0000:03:00.0/driver", "../../drivers/pci-stub");
	tree_directory(tree, "sys/bus/pci/drivers/pci-stub");
	run_make(&run, tree, HOST "0000:03:00.0 1:3 12 group=2\n",
		 TAKE "[device b]\nid = 1:3\ndriver = pci-stub\n", 60000);
	assert_int_equal(run.plan.decisions[0].state, STATE_CLAIMED);
	assert_findings(&run.plan.decisions[1].findings, NULL);
	assert_int_equal(run.plan.decisions[1].state, STATE_BOUND);
}

/* Options that could take devices later are known: so the stub is to be loaded without them. */
static const struct native_row {
	const char *name, *host, *conf, *options;
	const char *driver; /* that is there */
	int64_t time_ms;
	const char *findings;
} native_rows[] = {
	{ "none", "", "", "", NULL, 60000, NULL },
	{ "its module is missing", "", "", "options vfio-pci ids=1:9\n", NULL, 60000,
	  "options-in-force: vfio-pci could not be loaded without its own options: No such file or "
	  "directory" },
	{ "no time left", "", "", "options vfio-pci ids=1:9\n", NULL, -1,
	  "options-in-force: vfio-pci could not be loaded without its own options: Connection timed "
	  "out" },
	{ "it is there", "", "", "options vfio-pci ids=1:9\n", "vfio-pci", 60000, NULL },
	{ "only in a dom0", "", "", "options xen-pciback hide=(01:00.0)\n", NULL, 60000, NULL },
	{ "in a dom0", "xen\n", "", "options xen-pciback hide=(01:00.0)\n", NULL, 60000,
	  "options-in-force: xen-pciback could " },
	{ "its failure is known already", HOST, TAKE, "options vfio-pci ids=1:9\n", NULL, 60000,
	  NULL },
};

static void test_native(void **state)
{
	const struct native_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(run_free) struct run run = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	const struct apply apply = { .root = &tree.root,
				     .deadline_ms = clock_ms() + row->time_ms,
				     .return_by_ms = clock_ms() + 60000,
				     .patience_ms = 1000,
				     .progress = &run.progress };

	tree_write(&tree, DEVICE "driver_override", "");
	tree_directory(&tree, "sys/bus/pci/drivers/pci-stub");
	if (row->driver) {
		_cleanup_free_ char *path = memory_printf("sys/bus/pci/drivers/%s", row->driver);

		tree_directory(&tree, path);
	}
	form_host(row->host, &run.facts);
	form_want_of(row->conf, row->options, NULL, &run.want);
	plan_make(&run.want, &run.facts, &run.plan);
	apply_plan(&apply, &run.plan);
	apply_empty_stubs(&apply, &run.want, &run.plan, &findings);
	tree_remove(&tree);
	assert_findings(&findings, row->findings);
}

static void test_no_memory(void **state)
{
	const struct tree *tree = *state;
	struct run run = { 0 };

	tree_write(tree, DEVICE "driver_override", "");
	share_fails = true;
	run_make(&run, tree, HOST, TAKE, 60000);
	share_fails = false;
	assert_int_equal(run.plan.decisions[0].state, STATE_FAILED);
	assert_int_equal(run.plan.decisions[0].error, -ENOMEM);
	assert_findings(&run.plan.decisions[0].findings,
			"claim-failed: could not claim the device: out of memory");
	run_free(&run);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "outcome", test_outcome, rows);
	suite_add_in_tree(&suite, "bound already", test_bound_already);
	suite_add_in_tree(&suite, "bound by another", test_bound_by_other);
	suite_add_in_tree(&suite, "behind the deadline", test_deadline);
	suite_add_in_tree(&suite, "one fails, the next does not", test_failure_of_one);
	suite_add_in_tree(&suite, "one hangs, the next does not", test_hanging_device);
	suite_add_in_tree(&suite, "no memory", test_no_memory);
	suite_add_in_tree(&suite, "progress names the step", test_progress);
	suite_add_rows(&suite, "permissive", test_permissive, permissive_rows);
	suite_add_rows(&suite, "framebuffer", test_framebuffer, framebuffer_rows);
	suite_add_in_tree(&suite, "a framebuffer that hangs", test_framebuffer_hangs);
	suite_add_in_tree(&suite, "returned", test_return);
	suite_add_in_tree(&suite, "a module that is missing, another one that is not",
			  test_two_modules);
	suite_add_rows(&suite, "options of the stubs", test_native, native_rows);
	return suite_run(&suite, "apply");
}
