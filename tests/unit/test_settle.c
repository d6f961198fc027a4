/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What apply/settle.h, apply/first_bind.h and apply/bind.h write, in which order, and what they
 * make of the answers: the kernel's are rows of a table here (--wrap of the linker). What it
 * answers is for boots.
 */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apply/bind.h"
#include "apply/first_bind.h"
#include "apply/settle.h"
#include "apply/sysfs.h"
#include "system/child.h"
#include "system/clock.h"
#include "tree.h"
#include "util/memory.h"

#define NAME   "0000:00:03.0"
#define DEVICE "sys/bus/pci/devices/" NAME "/"
#define LONG   60000

/* --- a kernel that does as it is told */

struct answer {
	const char *to;     /* the end of what is written, as it is in the log */
	int error;          /* negative errno; 0 is success, which may lie */
	const char *driver; /* that the device has then, "" for none; NULL: as before */
	bool hangs;
};

static const struct tree *tree;
static const struct answer *answers; /* up to one without ->to; the first that fits counts */

static void set_driver(const char *driver)
{
	_cleanup_free_ char *target = memory_printf("../../drivers/%s", driver);

	unlinkat(tree->root.fd, DEVICE "driver", 0);
	if (*driver)
		assert_int_equal(symlinkat(target, tree->root.fd, DEVICE "driver"), 0);
}

/* Of all processes, in the order in which they come. */
static void note(const char *line)
{
	int fd = openat(tree->root.fd, "log", O_WRONLY | O_APPEND | O_CREAT, 0600);
	_cleanup_free_ char *text = memory_printf("%s\n", line);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int take(const char *line)
{
	note(line);
	for (const struct answer *answer = answers; answer->to; answer++) {
		if (!ends_with(line, answer->to))
			continue;
		while (answer->hangs)
			pause();
		if (answer->driver)
			set_driver(answer->driver);
		return answer->error;
	}
	return 0;
}

int __wrap_root_write(const struct root *root, const char *path, const char *text);
int __wrap_root_write(const struct root *root, const char *path, const char *text)
{
	static const char drivers[] = "sys/bus/pci/drivers/";
	bool is_of_driver = strncmp(path, drivers, strlen(drivers)) == 0;

	(void)root;
	(void)text;
	return take(path + (is_of_driver ? strlen(drivers) : strlen("sys/bus/pci/")));
}

/* driver_override: an answer with an error is one that changes nothing. */
int __wrap_root_write_and_read(const struct root *root, const char *path, const char *text,
			       char *buffer, size_t size, int *ret_written);
int __wrap_root_write_and_read(const struct root *root, const char *path, const char *text,
			       char *buffer, size_t size, int *ret_written)
{
	const char *value = strcmp(text, OVERRIDE_CLEAR) == 0 ? OVERRIDE_CLEARED : text;
	_cleanup_free_ char *line = memory_printf("override=%s", value);

	(void)root;
	assert_true(ends_with(path, "/driver_override"));
	*ret_written = take(line);
	if (*ret_written == -ENOENT)
		return -ENOENT;
	snprintf(buffer, size, "%s", *ret_written < 0 ? "kept" : value);
	return (int)strlen(buffer);
}

/* --- one device that is settled or returned */

static void note_result(const struct pci_device *device, int error, void *context)
{
	struct decision *decision = context;

	assert_ptr_equal(device, decision->device);
	decision->error = error;
	decision->state = STATE_UNKNOWN; /* it was noted */
}

/* The result becomes the error of DECISION. */
static void bind_first_time(const struct apply *apply, struct decision *decision)
{
	struct plan plan = { .decisions = decision, .count = 1 };

	if (first_bind_is_needed(&plan))
		first_bind(apply, &plan, note_result, decision);
}

static void settle_first_bind(const struct apply *apply, struct decision *decision)
{
	struct plan plan = { .decisions = decision, .count = 1 };

	first_bind_settle(apply, &plan);
}

static const struct rule to_host, to_hold = { .options.on_failure = FAILURE_HOLD };

static const struct row {
	const char *name;
	void (*function)(const struct apply *apply, struct decision *decision);
	const char *stub;
	const char *driver;      /* that the device has */
	const char *host_driver; /* that had it, and is there; NULL for none */
	struct decision decision;
	bool is_before_udev;
	bool has_pci_stub;
	bool is_fenced, awaits_bind; /* the device */
	int error;                   /* that the decision has then, where it had none */
	struct answer answers[5];
	const char *log;
	enum state state;
	const char *findings;
} rows[] = {
#define RETURN \
	.function = settle_return, .decision = { .verdict = VERDICT_RETURN, .rule = &to_host }
#define FAILED "return-failed: could not return the device to the host: "
	{ "returned: to the driver that the kernel finds", RETURN, .stub = "vfio-pci",
	  .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", 0, "", false },
		       { "remove_id", -ENODEV, NULL, false },
		       { "drivers_probe", 0, "nvme", false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe",
	  .state = STATE_RETURNED },
	{ "returned: to the driver that had it", RETURN, .stub = "vfio-pci", .driver = "vfio-pci",
	  .host_driver = "nvme",
	  .answers = { { "vfio-pci/unbind", 0, "", false },
		       { "remove_id", -ENODEV, NULL, false },
		       { "drivers_probe", 0, "nvme", false } },
	  .log = "override=nvme vfio-pci/unbind vfio-pci/remove_id drivers_probe override=(null)",
	  .state = STATE_RETURNED },
	{ "returned: udev is asked for its driver", RETURN, .stub = "vfio-pci",
	  .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", 0, "", false }, { "remove_id", -ENODEV, NULL, false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe "
		 "devices/" NAME "/uevent ahci/bind",
	  .state = STATE_RETURNED },
	{ "returned: udev loads it", RETURN, .stub = "vfio-pci", .driver = "vfio-pci",
	  .is_before_udev = true,
	  .answers = { { "vfio-pci/unbind", 0, "", false }, { "remove_id", -ENODEV, NULL, false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe ahci/bind",
	  .state = STATE_RETURNED },
	{ "returned: udev cannot be asked for its driver", RETURN, .stub = "vfio-pci", .driver = "",
	  .answers = { { "remove_id", -ENODEV, NULL, false }, { "uevent", -EIO, NULL, false } },
	  .log = "override=(null) vfio-pci/remove_id drivers_probe devices/" NAME "/uevent",
	  .state = STATE_FAILED, .findings = FAILED },
	{ "returned: the stub is on a list of slots", RETURN, .stub = "xen-pciback",
	  .driver = "pciback", .is_before_udev = true,
	  .answers = { { "pciback/unbind", 0, "", false },
		       { "remove_slot", -ENOENT, NULL, false } },
	  .log = "override=(null) pciback/unbind pciback/remove_slot drivers_probe ahci/bind",
	  .state = STATE_RETURNED },
	{ "returned: the stub does not let go", RETURN, .stub = "vfio-pci", .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", -EBUSY, NULL, false },
		       { "remove_id", -ENODEV, NULL, false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id", .state = STATE_FAILED,
	  .findings = FAILED "Device or resource busy" },
	{ "returned: the stub hangs", RETURN, .stub = "vfio-pci", .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", 0, NULL, true } },
	  .log = "override=(null) vfio-pci/unbind", .state = STATE_FAILED,
	  .findings = FAILED "timed out; the driver is still busy" },
	{ "returned: the override stays", RETURN, .stub = "vfio-pci", .driver = "vfio-pci",
	  .answers = { { "override=(null)", -EACCES, NULL, false } }, .log = "override=(null)",
	  .state = STATE_FAILED, .findings = FAILED "Permission denied" },
	{ "returned: the override of the driver that had it stays", RETURN, .stub = "vfio-pci",
	  .driver = "vfio-pci", .host_driver = "nvme",
	  .answers = { { "override=(null)", -EACCES, NULL, false },
		       { "vfio-pci/unbind", 0, "", false },
		       { "remove_id", -ENODEV, NULL, false },
		       { "drivers_probe", 0, "nvme", false } },
	  .log = "override=nvme vfio-pci/unbind vfio-pci/remove_id drivers_probe override=(null)",
	  .state = STATE_FAILED, .findings = FAILED "Permission denied" },
	{ "returned: the device is gone", RETURN, .stub = "vfio-pci", .driver = "",
	  .answers = { { "override=(null)", -ENOENT, NULL, false } }, .log = "override=(null)",
	  .state = STATE_FAILED, .findings = FAILED "the device is gone" },
	/* The list of the stub has it for good: it is offered to each driver of the host. */
	{ "returned: the stub takes it again, then another one does", RETURN, .stub = "vfio-pci",
	  .driver = "vfio-pci", .is_before_udev = true,
	  .answers = { { "vfio-pci/unbind", 0, "", false },
		       { "remove_id", -ENODEV, NULL, false },
		       { "drivers_probe", 0, "vfio-pci", false },
		       { "ahci/bind", 0, "ahci", false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe vfio-pci/unbind "
		 "ahci/bind",
	  .state = STATE_RETURNED },
	{ "returned: the stub takes it again, no other one does", RETURN, .stub = "vfio-pci",
	  .driver = "vfio-pci", .is_before_udev = true,
	  .answers = { { "vfio-pci/unbind", 0, NULL, false },
		       { "remove_id", -ENODEV, NULL, false },
		       { "ahci/bind", -ENODEV, NULL, false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe vfio-pci/unbind "
		 "vfio-pci/unbind ahci/bind",
	  .state = STATE_FAILED, .findings = FAILED "Device or resource busy" },
#define REFUSED                      \
	.function = settle_decision, \
	.decision = { .verdict = VERDICT_REFUSE, .rule = &to_host, .state = STATE_REFUSED }
#define TAKEN "taken-back: bound by vfio-pci through its own ids="
	{ "refused: with the host", REFUSED, .stub = "vfio-pci", .driver = "nvme", .log = "",
	  .state = STATE_REFUSED },
	{ "refused: the stub took it by its ids", REFUSED, .stub = "vfio-pci", .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", 0, "", false }, { "remove_id", -ENODEV, NULL, false } },
	  .log = "vfio-pci/unbind vfio-pci/remove_id drivers_probe", .state = STATE_REFUSED,
	  .findings = TAKEN },
	{ "refused: the stub took it and keeps it", REFUSED, .stub = "vfio-pci",
	  .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", -EBUSY, NULL, false },
		       { "remove_id", -ENODEV, NULL, false } },
	  .log = "vfio-pci/unbind vfio-pci/remove_id", .state = STATE_REFUSED,
	  .findings = TAKEN "\n" FAILED "Device or resource busy" },
#define TAKE(rule_, state_, error_)  \
	.function = settle_decision, \
	.decision = { .verdict = VERDICT_TAKE, .rule = rule_, .state = state_, .error = error_ }
	{ "bound: nothing is left to do", TAKE(&to_host, STATE_BOUND, 0), .stub = "vfio-pci",
	  .driver = "vfio-pci", .log = "", .state = STATE_BOUND },
	{ "claimed: the override is that of the stub", TAKE(&to_host, STATE_CLAIMED, -ENOENT),
	  .stub = "xen-pciback", .driver = "", .log = "override=pciback", .state = STATE_CLAIMED },
	{ "claimed: the claim has named the stub", TAKE(&to_host, STATE_CLAIMED, -ENOENT),
	  .stub = "vfio-pci", .driver = "", .log = "", .state = STATE_CLAIMED },
	{ "claimed: the override is refused", TAKE(&to_host, STATE_CLAIMED, -ENOENT),
	  .stub = "xen-pciback", .driver = "",
	  .answers = { { "override=pciback", -EACCES, NULL, false } }, .log = "override=pciback",
	  .state = STATE_CLAIMED,
	  .findings = "claim-failed: could not set driver_override: Permission denied" },
	{ "failed: held", TAKE(&to_hold, STATE_PLANNED, -EBUSY), .stub = "vfio-pci", .driver = "",
	  .log = "override=none", .state = STATE_HELD },
	{ "failed: not even held", TAKE(&to_hold, STATE_PLANNED, -EBUSY), .stub = "vfio-pci",
	  .driver = "", .answers = { { "override=none", -EACCES, NULL, false } },
	  .log = "override=none", .state = STATE_FAILED,
	  .findings = "claim-failed: could not hold the device: Permission denied" },
	{ "failed: returned", TAKE(&to_host, STATE_PLANNED, -EBUSY), .stub = "vfio-pci",
	  .driver = "vfio-pci",
	  .answers = { { "vfio-pci/unbind", 0, "", false }, { "remove_id", -ENODEV, NULL, false } },
	  .log = "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe",
	  .state = STATE_FAILED },
#define UNFENCED(verdict_)             \
	.function = settle_first_bind, \
	.decision = { .verdict = verdict_, .rule = &to_host, .state = STATE_REFUSED }
	{ "refused after a first bind: returned", UNFENCED(VERDICT_REFUSE), .stub = "vfio-pci",
	  .driver = "", .is_fenced = true, .log = "override=(null) drivers_probe",
	  .state = STATE_REFUSED },
	{ "refused after a first bind that hung: unbound and returned", UNFENCED(VERDICT_REFUSE),
	  .stub = "vfio-pci", .driver = "pci-stub", .is_fenced = true, .has_pci_stub = true,
	  .answers = { { "pci-stub/unbind", 0, "", false } },
	  .log = "pci-stub/unbind override=(null) drivers_probe", .state = STATE_REFUSED },
	{ "refused after a first bind: the override stays", UNFENCED(VERDICT_REFUSE),
	  .stub = "vfio-pci", .driver = "", .is_fenced = true, .error = -EACCES,
	  .answers = { { "override=(null)", -EACCES, NULL, false } }, .log = "override=(null)",
	  .state = STATE_REFUSED, .findings = FAILED "Permission denied" },
	{ "taken after a first bind: it stays fenced", UNFENCED(VERDICT_TAKE), .stub = "vfio-pci",
	  .driver = "", .is_fenced = true, .log = "", .state = STATE_REFUSED },
	{ "held after a first bind: it stays fenced", UNFENCED(VERDICT_HOLD), .stub = "vfio-pci",
	  .driver = "", .is_fenced = true, .log = "", .state = STATE_REFUSED },
	{ "refused without a first bind", UNFENCED(VERDICT_REFUSE), .stub = "vfio-pci",
	  .driver = "", .log = "", .state = STATE_REFUSED },
#define FIRST                                                                                   \
	.function = bind_first_time, .decision = { .verdict = VERDICT_TAKE, .rule = &to_host }, \
	.driver = ""
	{ "first bind: none is needed", FIRST, .stub = "vfio-pci", .has_pci_stub = true,
	  .log = "" },
	{ "first bind: not for what is refused", .function = bind_first_time,
	  .decision = { .verdict = VERDICT_REFUSE, .rule = &to_host }, .driver = "",
	  .stub = "vfio-pci", .has_pci_stub = true, .awaits_bind = true, .log = "" },
	{ "first bind: to pci-stub, and fenced off", FIRST, .stub = "vfio-pci",
	  .has_pci_stub = true, .awaits_bind = true,
	  .answers = { { "pci-stub/bind", 0, "pci-stub", false },
		       { "pci-stub/unbind", 0, "", false } },
	  .log = "override=pci-stub pci-stub/bind pci-stub/unbind override=none",
	  .state = STATE_UNKNOWN },
	{ "first bind: to its own stub where there is no other", FIRST, .stub = "vfio-pci",
	  .awaits_bind = true,
	  .answers = { { "vfio-pci/bind", 0, "vfio-pci", false },
		       { "vfio-pci/unbind", 0, "", false } },
	  .log = "override=vfio-pci vfio-pci/bind vfio-pci/unbind override=none",
	  .state = STATE_UNKNOWN },
	{ "first bind: refused by the driver", FIRST, .stub = "vfio-pci", .awaits_bind = true,
	  .answers = { { "vfio-pci/bind", -EINVAL, NULL, false } },
	  .log = "override=vfio-pci vfio-pci/bind override=none", .state = STATE_UNKNOWN,
	  .error = -EINVAL },
	{ "first bind: success that is none", FIRST, .stub = "vfio-pci", .has_pci_stub = true,
	  .awaits_bind = true, .log = "override=pci-stub pci-stub/bind override=none",
	  .state = STATE_UNKNOWN, .error = -ENODEV },
	{ "first bind: not claimed, so not bound", FIRST, .stub = "vfio-pci", .has_pci_stub = true,
	  .awaits_bind = true, .answers = { { "override=pci-stub", -EACCES, NULL, false } },
	  .log = "override=pci-stub override=none", .state = STATE_UNKNOWN, .error = -EACCES },
	{ "first bind: no driver for it", FIRST, .stub = "pci-stub", .awaits_bind = true, .log = "",
	  .state = STATE_UNKNOWN, .error = -ENOENT },
};

static void begin(void)
{
	static struct tree made;

	made = tree_make();
	tree = &made;
	tree_write(tree, "log", "");
	tree_directory(tree, "sys/bus/pci/devices/" NAME);
	tree_directory(tree, "sys/bus/pci/drivers/vfio-pci");
	tree_directory(tree, "sys/bus/pci/drivers/pciback");
	tree_directory(tree, "sys/bus/pci/drivers/ahci");
}

static void end(void)
{
	struct tree made = *tree;

	tree_remove(&made);
	tree = NULL;
}

/* The caller frees it. */
static char *read_log(void)
{
	char *log = tree_read(tree, "log");

	for (char *c = log; *c; c++) {
		if (*c == '\n')
			*c = c[1] ? ' ' : '\0';
	}
	return log;
}

/* As it was before anything was written. */
static struct pci_device make_device(void)
{
	struct pci_device device = { .vendor = 0x1b36, .device = 0x0010, .class = 0x010802 };

	assert_int_equal(address_parse(NAME, &device.address), 0);
	return device;
}

/* No patience is lost where nothing hangs, however slow the machine is. */
static int patience_of(const struct row *row)
{
	for (const struct answer *answer = row->answers; answer->to; answer++) {
		if (answer->hangs)
			return 1000;
	}
	return LONG;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct progress progress = { 0 };
	struct decision decision = row->decision;
	struct pci_device device = make_device();
	_cleanup_free_ char *log = NULL;

	begin();
	answers = row->answers;
	decision.device = &device;
	decision.stub = stub_find(row->stub);
	strcpy(decision.driver, decision.stub->driver);
	device.is_fenced = row->is_fenced;
	device.group_awaits_bind = row->awaits_bind;
	if (row->has_pci_stub)
		tree_directory(tree, "sys/bus/pci/drivers/pci-stub");
	if (row->host_driver) {
		strcpy(decision.host_driver, row->host_driver);
		tree_directory(tree, "sys/bus/pci/drivers/nvme");
	}
	set_driver(row->driver);
	row->function(&(struct apply){ .root = &tree->root,
				       .patience_ms = patience_of(row),
				       .deadline_ms = clock_ms() + LONG,
				       .return_by_ms = clock_ms() + LONG,
				       .progress = &progress,
				       .is_before_udev = row->is_before_udev },
		      &decision);
	log = read_log();
	end();
	assert_string_equal(log, row->log);
	assert_findings(&decision.findings, row->findings);
	assert_int_equal(decision.state, row->state);
	if (row->error)
		assert_int_equal(decision.error, row->error);
	findings_free(&decision.findings);
}

/* What the list of the stub driver never runs out of is not asked for without end. */
static void test_endless_list(void **state)
{
	static const struct answer none[] = { { 0 } };
	struct pci_device device = make_device();
	struct decision decision = { .verdict = VERDICT_RETURN,
				     .rule = &to_host,
				     .device = &device,
				     .stub = stub_find("vfio-pci") };
	_cleanup_free_ char *log = NULL;
	size_t count = 0;

	(void)state;
	begin();
	answers = none;
	strcpy(decision.driver, "vfio-pci");
	settle_return(&(struct apply){ .root = &tree->root,
				       .patience_ms = LONG,
				       .return_by_ms = clock_ms() + LONG,
				       .is_before_udev = true },
		      &decision);
	log = read_log();
	end();
	for (const char *at = log; (at = strstr(at, "remove_id")); at++)
		count++;
	assert_int_equal(decision.state, STATE_RETURNED);
	assert_int_equal(count, 16);
}

/* --- a device for which no time is left: the report is due */

#define HANGS(to_)                                        \
	{                                                 \
		{ to_, 0, NULL, true },                   \
		{                                         \
			"remove_id", -ENODEV, NULL, false \
		}                                         \
	}

static const struct due_row {
	const char *name;
	void (*function)(const struct apply *apply, struct decision *decision);
	struct decision decision;
	int time_ms; /* until the report is due; patience would be longer */
	struct answer answers[3];
	const char *log;
	const char *findings;
	const char *stub; /* NULL: vfio-pci */
} due_rows[] = {
	{ "returned: the stub hangs", RETURN, 400, HANGS("vfio-pci/unbind"),
	  "override=(null) vfio-pci/unbind", FAILED "timed out" },
	{ "returned: another driver hangs, to which it is offered", RETURN, 400, HANGS("ahci/bind"),
	  "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe "
	  "vfio-pci/unbind devices/" NAME "/uevent vfio-pci/unbind ahci/bind",
	  FAILED "timed out" },
	{ "refused: the stub hangs that took it", REFUSED, 400, HANGS("vfio-pci/unbind"),
	  "vfio-pci/unbind", TAKEN "\n" FAILED "timed out" },
	{ "failed: the kernel looks for a driver, and that hangs",
	  TAKE(&to_host, STATE_PLANNED, -EBUSY), 400, HANGS("drivers_probe"),
	  "override=(null) vfio-pci/unbind vfio-pci/remove_id drivers_probe", FAILED "timed out" },
	{ "failed: the device cannot be held", TAKE(&to_hold, STATE_PLANNED, -EBUSY), 400,
	  HANGS("override=none"), "override=none",
	  "claim-failed: could not hold the device: timed out" },
	{ "claimed: the override of the stub hangs", TAKE(&to_host, STATE_CLAIMED, -ENOENT), 400,
	  HANGS("override=pciback"), "override=pciback",
	  "claim-failed: could not set driver_override: timed out", "xen-pciback" },
	{ "refused after a first bind, and the override hangs", UNFENCED(VERDICT_REFUSE), 400,
	  HANGS("override=(null)"), "vfio-pci/unbind override=(null)", FAILED "timed out" },
	{ "due: not returned", RETURN, 0, { { 0 } }, "", FAILED "no time left" },
	{ "due: not taken from the stub",
	  REFUSED,
	  0,
	  { { 0 } },
	  "",
	  TAKEN "\n" FAILED "no time left" },
	{ "due: not given back",
	  TAKE(&to_host, STATE_PLANNED, -EBUSY),
	  0,
	  { { 0 } },
	  "",
	  FAILED "no time left" },
	{ "due: not held",
	  TAKE(&to_hold, STATE_PLANNED, -EBUSY),
	  0,
	  { { 0 } },
	  "",
	  "claim-failed: could not hold the device: no time left" },
	{ "due: not unfenced", UNFENCED(VERDICT_REFUSE), 0, { { 0 } }, "", FAILED "no time left" },
};

static void test_due(void **state)
{
	const struct due_row *row = *state;
	struct pci_device device = make_device();
	struct decision decision = row->decision;
	_cleanup_free_ char *log = NULL;
	int64_t begin_ms = clock_ms(), took_ms;

	begin();
	answers = row->answers;
	decision.device = &device;
	decision.stub = stub_find(row->stub ? row->stub : "vfio-pci");
	strcpy(decision.driver, decision.stub->driver);
	device.is_fenced = row->function == settle_first_bind;
	set_driver("vfio-pci");
	row->function(&(struct apply){ .root = &tree->root,
				       .patience_ms = LONG,
				       .deadline_ms = begin_ms,
				       .return_by_ms = begin_ms + row->time_ms },
		      &decision);
	took_ms = clock_ms() - begin_ms;
	log = read_log();
	end();
	assert_string_equal(log, row->log);
	assert_findings(&decision.findings, row->findings);
	assert_in_range(took_ms, row->time_ms, row->time_ms + 3000);
	findings_free(&decision.findings);
}

/* --- a device that udev finds a driver for */

static const struct udev_row {
	const char *name;
	int works_ms;       /* then its queue is gone; 0: it never ends */
	const char *driver; /* that the device has halfway there; NULL for none */
	int64_t time_ms;    /* that the agent has */
	int64_t least_ms, most_ms;
} udev_rows[] = {
	{ "until its queue is gone", 600, NULL, LONG, 600, 3000 },
	{ "until the device has a driver of the host", 2400, "nvme", LONG, 1200, 2300 },
	{ "no longer than the agent has", 0, NULL, 400, 400, 3000 },
};

static void sleep_ms(int time_ms)
{
	const struct timespec time = { .tv_sec = time_ms / 1000,
				       .tv_nsec = time_ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

static pid_t start_udev(const struct udev_row *row)
{
	pid_t udev;

	tree_write(tree, "run/udev/control", "");
	tree_write(tree, "run/udev/queue", "");
	udev = fork();
	if (udev != 0)
		return udev;
	sleep_ms(row->works_ms / 2);
	if (row->driver)
		set_driver(row->driver);
	sleep_ms(row->works_ms / 2);
	if (row->works_ms)
		unlinkat(tree->root.fd, "run/udev/queue", 0);
	_exit(0);
}

static void test_udev(void **state)
{
	static const struct answer none[] = { { 0 } };
	const struct udev_row *row = *state;
	struct pci_device device = make_device();
	struct decision decision = { .verdict = VERDICT_RETURN,
				     .rule = &to_host,
				     .device = &device,
				     .stub = stub_find("vfio-pci") };
	int64_t begin_ms = clock_ms(), took_ms;
	pid_t udev;

	begin();
	answers = none;
	strcpy(decision.driver, "vfio-pci");
	udev = start_udev(row);
	settle_return(&(struct apply){ .root = &tree->root,
				       .patience_ms = 1000,
				       .deadline_ms = begin_ms + row->time_ms,
				       .return_by_ms = begin_ms + LONG },
		      &decision);
	took_ms = clock_ms() - begin_ms;
	assert_int_equal(waitpid(udev, NULL, 0), udev);
	end();
	assert_int_equal(decision.state, STATE_RETURNED);
	assert_in_range(took_ms, row->least_ms, row->most_ms);
}

/* --- several devices that are bound */

#define COUNT 4

static const struct bind_row {
	const char *name;
	const char *stubs[COUNT];
	int64_t time_ms;
	struct answer answers[3];
	int results[COUNT]; /* by the order of STUBS */
	const char *log;    /* NULL: any order */
} bind_rows[] = {
	{ "one after the other",
	  { "vfio-pci", "pci-stub", "vfio-pci" },
	  LONG,
	  { { "pci-stub/bind", -ENODEV, NULL, false } },
	  { 0, -ENODEV, 0 },
	  "vfio-pci/bind pci-stub/bind vfio-pci/bind" },
	{ "the second hangs until no time is left",
	  { "vfio-pci", "pci-stub", "vfio-pci" },
	  1000,
	  { { "pci-stub/bind", 0, NULL, true } },
	  { 0, -ETIMEDOUT, -ETIMEDOUT },
	  "vfio-pci/bind pci-stub/bind" },
	{ "slow ones: claimed first",
	  { "xen-pciback" },
	  LONG,
	  { { 0 } },
	  { 0 },
	  "override=pciback pciback/bind" },
	{ "slow ones: not bound without a claim",
	  { "xen-pciback" },
	  LONG,
	  { { "override=pciback", -EACCES, NULL, false } },
	  { -EACCES },
	  "override=pciback" },
	{ "slow ones behind the others",
	  { "xen-pciback", "vfio-pci" },
	  LONG,
	  { { 0 } },
	  { 0, 0 },
	  "vfio-pci/bind override=pciback pciback/bind" },
	{ "several slow ones, and all hang",
	  { "xen-pciback", "xen-pciback", "vfio-pci" },
	  500,
	  { { "pciback/bind", 0, NULL, true } },
	  { -ETIMEDOUT, -ETIMEDOUT, 0 },
	  NULL },
	{ "no time", { "vfio-pci", "xen-pciback" }, -1, { { 0 } }, { -ETIMEDOUT, -ETIMEDOUT }, "" },
	{ "none", { NULL }, LONG, { { 0 } }, { 0 }, "" },
};

static int result_of(const struct binding *bindings, size_t count, const struct decision *decision)
{
	for (size_t i = 0; i < count; i++) {
		if (bindings[i].decision == decision)
			return bindings[i].result;
	}
	fail_msg("there is no such binding");
	return 0;
}

static void test_bind(void **state)
{
	const struct bind_row *row = *state;
	struct binding *bindings = child_share(COUNT * sizeof(*bindings));
	struct pci_device device = make_device();
	struct decision decisions[COUNT] = { 0 };
	_cleanup_free_ char *log = NULL;
	size_t count = 0;

	begin();
	answers = row->answers;
	for (; count < COUNT && row->stubs[count]; count++) {
		struct decision *decision = &decisions[count];

		decision->device = &device;
		decision->stub = stub_find(row->stubs[count]);
		strcpy(decision->driver, decision->stub->driver);
		bindings[count].decision = decision;
	}
	bind_devices(&(struct apply){ .root = &tree->root,
				      .deadline_ms = clock_ms() + row->time_ms },
		     bindings, count);
	log = read_log();
	end();
	if (row->log)
		assert_string_equal(log, row->log);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(result_of(bindings, count, &decisions[i]), row->results[i]);
	child_unshare(bindings, COUNT * sizeof(*bindings));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "settled", test_row, rows);
	suite_add(&suite, "an endless list of ids", test_endless_list);
	suite_add_rows(&suite, "until the report is due", test_due, due_rows);
	suite_add_rows(&suite, "udev is waited for", test_udev, udev_rows);
	suite_add_rows(&suite, "bound", test_bind, bind_rows);
	return suite_run(&suite, "settle");
}
